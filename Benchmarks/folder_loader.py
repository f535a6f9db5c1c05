#!/usr/bin/env python3
"""Pictures a second from a folder: torchvision's ImageFolder beside martlet-bench folder.

usage: folder_loader.py FOLDER [--bench PATH] [--workers 2] [--batch-size 128] [--rounds 3]

Both sides decode every file in every epoch, shuffle, and collect batches of 128 with two workers.
torchvision converts to floats in 0 ... 1 (ToTensor); Martlet gives bytes, which its network scales.
The sides take turns, so that a busy machine is as unkind to the one as to the other. Give the
Python of an environment with torch and torchvision.
"""
import argparse
import re
import resource
import statistics
import subprocess
import sys
import time


def torch_rates(loader):
    """Yields the pictures a second of one epoch after the other."""
    while True:
        start, count = time.perf_counter(), 0
        for images, labels in loader:
            count += len(labels)
        yield count / (time.perf_counter() - start)


def martlet_rate(bench, folder, workers, batch_size):
    """Pictures a second and megabytes of the better of two epochs of a fresh process."""
    command = [bench, "folder", folder, "--workers", str(workers), "--batch-size", str(batch_size),
               "--epochs", "2"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.findall(r"epoch \d+: (\d+) pictures a second, resident (\d+) MB", text)
    if not found:
        sys.exit(f"error: {bench} answered {text!r}")
    return max(int(rate) for rate, _ in found), max(int(size) for _, size in found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--bench", default=".build/release/martlet-bench")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    try:
        import torch
        import torchvision
        from torchvision import datasets, transforms
    except ImportError as error:
        sys.exit(f"error: {error.name} is not here; use a Python that has torch and torchvision")
    data = datasets.ImageFolder(options.folder, transforms.ToTensor())
    loader = torch.utils.data.DataLoader(
        data, batch_size=options.batch_size, shuffle=True, num_workers=options.workers,
        persistent_workers=options.workers > 0)
    theirs, mine = [], []
    peer = torch_rates(loader)
    for _ in range(options.rounds):
        theirs.append(next(peer))
        rate, size = martlet_rate(
            options.bench, options.folder, options.workers, options.batch_size)
        mine.append(rate)
        print(f"torchvision {theirs[-1]:8.0f}   Martlet {rate:8.0f} pictures a second ({size} MB)",
              flush=True)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    ratio = statistics.median(mine) / statistics.median(theirs)
    print(f"{len(data)} pictures, {options.workers} workers: torchvision "
          f"{torchvision.__version__} {statistics.median(theirs):.0f} a second ({own} MB in the "
          f"main process), Martlet {statistics.median(mine):.0f}, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
