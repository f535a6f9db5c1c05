"""Holds files that the tests wrote against the programs they are for.

    python3 check.py FOLDER

FOLDER holds what `MARTLET_INTERCHANGE=FOLDER swift test --filter MartletInterchangeTests` leaves there:
ONNX files with inputs and results, weights for Keras, and event files of TensorBoard. A check whose
program is absent is left out, and says so.
"""

import json
import pathlib
import sys

from judging import FAILED, have, report

def check_onnx(folder):
    if not have("onnx", "onnxruntime", "numpy"):
        return
    import numpy as np
    import onnx
    import onnxruntime

    files = sorted(folder.glob("*.onnx"))
    report("onnx", len(files) >= 6, f"{len(files)} files")
    for path in files:
        model = onnx.load(path)
        onnx.checker.check_model(model, full_check=True)
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        x = np.load(path.with_suffix(".input.npy"))
        wanted = np.load(path.with_suffix(".output.npy"))
        worst = 0.0
        for count in (len(x), 1):
            got = session.run(None, {"input": x[:count]})[0]
            part = wanted[:count]
            worst = max(worst, (np.abs(got - part) / (1e-4 * np.abs(part) + 1e-5)).max())
        opset = model.opset_import[0].version
        report(path.name, worst <= 1, f"operator set {opset}, {worst:.3f} of the tolerance")
        keys = {entry.key: entry.value for entry in model.metadata_props}
        report(path.name, json.loads(keys["class_names"])[0] == "a", "class names")


def check_keras(folder):
    path = folder / "cnn.weights.h5"
    if have("h5py"):
        import h5py

        with h5py.File(path) as file:
            shapes = {}
            file.visititems(lambda name, item: shapes.update({name: getattr(item, "shape", None)}))
            report("h5py", shapes["layers/dense/vars/0"] == (150, 12), f"{len(shapes)} objects")
            name = file["layers/conv2d_1/vars"].attrs["name"].decode()
            report("h5py", name == "conv2d_1", "attributes")
    if not have("keras", "tensorflow", "numpy"):
        return
    import keras
    import numpy as np

    layers = keras.layers
    model = keras.Sequential([
        keras.Input((28, 28, 1)), layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(6, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(),
        layers.Dense(12, activation="relu"), layers.Dense(10)])
    model.load_weights(path)
    root = pathlib.Path(__file__).parent.parent / "MartletFormatsTests/Fixtures/weights"
    expected = np.load(root / "keras_expected.npz")
    got = np.asarray(model(expected["input"].astype("float32")))
    close = np.allclose(got, expected["output"], rtol=1e-5, atol=1e-5)
    report("keras", close, f"largest difference {np.abs(got - expected['output']).max():.2g}")


def check_events(folder):
    if not have("tensorboard"):
        return
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder / "events"), {"histograms": 0, "images": 0, "scalars": 0})
    events.Reload()
    tags = events.Tags()
    scalars = [(event.step, event.value) for event in events.Scalars("epoch_loss")]
    report("tensorboard", scalars == [(1, 0.5), (2, 0.25)], f"numbers {scalars}")
    histogram = events.Histograms("weights")[0].histogram_value
    report("tensorboard", histogram.num == 4 and sum(histogram.bucket) == 4, "a histogram")
    picture = events.Images("samples")[0]
    report("tensorboard", (picture.width, picture.height) == (3, 2), "a picture")
    nodes = [node.op for node in events.Graph().node]
    report("tensorboard", "conv2D" in nodes and tags["graph"], f"a graph of {len(nodes)} nodes")


folder = pathlib.Path(sys.argv[1])
check_onnx(folder)
check_keras(folder)
check_events(folder)
print(f"{len(FAILED)} failed")
sys.exit(1 if FAILED else 0)
