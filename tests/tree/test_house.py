#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""docs/house.md is about this house: every folder and shelf stands in it once, who may see whom is what the
other tests hold, and each question leads to one file that is there."""

import os
import re

import tree

PAGE = "docs/house.md"


def rows(title):
    """The table of that heading: lists of its cells."""
    part = tree.text(PAGE).split(f"| {title} |")[1].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines()[2:]]


def names(cell):
    return re.findall(r"`([^`]+?)/?`", cell)


def compare(what, said, true, complaints):
    complaints += [f"{PAGE}: {what}: does not speak of {name}" for name in sorted(set(true) - set(said))]
    complaints += [f"{PAGE}: {what}: there is no {name}" for name in sorted(set(said) - set(true))]
    complaints += [f"{PAGE}: {what}: {name} twice" for name in sorted({n for n in said if said.count(n) > 1})]


def main():
    folders, complaints = tree.table(), []
    table = rows("folder")
    compare("folders", [names(row[0])[0] for row in table],
            {tree.top(file) for file in tree.files("*/*") if not file.startswith(".")}, complaints)
    for folder, _, sees in table:
        name = names(folder)[0]
        true = folders[name].sees if name in folders else []
        if (["*"] if sees == "all" else names(sees)) != true:
            complaints.append(f"{PAGE}: {name}/ may see {','.join(true) or 'nothing'}, by tests/tree/layers.txt")
    shelves = [names(row[0])[0] for row in rows("shelf")]
    for name in [name for name in folders if folders[name].shelves]:
        said = [shelf.split("/")[1] for shelf in shelves if tree.top(shelf) == name]
        if said != folders[name].shelves:
            complaints.append(f"{PAGE}: the shelves of {name}/ are {' '.join(folders[name].shelves)}")
    compare("shelves", shelves, [f"{name}/{shelf}" for name in folders for shelf in folders[name].shelves or ()],
            complaints)
    questions = rows("question")
    compare("questions", [row[0] for row in questions], [row[0] for row in questions], complaints)
    for question, answer in questions:
        if len(names(answer)) != 1 or not os.path.isfile(f"{tree.SRC}/{names(answer)[0]}"):
            complaints.append(f"{PAGE}: {question} {answer} is not one file")
    for path in re.findall(r"(?<![\w/.-])((?:[a-z]+/)+[\w./*-]*\w)", tree.text(PAGE)):
        if not re.search(r"NAME|FOLDER|[*]", path) and not os.path.exists(f"{tree.SRC}/{path}"):
            complaints.append(f"{PAGE}: there is no {path}")
    tree.verdict("house", len(table) + len(shelves) + len(questions), "lines", complaints)


main()
