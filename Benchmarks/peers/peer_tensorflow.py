"""TensorFlow: the step as one tf.function with Keras' optimizer; `tensorflow-xla` is a variant."""
import os

import workload as walk

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import tensorflow as tf

NAME, VERSION = "TensorFlow", tf.__version__
uses_xla = None


def prepare(threads, variant):
    global uses_xla
    uses_xla = True if variant == "xla" else None
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)


class Ops:
    def __init__(self, weights, training=False):
        self.weights, self.training = weights, training

    def weight(self, name):
        return self.weights[name]

    def conv(self, x, weight, bias, stride, padding):
        pads = [[0, 0], [padding] * 2, [padding] * 2, [0, 0]]
        y = tf.nn.conv2d(x, weight, stride, pads if padding else "VALID")
        return y if bias is None else tf.nn.bias_add(y, bias)

    def dense(self, x, weight, bias):
        return tf.nn.bias_add(x @ weight, bias)

    def relu(self, x):
        return tf.nn.relu(x)

    def sigmoid(self, x):
        return tf.sigmoid(x)

    def add(self, a, b):
        return a + b

    def max_pool(self, x, size):
        return tf.nn.max_pool2d(x, size, size, "VALID")

    def flatten(self, x):
        return tf.reshape(x, [x.shape[0], -1])

    def global_average(self, x):
        return tf.reduce_mean(x, [1, 2])

    def batch_norm(self, x, path):
        mean, variance = (self.weights[f"{path}.running_{what}"] for what in ("mean", "var"))
        scale, shift = self.weights[path + ".weight"], self.weights[path + ".bias"]
        y, new_mean, new_variance = tf.compat.v1.nn.fused_batch_norm(
            x, scale, shift, None if self.training else mean,
            None if self.training else variance, 1e-5, is_training=self.training)
        if self.training:
            mean.assign(0.9 * mean + 0.1 * new_mean)
            variance.assign(0.9 * variance + 0.1 * new_variance)
        return y

    def dropout(self, x, rate):
        return tf.nn.dropout(x, rate) if self.training else x

    def channel_dropout(self, x, rate):
        return tf.nn.dropout(x, rate, [x.shape[0], 1, 1, x.shape[3]]) if self.training else x


def scaled(images):
    """Floats 0 … 1, channels last."""
    return tf.cast(tf.transpose(images, [0, 2, 3, 1]), tf.float32) / 255


class Trainer:
    def __init__(self, workload, layers):
        variables = {k: tf.Variable(v) for k, v in workload.channels_last().items()}
        learned = [v for k, v in variables.items() if "running_" not in k]
        settings, is_square = workload.optimizer, workload.loss == "squared"
        if settings["kind"] == "adam":
            optimizer = tf.keras.optimizers.Adam(settings["rate"], epsilon=settings["epsilon"])
        else:
            optimizer = tf.keras.optimizers.SGD(
                settings["rate"], float(settings["momentum"]))
        optimizer.build(learned)

        def step(x, y):
            with tf.GradientTape() as tape:
                logits = walk.forward(Ops(variables, training=True), layers, scaled(x))
                if is_square:
                    loss = tf.reduce_mean((logits[:, 0] - tf.cast(y, tf.float32)) ** 2)
                else:
                    loss = tf.reduce_mean(
                        tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits))
            optimizer.apply_gradients(zip(tape.gradient(loss, learned), learned))
            return loss

        shape = (workload.batch,) + workload.images.shape[1:]
        self.step = tf.function(step, jit_compile=uses_xla, input_signature=[
            tf.TensorSpec(shape, tf.uint8), tf.TensorSpec(workload.batch, tf.int32)])

    def wait(self):
        pass


class Predictor:
    def __init__(self, workload, batch):
        weights = {k: tf.constant(v) for k, v in workload.channels_last().items()}
        shape = (batch,) + workload.images.shape[1:]
        self.run = tf.function(
            lambda images: walk.forward(Ops(weights), workload.layers, scaled(images)),
            jit_compile=uses_xla, input_signature=[tf.TensorSpec(shape, tf.uint8)])

    def __call__(self, images):
        return self.run(images).numpy()
