#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Unpacks what the lab's init sent: files, each as a line FILE NAME SIZE and its bytes, or as LINES: each line as
BEGIN:END:MIDDLE, the first two how much of the line before it begins and ends with.

usage: unpack.py SENT DIRECTORY
"""
import os
import sys


def lengthen(data):
    """The text of such lines."""
    text, before = [], b""
    for line in data.split(b"\n")[:-1]:
        begin, end, middle = line.split(b":", 2)
        before = before[:int(begin)] + middle + before[len(before) - int(end):]
        text.append(before + b"\n")
    return b"".join(text)


def unpack(data, folder):
    """The files; ValueError where one is cut off or is named like no file of a results folder."""
    while data:
        head, _, data = data.partition(b"\n")
        word = head.decode().split(" ")
        if len(word) != 3 or word[0] not in ("FILE", "LINES") or "/" in word[1] or len(data) < int(word[2]):
            raise ValueError(head.decode())
        with open(os.path.join(folder, word[1]), "wb") as file:
            body = data[:int(word[2])]
            file.write(lengthen(body) if word[0] == "LINES" else body)
        data = data[int(word[2]):]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.splitlines()[2])
    with open(sys.argv[1], "rb") as sent:
        unpack(sent.read(), sys.argv[2])
