"""The recipe mnist-mlp as a whole PyTorch program, to be timed from its start to its last line.

usage: program_mnist_mlp.py FOLDER      with MNIST's four gzipped IDX files
"""

import gzip
import pathlib
import sys

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def load(folder, name):
    def numbers(kind, header):
        with gzip.open(folder / f"{name}-{kind}.gz") as file:
            return torch.frombuffer(bytearray(file.read()[header:]), dtype=torch.uint8)

    labels = numbers("labels-idx1-ubyte", 8).long()
    images = numbers("images-idx3-ubyte", 16).view(len(labels), 28 * 28).float() / 255
    return TensorDataset(images, labels)


def evaluate(model, loader):
    model.eval()
    with torch.no_grad():
        right = sum((model(x).argmax(1) == y).sum().item() for x, y in loader)
    return right / len(loader.dataset)


def main():
    torch.manual_seed(0)
    folder = pathlib.Path(sys.argv[1])
    training = DataLoader(load(folder, "train"), batch_size=15, shuffle=True)
    test = DataLoader(load(folder, "t10k"), batch_size=256)
    model = nn.Sequential(
        nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(),
        nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10), nn.LogSoftmax(1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    loss_of = nn.NLLLoss()
    print("initial accuracy:", evaluate(model, test))
    for epoch in range(2):
        model.train()
        for x, y in training:
            optimizer.zero_grad()
            loss_of(model(x), y).backward()
            optimizer.step()
        print(f"epoch {epoch} accuracy: {evaluate(model, test)}")
    for (x, _), _ in zip(test.dataset, range(4)):
        print("prediction:", model(x.unsqueeze(0)).argmax().item())


main()
