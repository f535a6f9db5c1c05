"""Writes HDF5 files in the forms that h5py has, with arrays that the tests can compute.

    python3 hdf5.py FOLDER          (needs h5py and numpy)

Every array `a<n>` holds 0, 1, 2 ... in row-major order, in the type and layout of its name.
"""
import sys
import h5py
import numpy as np


def counting(shape, kind):
    return np.arange(int(np.prod(shape))).reshape(shape).astype(kind)


def fill(file):
    file.attrs["text"] = "Grüße"
    file.attrs["fixed"] = np.bytes_("fixed")
    file.attrs["list"] = np.array(["one", "two", ""], dtype=h5py.string_dtype())
    file.attrs["bytes"] = np.array([b"first", b"2nd"])
    file.attrs["number"] = 3
    group = file.create_group("numbers")
    for kind in ("<f2", "<f4", "<f8", ">f4", "i1", "<i2", "<i4", ">i8", "u1", "<u2", "<u4"):
        group[kind.replace("<", "le_").replace(">", "be_")] = counting((3, 4), kind)
    group["bool"] = counting((2, 3), int) % 2 == 1
    group["scalar"] = np.float32(7.5)
    group["empty"] = np.zeros((0, 4), "<f4")
    chunks = file.create_group("chunks")
    chunks.create_dataset("plain", data=counting((7, 5), "<f4"), chunks=(3, 2))
    chunks.create_dataset("gzip", data=counting((7, 5), "<f4"), chunks=(3, 2), compression="gzip")
    chunks.create_dataset(
        "shuffled", data=counting((20, 30), "<i4"), chunks=(8, 30), compression="gzip",
        shuffle=True)
    chunks.create_dataset("line", data=counting((1000,), "<f8"), chunks=(64,), compression="gzip")


with h5py.File(f"{sys.argv[1]}/forms.h5", "w") as file:
    fill(file)
    deep = file.create_group("many/deep")
    for number in range(40):
        deep[f"a{number}"] = counting((2,), "<f4") + number
    file["alias"] = h5py.SoftLink("/numbers/bool")
    file["outside"] = h5py.ExternalLink("/etc/passwd", "/x")
    refused = file.create_group("refused")
    refused.create_dataset("checksum", data=counting((8,), "<f4"), chunks=(4,), fletcher32=True)
    refused.create_dataset("lzf", data=counting((8,), "<f4"), chunks=(4,), compression="lzf")
    refused["complex"] = np.array([1 + 2j])
    refused["record"] = np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f4")])
    refused.create_dataset("unwritten", (4,), "<f4")
    refused.create_dataset("unwritten_chunks", (4,), "<f4", chunks=(2,))
    refused["text"] = "words"
with h5py.File(f"{sys.argv[1]}/latest.h5", "w", libver="latest") as file:
    file.attrs["text"] = "newest"
    group = file.create_group("group")
    group["plain"] = counting((3, 4), "<f4")
    group["scalar"] = np.int64(-3)
    group.create_dataset("chunks", data=counting((7, 5), "<f4"), chunks=(3, 2))
    many = file.create_group("many")
    for number in range(40):
        many[f"a{number}"] = counting((2,), "<f4") + number
with h5py.File(f"{sys.argv[1]}/cycle.h5", "w") as file:
    file["group/inner/number"] = 1.0
    file["group/inner/back"] = file["group"]
