"""Trains the five recipes, and lets other programs use what is converted from them.

    python3 recipes.py MARTLET [RECIPE...]

MARTLET is the command. Each recipe is trained for a few epochs and judged on its 10,000 test pictures;
then the ONNX export must be as accurate in ONNX Runtime, the weights must load strictly in PyTorch,
safetensors and Keras and give the same results, and TensorBoard must return the numbers of the run's
table. Data sets are looked for where the command looks; MARTLET_DATA, and MARTLET_CIFAR for a folder
with the binary batches of CIFAR-10. What is absent is left out, and is said.
"""

import csv
import gzip
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

from judging import FAILED, have, report

EPOCHS = {"mnist-cnn": 1, "mnist-linear": 2, "mnist-keras": 1, "mnist-mlp": 1, "cifar10-lenet5": 120}


def find(pattern, *variables):
    for variable in variables:
        root = os.environ.get(variable)
        if root:
            found = sorted(pathlib.Path(root).rglob(pattern))
            if found:
                return found[0]
    return None


def opened(path):
    return gzip.open(path) if path.suffix == ".gz" else open(path, "rb")


def test_pictures(recipe):
    """The 10,000 test pictures, N, C, H, W as bytes, with their labels; None where they are absent."""
    import numpy as np

    if recipe.startswith("cifar10"):
        path = find("test_batch.bin", "MARTLET_CIFAR", "MARTLET_DATA")
        if path is None:
            return None
        records = np.frombuffer(path.read_bytes(), np.uint8).reshape(-1, 3073)
        return records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0].astype(int)
    images, labels = find("t10k-images*", "MARTLET_DATA"), find("t10k-labels*", "MARTLET_DATA")
    if images is None or labels is None:
        return None
    with opened(images) as file:
        pixels = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    with opened(labels) as file:
        return pixels, np.frombuffer(file.read(), np.uint8, offset=8).astype(int)


def write_png(path, picture):
    """Writes a picture C, H, W of bytes."""
    channels, height, width = picture.shape
    rows = picture.transpose(1, 2, 0).reshape(height, width * channels)
    data = b"".join(b"\0" + row.tobytes() for row in rows)

    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content
                + struct.pack(">I", zlib.crc32(kind + content)))

    head = struct.pack(">IIBBBBB", width, height, 8, 0 if channels == 1 else 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
                     + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))


def choices(scores):
    """What a row of scores stands for: the largest, or the only one cut to a whole number.

    A number outside the classes counts as the nearest class, as in `Assessment`.
    """
    import numpy as np

    if scores.shape[1] == 1:
        return np.clip(np.trunc(scores[:, 0]), 0, 9).astype(int)
    return scores.argmax(axis=1)


def off(found, wanted):
    """The largest difference in units of 1e-4 relative and 1e-4 absolute."""
    import numpy as np

    return float((np.abs(found - wanted) / (1e-4 + 1e-4 * np.abs(wanted))).max())


def torch_network(recipe):
    """The recipe's network as one writes it in PyTorch, from its description."""
    from torch import nn

    class Network(nn.Module):
        def __init__(self, layers, forward):
            super().__init__()
            for name, layer in layers.items():
                setattr(self, name, layer)
            self.body = forward

        def forward(self, x):
            return self.body(self, x)

    pool, relu = nn.functional.max_pool2d, nn.functional.relu
    if recipe == "mnist-cnn":
        layers = {"conv1": nn.Conv2d(1, 10, 5), "conv2": nn.Conv2d(10, 20, 5),
                  "fc1": nn.Linear(320, 50), "fc2": nn.Linear(50, 10)}

        def forward(net, x):
            x = relu(pool(net.conv1(x), 2))
            x = relu(pool(net.conv2(x), 2)).flatten(1)
            return net.fc2(relu(net.fc1(x))).log_softmax(1)
    elif recipe == "mnist-linear":
        layers = {"fc": nn.Linear(784, 1)}

        def forward(net, x):
            return net.fc(x.flatten(1))
    elif recipe == "mnist-keras":
        layers = {"conv1": nn.Conv2d(1, 32, 3), "conv2": nn.Conv2d(32, 64, 3),
                  "fc1": nn.Linear(1600, 64), "fc2": nn.Linear(64, 10)}

        def forward(net, x):
            x = pool(relu(net.conv2(pool(relu(net.conv1(x)), 2))), 2)
            return net.fc2(relu(net.fc1(x.flatten(1))))
    elif recipe == "mnist-mlp":
        layers = {"fc1": nn.Linear(784, 64), "fc2": nn.Linear(64, 64), "fc3": nn.Linear(64, 64),
                  "fc4": nn.Linear(64, 10)}

        def forward(net, x):
            x = x.flatten(1)
            for layer in (net.fc1, net.fc2, net.fc3):
                x = relu(layer(x))
            return net.fc4(x).log_softmax(1)
    else:
        layers = {"conv1": nn.Conv2d(3, 6, 5), "conv2": nn.Conv2d(6, 16, 5),
                  "conv3": nn.Conv2d(16, 120, 5), "fc1": nn.Linear(120, 84),
                  "fc2": nn.Linear(84, 10)}

        def forward(net, x):
            x = pool(net.conv1(x).sigmoid(), 2)
            x = net.conv3(pool(net.conv2(x).sigmoid(), 2)).flatten(1)
            return net.fc2(net.fc1(x).sigmoid())
    return Network(layers, forward).eval()


