"""Writes the archives of TarTests with Python's tarfile, in each of its formats.

Run: python Tests/Fixtures-scripts/tar.py Tests/MartletFormatsTests/Fixtures/data/tar
"""

import io
import sys
import tarfile
from pathlib import Path

LONG = "/".join(["a-folder-with-a-rather-long-name"] * 6) + "/batch.bin"


def write(path, mode, form, names):
    with tarfile.open(path, mode, format=form) as archive:
        folder = tarfile.TarInfo("batches/")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        link = tarfile.TarInfo("batches/link")
        link.type = tarfile.SYMTYPE
        link.linkname = "/etc/passwd"
        archive.addfile(link)
        for index, name in enumerate(names):
            contents = bytes((i * 7 + index) % 251 for i in range(700 * index))
            entry = tarfile.TarInfo(name)
            entry.size = len(contents)
            archive.addfile(entry, io.BytesIO(contents))


folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
names = ["batches/empty", "batches/one.bin", "../../outside", "batches/two.bin"]
prefixed = "p" * 90 + "/" + "n" * 80
write(folder / "ustar.tar", "w", tarfile.USTAR_FORMAT, [*names, prefixed])
write(folder / "ustar.tar.gz", "w:gz", tarfile.USTAR_FORMAT, names)
write(folder / "gnu.tar.gz", "w:gz", tarfile.GNU_FORMAT, [*names, LONG])
write(folder / "pax.tar", "w", tarfile.PAX_FORMAT, [*names, LONG, "batches/ä.bin"])
