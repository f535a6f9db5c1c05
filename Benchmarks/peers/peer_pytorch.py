"""PyTorch, eager as its tutorials write it; `pytorch-compiled` and `pytorch-fused` are variants."""
import torch
from torch import nn

NAME, VERSION = "PyTorch", torch.__version__.split("+")[0]
variant = ""


def prepare(threads, chosen):
    global variant
    variant = chosen
    torch.set_num_threads(threads)


class Residual(nn.Module):
    def __init__(self, layer, channels):
        super().__init__()
        self.main = Net(layer["main"], channels)
        self.shortcut = Net(layer["shortcut"], channels) if layer["shortcut"] else None

    def forward(self, x):
        short = x if self.shortcut is None else self.shortcut(x)
        return nn.functional.relu(self.main(x) + short)


class GlobalAverage(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


class Net(nn.Module):
    """The layers of a workload; `width` is the number of channels or columns they start from."""

    def __init__(self, layers, width):
        super().__init__()
        made = []
        for layer in layers:
            op = layer["op"]
            if op == "conv":
                made.append(nn.LazyConv2d(
                    layer["filters"], layer["kernel"], layer["stride"], layer["padding"],
                    bias=layer["bias"]))
            elif op == "dense":
                made.append(nn.LazyLinear(layer["units"]))
            elif op == "batchNorm":
                made.append(nn.LazyBatchNorm2d())
            elif op == "maxPool":
                made.append(nn.MaxPool2d(layer["size"]))
            elif op == "dropout":
                made.append(nn.Dropout(layer["rate"]))
            elif op == "channelDropout":
                made.append(nn.Dropout2d(layer["rate"]))
            elif op == "residual":
                made.append(Residual(layer, width))
            else:
                made.append({
                    "relu": nn.ReLU, "sigmoid": nn.Sigmoid, "flatten": nn.Flatten,
                    "globalAverage": GlobalAverage, "identity": nn.Identity}[op]())
        self.layers = nn.Sequential(*made)

    def forward(self, x):
        return self.layers(x)


def network(workload, layers):
    net = Net(layers, workload.images.shape[1])
    with torch.no_grad():
        net.eval()
        net(torch.zeros(2, *workload.images.shape[1:]))
    values = {name: torch.from_numpy(value) for name, value in workload.weights.items()}
    missing = net.load_state_dict(values, strict=False)
    wrong = missing.unexpected_keys + [
        key for key in missing.missing_keys if "num_batches" not in key]
    if wrong:
        raise SystemExit(f"the weights do not fit: {wrong}")
    return net


class Trainer:
    def __init__(self, workload, layers):
        self.net = network(workload, layers).train()
        settings = workload.optimizer
        if settings["kind"] == "adam":
            options = {"fused": True} if variant == "fused" else {}
            self.optimizer = torch.optim.Adam(
                self.net.parameters(), settings["rate"], eps=settings["epsilon"], **options)
        else:
            self.optimizer = torch.optim.SGD(
                self.net.parameters(), settings["rate"], momentum=settings["momentum"])
        self.is_square = workload.loss == "squared"
        self.run = torch.compile(self.loss) if variant == "compiled" else self.loss

    def loss(self, x, y):
        logits = self.net(x.float() / 255)
        if self.is_square:
            return nn.functional.mse_loss(logits, y.float().unsqueeze(1))
        return nn.functional.cross_entropy(logits, y.long())

    def step(self, images, labels):
        self.optimizer.zero_grad()
        loss = self.run(torch.from_numpy(images), torch.from_numpy(labels))
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def wait(self):
        pass


class Predictor:
    def __init__(self, workload, batch):
        self.net = network(workload, workload.layers).eval()
        if variant == "compiled":
            self.net = torch.compile(self.net)

    def __call__(self, images):
        with torch.inference_mode():
            return self.net(torch.from_numpy(images).float() / 255).numpy()
