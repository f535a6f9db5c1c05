"""Prints PyTorch's results and gradients for small recurrent layers, the numbers of RecurrentTests.

Run with PyTorch 2 on the CPU: python Tests/Fixtures-scripts/recurrent.py
"""

import torch


def fill(shape, k):
    """Numbers that the test makes, too: 0.6 sin(1 + 0.7 i + k)."""
    count = torch.Size(shape).numel()
    return (0.6 * torch.sin(1 + 0.7 * torch.arange(count, dtype=torch.float64) + k)).reshape(shape)


def show(name, values):
    print(f'    "{name}": [' + ", ".join(f"{v:.7g}" for v in values.flatten().tolist()) + "],")


for name, kind, settings in [
    ("RNN with tanh", torch.nn.RNN, {}),
    ("RNN with relu", torch.nn.RNN, {"nonlinearity": "relu"}),
    ("LSTM", torch.nn.LSTM, {}),
    ("GRU", torch.nn.GRU, {}),
]:
    layer = kind(3, 2, 2, batch_first=True, **settings).double()
    for k, (_, parameter) in enumerate(layer.named_parameters()):
        parameter.data = fill(parameter.shape, k)
    x = fill((2, 3, 3), 20).requires_grad_()
    output, _ = layer(x)
    (output * fill(output.shape, 30)).sum().backward()
    print(name)
    show("output", output)
    show("x", x.grad)
    for parameter_name, parameter in layer.named_parameters():
        show(parameter_name, parameter.grad)
