#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The name of a global says where it lives: it begins with a prefix of its folder (layers.txt), read from the
objects.  And no two structs, unions or enums of the program share a name."""

import re

import tree

TAG = re.compile(r"^(?:typedef |static |const |extern )*(struct|union|enum) (\w+)[^;(){=]*\{", re.M)


def tags(folders, complaints):
    """Those of one file count, too: a name means one thing in the whole tree."""
    seen = {}
    for file in tree.files("*.c", "*.h", "*.cc"):
        if tree.top(file) in folders and "*" not in folders[tree.top(file)].prefixes:
            for kind, name in TAG.findall(tree.text(file)):
                seen.setdefault(name, set()).add((kind, file))
    for name, places in seen.items():
        # kick_*: words of the contract, which each world and each backend fills in.
        if len(places) > 1 and not name.startswith("kick_"):
            complaints.append(f"{sorted(places)[0][0]} {name}: in " + " ".join(sorted(file for _, file in places)))


def main():
    folders, objects, complaints, wrong = tree.table(), tree.objects(), [], {}
    prefixes = [prefix for folder in folders.values() for prefix in folder.prefixes if prefix != "*"]
    complaints += [f"tests/tree/layers.txt: two folders begin their names with {prefix}"
                   for prefix in set(prefixes) if prefixes.count(prefix) > 1]
    for path, name, is_defined in tree.symbols(list(objects)) if objects else ():
        folder = folders.get(tree.top(objects[path]))
        if is_defined and folder and name != "main" and \
           not any(re.match(prefix + "(_|$)", name) for prefix in folder.prefixes):
            wrong.setdefault(objects[path], set()).add(name)
    complaints += [f"{source}: names without a prefix of its folder [{', '.join(sorted(names))}]"
                   for source, names in wrong.items()]
    tags(folders, complaints)
    tree.verdict("prefix", len(objects), "objects", complaints)


main()
