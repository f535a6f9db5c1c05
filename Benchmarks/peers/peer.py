#!/usr/bin/env python3
"""Another framework's side of the benchmark: a process that obeys lines and stays for all rounds.

usage: peer.py FRAMEWORK [--threads 2]

It prints "ready NAME VERSION" and answers each line of standard input with one line:

    open FOLDER          makes the workload of a folder the current one: "ok"
    losses N             the losses of N steps from the first values, without dropout
    train SECONDS        trains on for about that long: "steps seconds"
    logits BATCH         the outputs for the first BATCH pictures, one number after the other
    predict BATCH SECONDS  predicts batch after batch for about that long: "batches seconds"

A command that the framework cannot do is answered by "cannot REASON".
"""
import argparse
import ctypes
import importlib
import os
import signal
import sys
import time


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("framework", help="pytorch, pytorch-compiled, jax, tensorflow, ...")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def timed(body, seconds, wait=lambda: None):
    """Calls `body` until `seconds` have passed, at least once; calls and seconds."""
    start = time.perf_counter()
    count, spent, block = 0, 0.0, 1
    while count == 0 or spent < seconds:
        for _ in range(block):
            body()
        count += block
        spent = time.perf_counter() - start
        # About ten looks at the clock for the whole turn.
        block = max(1, min(int(count / max(spent, 1e-9) * seconds / 10), 10000))
    wait()
    return count, time.perf_counter() - start


class Session:
    """The current workload with what was made of it so far."""

    def __init__(self, framework, workload):
        self.framework, self.workload = framework, workload
        self.trainer, self.batches, self.predictors = None, None, {}

    def losses(self, count):
        trainer = self.framework.Trainer(self.workload, self.workload.without_dropout())
        batches = self.workload.batches()
        losses = [trainer.step(*next(batches)) for _ in range(count)]
        return " ".join(repr(float(loss)) for loss in losses)

    def train(self, seconds):
        if self.trainer is None:
            self.trainer = self.framework.Trainer(self.workload, self.workload.layers)
            self.batches = self.workload.batches()
        trainer, batches = self.trainer, self.batches
        count, spent = timed(lambda: trainer.step(*next(batches)), seconds, trainer.wait)
        return f"{count} {spent:.9f}"

    def predictor(self, batch):
        if batch not in self.predictors:
            self.predictors[batch] = self.framework.Predictor(self.workload, batch)
        return self.predictors[batch]

    def logits(self, batch):
        result = self.predictor(batch)(self.workload.images[:batch])
        return " ".join(repr(float(number)) for number in result.reshape(-1))

    def predict(self, batch, seconds):
        predictor, images = self.predictor(batch), self.workload.images
        starts = list(range(0, len(images) - batch + 1, batch))
        place = 0

        def body():
            nonlocal place
            start = starts[place % len(starts)]
            place += 1
            predictor(images[start : start + batch])

        count, spent = timed(body, seconds)
        return f"{count} {spent:.9f}"


def end_with_parent():
    """Ends this process when its parent does, also while it is stopped; Linux only."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)


def main():
    options = parse()
    end_with_parent()
    os.environ.setdefault("OMP_NUM_THREADS", str(options.threads))
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from workload import Workload

    module, _, variant = options.framework.partition("-")
    framework = importlib.import_module("peer_" + module)
    framework.prepare(options.threads, variant)
    # What libraries print must not mix with the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    print("ready", framework.NAME + (f" {variant}" if variant else ""), framework.VERSION,
          file=answers)
    session = None
    for line in sys.stdin:
        command, *arguments = line.split()
        try:
            if command == "open":
                session = Session(framework, Workload(" ".join(arguments)))
                answer = "ok"
            elif command in ("losses", "logits"):
                answer = getattr(session, command)(int(arguments[0]))
            elif command == "train":
                answer = session.train(float(arguments[0]))
            elif command == "predict":
                answer = session.predict(int(arguments[0]), float(arguments[1]))
            else:
                answer = f"cannot obey {command}"
        except NotImplementedError as error:
            answer = f"cannot {error}"
        print(answer, file=answers)


if __name__ == "__main__":
    main()
