#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Who may include whom, no headers in a circle, and that no harness knows a backend by name nor a backend its
judge."""

import os
import re

import tree

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.M)
GENERATED = re.compile(r"[a-z_]+\.def|source_hash\.h")
CONTRACT = re.compile(r"kick(_[a-z_]+)?\.h")


def resolve(user, name):
    """The file that "NAME" in USER means, as the compiler would look for it; None: there is none."""
    if GENERATED.fullmatch(name):
        return "gen/" + name
    for at in (os.path.dirname(user) + "/", "", "include/"):
        if os.path.isfile(f"{tree.SRC}/{at}{name}"):
            return os.path.normpath(at + name)
    return None


def may_include(folders, user, quote, name):
    """What is wrong with this line, or None."""
    folder = folders.get(tree.top(user))
    if quote == "<":
        banned = folder and folder.banned and re.fullmatch(folder.banned, name)
        return f"may not include <{name}>" if banned else None
    used = resolve(user, name)
    # A scratch copy may name what is not there; then its words count.
    why = tree.upward(folders, user, used or name)
    if why:
        return f'may not include "{name}": {why}'
    # From elsewhere the path is written out, but for the contract, which is installed.
    if used and tree.top(user) not in ("impl", "include", "tests", "examples"):
        if not used.endswith(name) or (used != name and not CONTRACT.fullmatch(name) and tree.top(used) != "gen"):
            return f'may not include "{name}": write {used}'
    return None


def backends(complaints):
    """What looks like a sibling is one; and another backend's text is a mutant's parent, so renamed."""
    for file in tree.files("impl/*.h"):
        for quote, name in INCLUDE.findall(tree.text(file)):
            target = os.path.dirname(file) + "/" + name
            if name == "kick_vmm.h":  # part 3 of the contract
                continue
            if not os.path.isfile(tree.SRC + "/" + target):
                complaints.append(f'{file}: "{name}" is not in impl/')
            elif "family/" not in file + target and "#define kick_decl " not in tree.text(file):
                complaints.append(f'{file}: includes "{name}" and is no mutant of it')


def conditionals(files, regex, what, complaints):
    found = re.compile(r"^[ \t]*#[ \t]*(?:el)?if.*" + regex, re.M)
    for file in files:
        text = tree.text(file)
        for match in found.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            complaints.append(f"{file}:{line}: {match[0].strip()}: {what}")


def main():
    folders = tree.table()
    sources = tree.files("*.c", "*.h", "*.cc", "*.cpp", "*.hpp")
    complaints = list(tree.without_a_line(folders, sources))
    edges = {}
    for file in sources:
        for quote, name in INCLUDE.findall(tree.text(file)):
            why = may_include(folders, file, quote, name)
            if why:
                complaints.append(f"{file}: {why}")
            used = resolve(file, name) if quote == '"' else None
            if used and used != file:
                edges.setdefault(file, set()).add(used)
            if file == "bench/gbench.cc" and quote == '"' and name != "bench/gbench.h":
                complaints.append(f"{file}: sees nothing of the project but gbench.h")
        if file.endswith((".cc", ".cpp", ".hpp")) and file != "bench/gbench.cc":
            complaints.append(f"{file}: the only C++ is bench/gbench.cc")
    complaints += ["a circle: " + " ".join(circle) for circle in tree.circles(edges)]
    backends(complaints)
    names = "|".join(os.path.basename(file)[:-2] for file in tree.files("impl/*.h") if file.count("/") == 1)
    judges = "|".join(["BENCH", "STRESS", "EXPLORE"] + [os.path.basename(file)[:-7].upper()
                                                       for file in tree.files("*_tmpl.c")])
    conditionals([file for file in sources if not file.startswith("impl/")], rf'[^a-z_]"?(?:{names})\b',
                 "a harness does not know a backend by name", complaints)
    conditionals(tree.files("impl/*.h"), f"KICK_(?:{judges})", "a backend does not know its judge", complaints)
    tree.verdict("layers", len(sources), "files", complaints)


main()
