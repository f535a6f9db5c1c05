"""What the scripts beside this one share: what is absent is said, what fails is remembered."""

import importlib.util

FAILED = []


def have(*names):
    absent = [name for name in names if importlib.util.find_spec(name) is None]
    if absent:
        print(f"skipped: Python has no {', '.join(absent)}")
    return not absent


def report(name, good, text):
    print(f"{'ok    ' if good else 'FAILED'} {name}: {text}", flush=True)
    if not good:
        FAILED.append(name)
