# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of the tree share: the files, the table of layers.txt, the objects of the build, circles,
and the exceptions of exceptions.txt, which must only become fewer."""

import fnmatch
import functools
import os
import re
import subprocess
import sys

SRC = os.path.abspath(os.environ.get("SRC", os.path.join(os.path.dirname(__file__), "..", "..")))
BUILD = os.environ.get("BUILD", SRC + "/build/release")


def files(*patterns):
    """The project's files by shell pattern, relative to SRC; in a git checkout, none that it ignores."""
    return files_of(SRC, patterns)


@functools.cache
def files_of(src, patterns):
    # A copy for a test may lie inside of a checkout.
    root = subprocess.run(["git", "-C", src, "rev-parse", "--show-toplevel"], capture_output=True, text=True,
                          check=False).stdout.strip()
    if not root or os.path.realpath(root) != os.path.realpath(src):
        found = [os.path.relpath(os.path.join(top, name), src)
                 for top, _, names in os.walk(src) for name in names]
        found = [file for file in found if not file.startswith("build/")]
    else:
        found = subprocess.run(["git", "-C", src, "ls-files", "-zco", "--exclude-standard"], capture_output=True, text=True,
                               check=True).stdout.split("\0")
    return sorted(file for file in found if any(fnmatch.fnmatch(file, pattern) for pattern in patterns)
                  and os.path.isfile(src + "/" + file))


def text(file):
    with open(SRC + "/" + file, encoding="utf-8") as f:
        return f.read()


def top(file):
    return file.split("/", 1)[0]


class Folder:
    def __init__(self, sees, banned, prefixes):
        self.sees = [] if sees == "-" else sees.split(",")
        self.banned = None if banned == "-" else banned
        self.prefixes = [] if prefixes == "-" else prefixes.split(",")
        self.shelves = None

    def may_see(self, own, file):
        return top(file) == own or not {top(file), file, "*"}.isdisjoint(self.sees)

    def rank(self, file):
        """How high its shelf lies; None: the folder has no shelves, or none of this name."""
        parts = file.split("/")
        shelf = parts[1] if len(parts) > 2 else "."
        return self.shelves.index(shelf) if self.shelves and shelf in self.shelves else None


def table():
    folders = {}
    for line in text("tests/tree/layers.txt").splitlines():
        word = line.split()
        if not word or line.startswith("#"):
            continue
        if word[0] == "shelves":
            folders[word[1]].shelves = word[2:]
        else:
            folders[word[0]] = Folder(*word[1:])
    return folders


def upward(folders, user, used):
    """What is wrong with USER's use of USED (both files), or None."""
    own, other = top(user), top(used)
    folder = folders.get(own)
    if not folder:
        return None  # complained about once, by its folder
    if not folder.may_see(own, used):
        return f"{own} may not see {other}"
    if own == other and None not in (folder.rank(user), folder.rank(used)):
        if folder.rank(used) > folder.rank(user):
            return "a higher shelf"
    return None


def without_a_line(folders, sources):
    """Top-level folders that have sources and no rule; shelves that have no place in the order."""
    seen = set()
    for file in sources:
        name, *shelf = file.split("/")[:-1]
        where = "/".join([name, *shelf[:1]])
        if where in seen:
            continue
        seen.add(where)
        if name not in folders:
            yield f"{file}: {name}/ has no line in tests/tree/layers.txt"
        elif shelf and folders[name].shelves and shelf[0] not in folders[name].shelves:
            yield f"{file}: {where}/ has no place in the shelves of tests/tree/layers.txt"


def circles(edges):
    """Groups of more than one node that reach each other; EDGES: node -> set of nodes."""
    nodes = set(edges) | {b for bs in edges.values() for b in bs}
    reach = {}
    for node in nodes:
        seen, todo = set(), [node]
        while todo:
            for b in edges.get(todo.pop(), ()):
                if b not in seen:
                    seen.add(b)
                    todo.append(b)
        reach[node] = seen
    return sorted({tuple(sorted({a} | {b for b in reach[a] if a in reach[b]}))
                   for a in nodes if any(b != a and a in reach[b] for b in reach[a])})


def source_of(obj):
    """The source that an object was made from, a template for those of all backends; None: a test's."""
    found = re.search(r"/(?:kb_)?(\w[\w-]*)\.dir/(.*)\.o$", obj)
    if not found:
        return None
    folder, path = found.groups()
    if folder != "kickbench" and "/kb_" + folder + ".dir/" not in obj or folder == "tests":
        return None
    judge = re.search(r"gen/kb_\w+/([a-z]+)_\w+\.c$", path)
    if judge:
        return (files(f"{folder}/{judge[1]}_tmpl.c", f"{folder}/*/{judge[1]}_tmpl.c") or [path])[0]
    if path.startswith("gen/"):
        return folder + "/" + path
    return path


def objects():
    """The program's objects: path -> source."""
    paths = [os.path.join(at, name) for at, _, names in os.walk(BUILD + "/CMakeFiles") for name in names
             if name.endswith(".o")]
    known = {path: source_of(path) for path in sorted(paths)}
    # What was deleted or moved leaves its object behind.
    return {path: source for path, source in known.items()
            if source and ("/gen/" in source or os.path.isfile(SRC + "/" + source))}


def symbols(paths):
    """(path, name, is_defined) of every global name; not of what the compiler or a linker's rule adds."""
    output = subprocess.run(["nm", "-A", "-g", "-P", *paths], capture_output=True, text=True, check=True).stdout
    for line in output.splitlines():
        path, name, kind = re.match(r"(.*?): (\S+) (\S)", line).groups()
        if kind not in "wWvVu" and not name.startswith(("__odr_asan", "_ZN", "__asan", "__tsan", "__ubsan")):
            yield path, name, kind != "U"


def without_detail(complaint):
    """What stands in brackets helps to find it, and is no part of its name."""
    return complaint.split(" [")[0]


def verdict(test, looked, what, complaints):
    """The end of a test.  An exception that nobody needs any more fails it, too: the list only shrinks."""
    allowed = [line.split(": ", 1)[1] for line in text("tests/tree/exceptions.txt").splitlines()
               if line.startswith(test + ": ")]
    left = sorted({line for line in complaints if without_detail(line) not in allowed})
    needed = {without_detail(line) for line in complaints}
    left += [f"tests/tree/exceptions.txt: not needed any more, take it out: {test}: {line}"
             for line in allowed if line not in needed]
    for line in left:
        print(line)
    print(f"{looked} {what} looked at, {len(left)} complaints, {len(allowed)} exceptions")
    sys.exit(bool(left) or not looked)
