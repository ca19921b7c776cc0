#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes an initramfs: a gzipped cpio archive (newc) of the files named.

usage: initramfs.py OUTPUT PATH=FILE...      PATH: inside of the archive, with its directories
"""
import gzip
import sys

DIRECTORY, FILE, DEVICE = 0o040755, 0o100755, 0o020600


def entry(number, path, mode, data=b"", device=(0, 0)):
    """Header, name and data of one file, each padded to four bytes."""
    name = path.encode() + b"\0"
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name), 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name
    return head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4)


def archive(files):
    """files: {path: data}.  The console is there for messages of PID 1 before it mounts /dev."""
    members = {}
    for path in files:
        parts = path.split("/")
        members.update({"/".join(parts[:n]): (DIRECTORY, b"", (0, 0)) for n in range(1, len(parts))})
    members["dev"] = DIRECTORY, b"", (0, 0)
    members["dev/console"] = DEVICE, b"", (5, 1)
    members.update({path: (FILE, data, (0, 0)) for path, data in files.items()})
    entries = [entry(n + 1, path, *member) for n, (path, member) in enumerate(members.items())]
    return b"".join(entries) + entry(0, "TRAILER!!!", 0)


def main(arguments):
    if len(arguments) < 2 or not all("=" in pair for pair in arguments[1:]):
        sys.exit(__doc__.splitlines()[2])
    files = {}
    for pair in arguments[1:]:
        path, name = pair.split("=", 1)
        with open(name, "rb") as file:
            files[path.lstrip("/")] = file.read()
    with open(arguments[0], "wb") as output:
        output.write(gzip.compress(archive(files), compresslevel=1, mtime=0))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
