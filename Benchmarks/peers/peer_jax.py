"""JAX: the whole step compiled by XLA, pictures channels-last, values handed over in place."""
import os

import workload as walk

NAME = "JAX"


def prepare(threads, variant):
    global jax, jnp, VERSION
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    if threads == 1:
        os.environ["XLA_FLAGS"] = (
            os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false")
    import jax
    import jax.numpy as jnp
    VERSION = jax.__version__


VERSION = ""


class Ops:
    def __init__(self, weights, key=None, training=False):
        self.weights, self.key, self.training, self.changed = weights, key, training, {}

    def weight(self, name):
        return self.weights[name]

    def conv(self, x, weight, bias, stride, padding):
        y = jax.lax.conv_general_dilated(
            x, weight, (stride, stride), [(padding, padding)] * 2,
            dimension_numbers=("NHWC", "HWIO", "NHWC"))
        return y if bias is None else y + bias

    def dense(self, x, weight, bias):
        return x @ weight + bias

    def relu(self, x):
        return jax.nn.relu(x)

    def sigmoid(self, x):
        return jax.nn.sigmoid(x)

    def add(self, a, b):
        return a + b

    def max_pool(self, x, size):
        window = (1, size, size, 1)
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, window, window, "VALID")

    def flatten(self, x):
        return x.reshape(x.shape[0], -1)

    def global_average(self, x):
        return x.mean((1, 2))

    def batch_norm(self, x, path):
        mean, variance = (self.weights[f"{path}.running_{what}"] for what in ("mean", "var"))
        if self.training:
            count = x.size // x.shape[-1]
            old = mean, variance
            mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
            new = mean, variance * count / (count - 1)
            for what, a, b in zip(("mean", "var"), old, new):
                self.changed[f"{path}.running_{what}"] = 0.9 * a + 0.1 * b
        scale = self.weights[path + ".weight"] * jax.lax.rsqrt(variance + 1e-5)
        return (x - mean) * scale + self.weights[path + ".bias"]

    def _drop(self, x, rate, shape):
        if not self.training:
            return x
        self.key, key = jax.random.split(self.key)
        return jnp.where(jax.random.bernoulli(key, 1 - rate, shape), x / (1 - rate), 0)

    def dropout(self, x, rate):
        return self._drop(x, rate, x.shape)

    def channel_dropout(self, x, rate):
        return self._drop(x, rate, (x.shape[0], 1, 1, x.shape[3]))


def scaled(images):
    """Floats 0 … 1, channels last."""
    return jnp.transpose(images, (0, 2, 3, 1)).astype(jnp.float32) / 255


def is_running(name):
    return "running_" in name


class Trainer:
    def __init__(self, workload, layers):
        weights = {k: jnp.array(v) for k, v in workload.channels_last().items()}
        values = {k: v for k, v in weights.items() if not is_running(k)}
        running = {k: v for k, v in weights.items() if is_running(k)}
        settings, is_square = workload.optimizer, workload.loss == "squared"

        def loss_of(values, running, key, x, y):
            ops = Ops({**values, **running}, key, training=True)
            logits = walk.forward(ops, layers, scaled(x))
            if is_square:
                loss = jnp.mean((logits[:, 0] - y) ** 2)
            else:
                logs = jax.nn.log_softmax(logits)
                loss = -jnp.take_along_axis(logs, y[:, None], 1).mean()
            return loss, {**running, **ops.changed}

        def step(state, x, y):
            values, running, slots, count, key = state
            key, drop = jax.random.split(key)
            (loss, running), gradients = jax.value_and_grad(loss_of, has_aux=True)(
                values, running, drop, x, y)
            count = count + 1
            rate = settings["rate"]
            if settings["kind"] == "adam":
                mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, slots[0], gradients)
                square = jax.tree.map(
                    lambda s, g: 0.999 * s + 0.001 * g * g, slots[1], gradients)
                first, second = 1 - 0.9**count, jnp.sqrt(1 - 0.999**count)
                values = jax.tree.map(
                    lambda w, m, s: w - rate / first * m
                    / (jnp.sqrt(s) / second + settings["epsilon"]), values, mean, square)
                slots = (mean, square)
            elif settings["momentum"]:
                speed = jax.tree.map(
                    lambda v, g: settings["momentum"] * v + g, slots[0], gradients)
                values = jax.tree.map(lambda w, v: w - rate * v, values, speed)
                slots = (speed,)
            else:
                values = jax.tree.map(lambda w, g: w - rate * g, values, gradients)
            return (values, running, slots, count, key), loss

        slots = 2 if settings["kind"] == "adam" else 1 if settings["momentum"] else 0
        self.state = (
            values, running,
            tuple(jax.tree.map(jnp.zeros_like, values) for _ in range(slots)),
            jnp.float32(0), jax.random.key(0))
        self.run = jax.jit(step, donate_argnums=0)

    def step(self, images, labels):
        self.state, loss = self.run(self.state, images, labels)
        return loss

    def wait(self):
        jax.block_until_ready(self.state)


class Predictor:
    def __init__(self, workload, batch):
        weights = {k: jnp.array(v) for k, v in workload.channels_last().items()}
        self.run = jax.jit(
            lambda images: walk.forward(Ops(weights), workload.layers, scaled(images)))

    def __call__(self, images):
        return jax.device_get(self.run(images))
