#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Who calls whom, read from the objects: no folder calls one that it may not see, no shelf a higher one, and
no files of a folder call each other in a circle.  Names count, not includes: a declaration by hand is seen."""

import tree


def main():
    folders, objects = tree.table(), tree.objects()
    complaints = list(tree.without_a_line(folders, tree.files("*.c", "*.cc")))
    home, calls, wrong = {}, {}, {}
    found = list(tree.symbols(list(objects))) if objects else []
    for path, name, is_defined in found:
        if is_defined:
            home.setdefault(name, objects[path])
    for path, name, is_defined in found:
        user, used = objects[path], home.get(name)
        if is_defined or used in (None, user):
            continue
        why = tree.upward(folders, user, used)
        if why:
            wrong.setdefault(f"{user}: calls {used}: {why}", set()).add(name)
        if tree.top(user) == tree.top(used):
            calls.setdefault(user, set()).add(used)
    complaints += [f"{what} [{', '.join(sorted(names)[:4])}]" for what, names in wrong.items()]
    for circle in tree.circles(calls):
        complaints.append("a circle: " + " ".join(circle))
    tree.verdict("link", len(objects), "objects", complaints)


main()
