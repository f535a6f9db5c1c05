# The commands of a working day. `make help` lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help

SWIFT ?= swift
CONFIGURATION ?= release
# A test name, or part of one: make test FILTER=DigitsTests
FILTER ?=
# Where build products go; empty means .build.
SCRATCH ?=
# Arguments for the command that `make demo` and `make bench` run.
ARGUMENTS ?=

# One set of flags for every command, so that nothing is compiled twice. Packages that Martlet
# depends on are compiled with their warnings suppressed, so this concerns our own code only.
FLAGS := -c $(CONFIGURATION) -Xswiftc -warnings-as-errors $(if $(SCRATCH),--scratch-path $(SCRATCH))
PRODUCTS := $(if $(SCRATCH),$(SCRATCH),.build)/$(CONFIGURATION)
FORMATTED := Package.swift $(wildcard Sources Tests Benchmarks Examples)

.PHONY: help deps build demo test fixtures interchange bench docs format lint headers3 clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## Install the system libraries that are missing
	@Scripts/deps

build: deps ## Build the command in release form
	$(SWIFT) build $(FLAGS) --product martlet

demo: build ## Train a small network on handwritten digits and write a report
	$(PRODUCTS)/martlet demo $(ARGUMENTS)

test: deps ## Run the tests, optimised (FILTER=Name runs some of them)
	$(SWIFT) test $(FLAGS) --parallel $(if $(FILTER),--filter '$(FILTER)')

fixtures: deps ## Compare with the numbers of PyTorch, Keras and PaddlePaddle
	$(SWIFT) test $(FLAGS) --parallel --filter ParityTests

interchange: deps ## Let ONNX Runtime, Keras and TensorBoard read what is written for them
	Tests/Interchange/run $(FLAGS)

bench: deps ## Time training and prediction beside other frameworks (Scripts/peers installs them)
	$(SWIFT) build $(FLAGS) --product martlet-bench
	@mkdir -p runs
	$(PRODUCTS)/martlet-bench --markdown runs/bench.md --json runs/bench.json $(ARGUMENTS)

docs: build ## Write the library's documentation to .build/docs and check the code in it
	Scripts/docs $(PRODUCTS)

format: ## Format every Swift file in place
	$(SWIFT) format -i --configuration .swift-format --recursive --parallel $(FORMATTED)

lint: ## Check formatting, imports, file lengths and C warnings
	$(SWIFT) format lint --strict --configuration .swift-format --recursive --parallel $(FORMATTED)
	Scripts/check-imports
	Scripts/check-lengths
	Scripts/check-c

headers3: ## Compile the oneDNN shim against the headers of oneDNN 3
	Scripts/check-onednn3-headers

clean: ## Remove everything that was built
	rm -rf $(if $(SCRATCH),$(SCRATCH),.build)
