#!/usr/bin/env python3
"""The network of the Keras MNIST tutorial in PyTorch, as the peer that Martlet is timed beside.

conv 32 k3 relu, pool 2, conv 64 k3 relu, pool 2, flatten (1600), dense 64 relu, dense 10; mean
cross-entropy on logits; Adam with learning rate 0.001 and epsilon 1e-7; the batch of the file.

usage: pytorch_mnist_keras.py FILE [--threads 2] [--steps 50] [--losses OUT] [--fused]
       pytorch_mnist_keras.py FILE --serve

FILE holds the initial weights and the batches (see `TensorFile.swift` beside the Swift side):
8 bytes "MTLBENCH", then little-endian 32-bit integers: the number of tensors, and for each the
length of its name, the name, 0 for float32 or 1 for int32, the rank, the sizes, and the numbers.

With --serve it prints "ready VERSION" and obeys lines on standard input: "losses N" prints the
losses of N steps from the initial weights, "time N" prints the milliseconds of N further steps.
"""
import argparse
import struct
import sys
import time

import numpy
import torch
from torch import nn


def read_tensors(path):
    """The named tensors of FILE as NumPy arrays."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:8] != b"MTLBENCH":
        sys.exit(f"{path} is not a file of weights and batches")
    place = 8

    def integers(count):
        nonlocal place
        values = struct.unpack_from(f"<{count}i", data, place)
        place += 4 * count
        return values

    tensors = {}
    for _ in range(integers(1)[0]):
        length = integers(1)[0]
        name = data[place : place + length].decode()
        place += length
        kind, rank = integers(2)
        shape = integers(rank)
        dtype = numpy.dtype("<f4" if kind == 0 else "<i4")
        count = int(numpy.prod(shape))
        tensors[name] = numpy.frombuffer(data, dtype, count, place).reshape(shape).copy()
        place += 4 * count
    return tensors


class Run:
    """A network with its optimizer, fed with the file's batches one after the other."""

    def __init__(self, tensors, fused):
        self.images = torch.from_numpy(tensors["images"])
        self.labels = torch.from_numpy(tensors["labels"].astype("int64"))
        self.net = nn.Sequential()
        self.net.add_module("conv1", nn.Conv2d(1, 32, 3))
        self.net.add_module("relu1", nn.ReLU())
        self.net.add_module("pool1", nn.MaxPool2d(2))
        self.net.add_module("conv2", nn.Conv2d(32, 64, 3))
        self.net.add_module("relu2", nn.ReLU())
        self.net.add_module("pool2", nn.MaxPool2d(2))
        self.net.add_module("flatten", nn.Flatten())
        self.net.add_module("fc1", nn.Linear(1600, 64))
        self.net.add_module("relu3", nn.ReLU())
        self.net.add_module("fc2", nn.Linear(64, 10))
        weights = {
            name: torch.from_numpy(value)
            for name, value in tensors.items()
            if name not in ("images", "labels")
        }
        self.net.load_state_dict(weights, strict=True)
        options = {"fused": True} if fused else {}
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=0.001, eps=1e-7, **options)
        self.next = 0

    def step(self):
        """One training step on the next batch; its loss."""
        index = self.next % len(self.images)
        self.next += 1
        self.optimizer.zero_grad()
        logits = self.net(self.images[index])
        loss = nn.functional.cross_entropy(logits, self.labels[index])
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def times(self, count):
        """Milliseconds of each of `count` steps."""
        result = []
        for _ in range(count):
            start = time.perf_counter()
            self.step()
            result.append((time.perf_counter() - start) * 1000)
        return result


def serve(tensors, fused):
    """Obeys commands until standard input ends."""
    print("ready", torch.__version__, flush=True)
    timed = Run(tensors, fused)
    for line in sys.stdin:
        command, count = line.split()
        if command == "losses":
            run = Run(tensors, fused)
            print(*(repr(run.step()) for _ in range(int(count))), flush=True)
        elif command == "time":
            print(*(f"{value:.6f}" for value in timed.times(int(count))), flush=True)
        else:
            sys.exit(f"unknown command {command}")


def main():
    parser = argparse.ArgumentParser(description="PyTorch's side of the mnist-keras benchmark")
    parser.add_argument("file", help="initial weights and batches")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--losses", help="where the loss of each step is written, one per line")
    parser.add_argument("--fused", action="store_true", help="PyTorch's fused Adam")
    parser.add_argument("--serve", action="store_true", help="obey lines on standard input")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    tensors = read_tensors(options.file)
    if options.serve:
        serve(tensors, options.fused)
        return
    run = Run(tensors, options.fused)
    losses = [run.step() for _ in range(options.steps)]
    if options.losses:
        with open(options.losses, "w") as file:
            file.writelines(f"{loss!r}\n" for loss in losses)
    times = sorted(run.times(options.steps))
    print(f"PyTorch {torch.__version__}: median {times[len(times) // 2]:.3f} ms a step")


if __name__ == "__main__":
    main()
