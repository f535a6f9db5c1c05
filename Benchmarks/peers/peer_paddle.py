"""PaddlePaddle in its eager mode."""
import paddle
import paddle.nn.functional as F

import workload as walk

NAME, VERSION = "PaddlePaddle", paddle.__version__


def prepare(threads, variant):
    paddle.device.set_device("cpu")


class Ops:
    def __init__(self, weights, training=False):
        self.weights, self.training = weights, training

    def weight(self, name):
        return self.weights[name]

    def conv(self, x, weight, bias, stride, padding):
        return F.conv2d(x, weight, bias, stride, padding)

    def dense(self, x, weight, bias):
        return F.linear(x, weight, bias)

    def relu(self, x):
        return F.relu(x)

    def sigmoid(self, x):
        return F.sigmoid(x)

    def add(self, a, b):
        return a + b

    def max_pool(self, x, size):
        return F.max_pool2d(x, size)

    def flatten(self, x):
        return paddle.flatten(x, 1)

    def global_average(self, x):
        return x.mean([2, 3])

    def batch_norm(self, x, path):
        names = ("running_mean", "running_var", "weight", "bias")
        return F.batch_norm(
            x, *(self.weights[f"{path}.{name}"] for name in names), training=self.training,
            momentum=0.9)

    def dropout(self, x, rate):
        return F.dropout(x, rate, training=self.training)

    def channel_dropout(self, x, rate):
        return F.dropout2d(x, rate, training=self.training)


def parameters(workload):
    """Its matrices are inputs × outputs."""
    result = {}
    for name, value in workload.weights.items():
        turned = value.T.copy() if value.ndim == 2 else value
        result[name] = paddle.to_tensor(turned, stop_gradient="running_" in name)
    return result


class Trainer:
    def __init__(self, workload, layers):
        self.layers, self.is_square = layers, workload.loss == "squared"
        self.weights = {
            name: value if value.stop_gradient else paddle.create_parameter(
                value.shape, "float32", default_initializer=paddle.nn.initializer.Assign(value))
            for name, value in parameters(workload).items()}
        learned = [value for value in self.weights.values() if not value.stop_gradient]
        settings = workload.optimizer
        if settings["kind"] == "adam":
            self.optimizer = paddle.optimizer.Adam(
                settings["rate"], epsilon=settings["epsilon"], parameters=learned)
        elif settings["momentum"]:
            self.optimizer = paddle.optimizer.Momentum(
                settings["rate"], settings["momentum"], parameters=learned)
        else:
            self.optimizer = paddle.optimizer.SGD(settings["rate"], parameters=learned)

    def step(self, images, labels):
        x = paddle.to_tensor(images).astype("float32") / 255
        y = paddle.to_tensor(labels)
        logits = walk.forward(Ops(self.weights, training=True), self.layers, x)
        if self.is_square:
            loss = F.mse_loss(logits, y.astype("float32").unsqueeze(1))
        else:
            loss = F.cross_entropy(logits, y.astype("int64"))
        loss.backward()
        self.optimizer.step()
        self.optimizer.clear_grad()
        return loss.item()

    def wait(self):
        pass


class Predictor:
    def __init__(self, workload, batch):
        self.layers, self.ops = workload.layers, Ops(parameters(workload))

    def __call__(self, images):
        with paddle.no_grad():
            x = paddle.to_tensor(images).astype("float32") / 255
            return walk.forward(self.ops, self.layers, x).numpy()
