"""ONNX Runtime, for prediction only."""
import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import workload as walk

NAME, VERSION = "ONNX Runtime", onnxruntime.__version__
thread_count = 2


def prepare(threads, variant):
    global thread_count
    thread_count = threads


class Ops:
    """Appends nodes; a value is its name."""

    def __init__(self, weights):
        self.weights, self.nodes, self.used = weights, [], {}

    def weight(self, name):
        self.used[name] = numpy_helper.from_array(self.weights[name], name)
        return name

    def node(self, op, *inputs, **attributes):
        name = f"{op}{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(inputs), [name], **attributes))
        return name

    def conv(self, x, weight, bias, stride, padding):
        size = self.weights[weight].shape[2]
        return self.node(
            "Conv", x, weight, *([bias] if bias else []), strides=[stride] * 2,
            pads=[padding] * 4, kernel_shape=[size] * 2)

    def dense(self, x, weight, bias):
        return self.node("Gemm", x, weight, bias, transB=1)

    def relu(self, x):
        return self.node("Relu", x)

    def sigmoid(self, x):
        return self.node("Sigmoid", x)

    def add(self, a, b):
        return self.node("Add", a, b)

    def max_pool(self, x, size):
        return self.node("MaxPool", x, kernel_shape=[size] * 2, strides=[size] * 2)

    def flatten(self, x):
        return self.node("Flatten", x)

    def global_average(self, x):
        return self.node("Flatten", self.node("GlobalAveragePool", x))

    def batch_norm(self, x, path):
        names = ("weight", "bias", "running_mean", "running_var")
        return self.node(
            "BatchNormalization", x, *(self.weight(f"{path}.{name}") for name in names),
            epsilon=1e-5)

    def dropout(self, x, rate):
        return x

    channel_dropout = dropout


class Trainer:
    def __init__(self, workload, layers):
        raise NotImplementedError("train")


class Predictor:
    def __init__(self, workload, batch):
        ops = Ops(workload.weights)
        ops.used["scale"] = numpy_helper.from_array(numpy.float32(1 / 255), "scale")
        x = ops.node("Mul", ops.node("Cast", "x", to=TensorProto.FLOAT), "scale")
        y = walk.forward(ops, workload.layers, x)
        shape = [batch, *workload.images.shape[1:]]
        graph = helper.make_graph(
            ops.nodes, "net", [helper.make_tensor_value_info("x", TensorProto.UINT8, shape)],
            [helper.make_tensor_value_info(y, TensorProto.FLOAT, None)], list(ops.used.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
        model.ir_version = 8
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = thread_count
        self.session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"])

    def __call__(self, images):
        return self.session.run(None, {"x": images})[0]
