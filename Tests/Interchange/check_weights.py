"""Reads files that Martlet wrote with PyTorch, safetensors and NumPy, and compares the numbers.

usage: python check_weights.py FOLDER

FOLDER holds net.pth, net.safetensors, stored.npz, deflated.npz and expected.json, a list of
tensors with name, type, shape and values. Exits with 77 when a program is absent that is needed.
"""

import json
import pathlib
import sys

try:
    import numpy
    import safetensors
    import safetensors.numpy
    import torch
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)


def check(program, name, array, expected):
    """Fails unless the array has exactly the type, shape and numbers that are expected."""
    values = numpy.array(expected["values"], dtype=numpy.float64).astype(expected["type"])
    if str(array.dtype) != expected["type"] or list(array.shape) != expected["shape"]:
        sys.exit(f"{program}: {name}: {array.dtype} {array.shape}, expected {expected}")
    if not numpy.array_equal(array.reshape(-1), values):
        sys.exit(f"{program}: {name}: other numbers")


folder = pathlib.Path(sys.argv[1])
expected = json.loads((folder / "expected.json").read_text())
names = [entry["name"] for entry in expected]

state = torch.load(folder / "net.pth", weights_only=True)
if list(state) != names:
    sys.exit(f"torch: names {list(state)}")
mapped = torch.load(folder / "net.pth", weights_only=True, mmap=True)
read = {
    "torch": {name: tensor.numpy() for name, tensor in state.items()},
    "torch, mapped": {name: tensor.numpy() for name, tensor in mapped.items()},
    "safetensors": safetensors.numpy.load_file(folder / "net.safetensors"),
    "numpy, stored": dict(numpy.load(folder / "stored.npz", allow_pickle=False)),
    "numpy, deflated": dict(numpy.load(folder / "deflated.npz", allow_pickle=False)),
}
for program, arrays in read.items():
    if sorted(arrays) != sorted(names):
        sys.exit(f"{program}: names {sorted(arrays)}")
    for entry in expected:
        check(program, entry["name"], arrays[entry["name"]], entry)
with safetensors.safe_open(folder / "net.safetensors", framework="numpy") as file:
    if file.metadata() != {"program": "Martlet", "note": 'a "b"\n\u00e9'}:
        sys.exit(f"safetensors: metadata {file.metadata()}")
print(f"{len(names)} tensors read alike by {', '.join(read)}")
