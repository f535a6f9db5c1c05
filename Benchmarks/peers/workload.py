"""The workloads as the Swift side writes them, and one way to walk through their layers.

A workload is a folder with `workload.json` (the network, its loss, its optimizer) and `tensors`:
8 bytes "MTLBENCH", then little-endian 32-bit integers: the number of tensors, and for each the
length of its name, the name, 0 for float32, 1 for int32 or 2 for uint8, the rank, the sizes, and
the numbers. Pictures are uint8 [N, C, H, W]; weights have PyTorch's names and shapes.
"""
import json
import os
import struct

import numpy

KINDS = ["<f4", "<i4", "u1"]


def read_tensors(path):
    """The named tensors of a file as NumPy arrays."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:8] != b"MTLBENCH":
        raise SystemExit(f"{path} is not a file of tensors")
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
        dtype = numpy.dtype(KINDS[kind])
        count = int(numpy.prod(shape))
        tensors[name] = numpy.frombuffer(data, dtype, count, place).reshape(shape).copy()
        place += count * dtype.itemsize
    return tensors


class Workload:
    """A network with its first values and its examples."""

    def __init__(self, folder):
        with open(os.path.join(folder, "workload.json")) as file:
            self.settings = json.load(file)
        tensors = read_tensors(os.path.join(folder, "tensors"))
        self.images = tensors.pop("images")
        self.labels = tensors.pop("labels")
        self.order = tensors.pop("order")
        self.weights = tensors
        self.name = self.settings["name"]
        self.batch = self.settings["batch"]
        self.layers = self.settings["layers"]
        self.loss = self.settings["loss"]
        self.optimizer = self.settings["optimizer"]

    def batches(self):
        """Batches in the shuffled order, again and again; incomplete ones are left out."""
        while True:
            for start in range(0, len(self.order) - self.batch + 1, self.batch):
                chosen = self.order[start : start + self.batch]
                yield self.images[chosen], self.labels[chosen]

    def without_dropout(self):
        """The layers with everything random left out, under their own numbers."""
        return [{"op": "identity"} if "dropout" in layer["op"].lower() else layer for layer in self.layers]

    def channels_last(self):
        """Weights for channels-last pictures: kernels are H, W, in, out, matrices in, out."""
        result = dict(self.weights)
        shape = self.images.shape[1:]
        _turn(self.layers, "layers", shape, result)
        return result


def _size(size, layer):
    return (size + 2 * layer["padding"] - layer["kernel"]) // layer["stride"] + 1


def _turn(layers, path, shape, weights):
    """Turns the weights of `layers` round; returns the shape behind them."""
    flattened = None
    for number, layer in enumerate(layers):
        name, op = f"{path}.{number}", layer["op"]
        if op == "conv":
            weights[name + ".weight"] = weights[name + ".weight"].transpose(2, 3, 1, 0).copy()
            shape = (layer["filters"], _size(shape[1], layer), _size(shape[2], layer))
        elif op == "maxPool":
            shape = (shape[0], shape[1] // layer["size"], shape[2] // layer["size"])
        elif op == "globalAverage":
            shape = (shape[0],)
        elif op == "flatten":
            flattened, shape = shape, (int(numpy.prod(shape)),)
        elif op == "dense":
            weight = weights[name + ".weight"]
            if flattened:
                weight = weight.reshape(-1, *flattened).transpose(0, 2, 3, 1)
                weight = weight.reshape(layer["units"], -1)
                flattened = None
            weights[name + ".weight"] = weight.T.copy()
            shape = (layer["units"],)
        elif op == "residual":
            _turn(layer["shortcut"], name + ".shortcut.layers", shape, weights)
            shape = _turn(layer["main"], name + ".main.layers", shape, weights)
    return shape


def forward(ops, layers, x, path="layers"):
    """Runs the layers with a framework's functions.

    `ops` has `weight(name)` and a function for each layer: `conv(x, weight, bias, stride, padding)`,
    `dense(x, weight, bias)`, `relu`, `sigmoid`, `max_pool(x, size)`, `flatten`, `global_average`,
    `batch_norm(x, path)`, `dropout(x, rate)`, `channel_dropout(x, rate)`.
    """
    for number, layer in enumerate(layers):
        name, op = f"{path}.{number}", layer["op"]
        if op == "conv":
            bias = ops.weight(name + ".bias") if layer["bias"] else None
            x = ops.conv(
                x, ops.weight(name + ".weight"), bias, layer["stride"], layer["padding"])
        elif op == "dense":
            x = ops.dense(x, ops.weight(name + ".weight"), ops.weight(name + ".bias"))
        elif op == "maxPool":
            x = ops.max_pool(x, layer["size"])
        elif op == "batchNorm":
            x = ops.batch_norm(x, name)
        elif op == "dropout":
            x = ops.dropout(x, layer["rate"])
        elif op == "channelDropout":
            x = ops.channel_dropout(x, layer["rate"])
        elif op == "residual":
            short = x
            if layer["shortcut"]:
                short = forward(ops, layer["shortcut"], x, name + ".shortcut.layers")
            x = ops.relu(ops.add(forward(ops, layer["main"], x, name + ".main.layers"), short))
        elif op != "identity":
            x = {
                "relu": ops.relu, "sigmoid": ops.sigmoid, "flatten": ops.flatten,
                "globalAverage": ops.global_average,
            }[op](x)
    return x