class Recipe:
    def __init__(self, martlet, name, folder):
        self.martlet, self.name, self.folder = martlet, name, folder
        self.run_folder = folder / f"{name}-1"
        self.data = ["--data-dir", os.environ["MARTLET_CIFAR"]] if (
            name.startswith("cifar10") and os.environ.get("MARTLET_CIFAR")) else []

    def command(self, *arguments):
        run = subprocess.run([self.martlet, *map(str, arguments)], capture_output=True, text=True)
        if run.returncode:
            raise RuntimeError(f"martlet {' '.join(map(str, arguments))}: {run.stderr}")
        return run.stdout

    def path(self, ending):
        return self.folder / f"{self.name}{ending}"

    def prepare(self, pixels):
        """Trains, judges, converts, and asks for the scores of a few pictures."""
        self.command("train", self.name, "--epochs", EPOCHS[self.name], "--quiet", "--out",
                     self.folder, *self.data)
        model = self.run_folder / "model.martlet"
        set_name = "cifar10" if self.name.startswith("cifar10") else "mnist"
        judged = json.loads(self.command(
            "evaluate", model, "--data", set_name, "--json", "--worst", 0, *self.data))
        for ending in (".onnx", ".pth", ".safetensors", ".npz", ".weights.h5"):
            self.command("convert", self.run_folder, self.path(ending), "--quiet")
        few = self.folder / f"{self.name}-pictures"
        few.mkdir()
        for number, picture in enumerate(pixels[:20]):
            write_png(few / f"{number:02}.png", picture)
        lines = self.command(
            "predict", model, few, "--json", "--scores", "--invert", "never").splitlines()
        again = json.loads(self.command(
            "evaluate", self.path(".onnx"), "--data", set_name, "--json", "--worst", 0, "--quiet",
            *self.data))
        report(self.name, again["accuracy"] == judged["accuracy"],
               "martlet evaluate of the ONNX file as of the model")
        return judged, [json.loads(line)["scores"] for line in lines]

    def check(self):
        import numpy as np

        loaded = test_pictures(self.name)
        if loaded is None:
            print(f"skipped: {self.name}: no test pictures; MARTLET_DATA names their folder")
            return
        pixels, labels = loaded
        judged, scores = self.prepare(pixels)
        scores = np.array(scores, np.float32)
        right = round(judged["accuracy"] * judged["count"])
        report(self.name, judged["count"] == len(labels) == 10000,
               f"martlet evaluate: {right} of {judged['count']}")
        wanted = self.check_onnx(pixels, labels, right, scores)
        floats = pixels.astype(np.float32) / 255
        if self.name == "mnist-linear":
            floats = floats * 2 - 1
        self.check_torch(floats, wanted, scores)
        self.check_keras(floats, wanted, scores)
        self.check_events()

    def check_onnx(self, pixels, labels, right, scores):
        if not have("onnx", "onnxruntime"):
            return None
        import numpy as np
        import onnx
        import onnxruntime

        onnx.checker.check_model(onnx.load(self.path(".onnx")), full_check=True)
        session = onnxruntime.InferenceSession(
            str(self.path(".onnx")), providers=["CPUExecutionProvider"])
        results = np.concatenate([
            session.run(None, {"input": pixels[start:start + 500].astype(np.float32)})[0]
            for start in range(0, len(pixels), 500)])
        found = int((choices(results) == labels).sum())
        report(self.name, found == right, f"ONNX Runtime: {found} of {len(labels)}")
        worst = off(results[:len(scores)], scores)
        report(self.name, worst <= 1, f"ONNX Runtime: logits {worst:.4f} of the tolerance")
        return results

    def check_torch(self, floats, wanted, scores):
        if not have("torch", "safetensors"):
            return
        import numpy as np
        import safetensors.torch
        import torch

        state = torch.load(self.path(".pth"), weights_only=True)
        files = {".pth": state, ".safetensors": safetensors.torch.load_file(
            self.path(".safetensors"))}
        arrays = np.load(self.path(".npz"), allow_pickle=False)
        files[".npz"] = {name: torch.from_numpy(arrays[name]) for name in arrays.files}
        for ending, weights in files.items():
            network = torch_network(self.name)
            network.load_state_dict(weights, strict=True)
            with torch.no_grad():
                results = network(torch.from_numpy(floats)).numpy()
            worst = off(results[:len(scores)], scores)
            if wanted is not None:
                worst = max(worst, off(results, wanted))
            report(self.name, worst <= 1, f"PyTorch {ending}: logits {worst:.4f} of the tolerance")

    def check_keras(self, floats, wanted, scores):
        if self.name not in ("mnist-keras", "cifar10-lenet5") or not have("keras", "tensorflow"):
            return
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        import keras
        import numpy as np

        layers = keras.layers
        if self.name == "mnist-keras":
            model = keras.Sequential([
                keras.Input((28, 28, 1)), layers.Conv2D(32, 3, activation="relu"),
                layers.MaxPooling2D(2), layers.Conv2D(64, 3, activation="relu"),
                layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(64, activation="relu"),
                layers.Dense(10)])
        else:
            model = keras.Sequential([
                keras.Input((32, 32, 3)), layers.Conv2D(6, 5, activation="sigmoid"),
                layers.MaxPooling2D(2), layers.Conv2D(16, 5, activation="sigmoid"),
                layers.MaxPooling2D(2), layers.Conv2D(120, 5), layers.Flatten(),
                layers.Dense(84, activation="sigmoid"), layers.Dense(10)])
        model.load_weights(self.path(".weights.h5"))
        some = np.ascontiguousarray(floats[:1000].transpose(0, 2, 3, 1))
        results = model.predict(some, verbose=0)
        worst = off(results[:len(scores)], scores)
        if wanted is not None:
            worst = max(worst, off(results, wanted[:1000]))
        report(self.name, worst <= 1, f"Keras: logits {worst:.4f} of the tolerance")

    def check_events(self):
        if not have("tensorboard"):
            return
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

        with open(self.run_folder / "metrics.csv") as file:
            rows = list(csv.DictReader(file))
        count = 0
        for part, prefix in (("train", ""), ("validation", "val_")):
            events = EventAccumulator(
                str(self.run_folder / "tensorboard" / part), {"scalars": 0, "histograms": 0})
            events.Reload()
            names = ["loss", "accuracy"] + (["learning_rate"] if part == "train" else [])
            for name in names:
                found = [(event.step, event.value) for event in events.Scalars(f"epoch_{name}")]
                close = len(found) == len(rows) and all(
                    step == int(row["epoch"])
                    and abs(value - float(row[prefix + name])) <= 1e-6 * abs(value)
                    for (step, value), row in zip(found, rows))
                count += len(found)
                if not close:
                    report(self.name, False, f"TensorBoard {part}: {name}: {found}")
            if part == "train":
                tags = events.Tags()
                report(self.name, bool(tags["graph"] and tags["images"] and tags["histograms"]),
                       f"TensorBoard: a graph, {len(tags['images'])} pictures, "
                       f"{len(tags['histograms'])} histograms")
        report(self.name, count > 0, f"TensorBoard: {count} numbers as in metrics.csv")


martlet = sys.argv[1]
if have("numpy"):
    with tempfile.TemporaryDirectory() as place:
        for name in sys.argv[2:] or EPOCHS:
            try:
                Recipe(martlet, name, pathlib.Path(place)).check()
            except RuntimeError as error:
                report(name, False, str(error))
print(f"{len(FAILED)} failed")
sys.exit(1 if FAILED else 0)
