#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""docs/verdicts.md and docs/verdicts-worlds.md say what the backends declare and what explore finds: every cell
against its declaration, those that are through within 1024 executions against what is found again, and every
lane picture is there.  With EXPLORE_ALL in the environment in all models, else in those that allow most.
Needs every backend: a build with some of them leaves this out."""

import importlib.machinery
import importlib.util
import os
import sys

SRC = os.environ["SRC"]
loader = importlib.machinery.SourceFileLoader("verdicts", SRC + "/scripts/verdicts")
verdicts = importlib.util.module_from_spec(importlib.util.spec_from_loader("verdicts", loader))
sys.dont_write_bytecode = True
loader.exec_module(verdicts)
complaints = []


def look(fine, what):
    if not fine:
        complaints.append(what)


def look_at(page):
    with open(page.file, encoding="utf-8") as f:
        text = f.read()
    said_of = verdicts.parse(text)
    models = {model for _, _, model in said_of}
    if not os.environ.get("EXPLORE_ALL"):
        models &= {"pso", "rc11"}
        said_of = {key: said for key, said in said_of.items() if key[2] in models}
    again = 0
    for cell in verdicts.cells_of(page, verdicts.docs_of_presets(page), "--model", ",".join(sorted(models))):
        key = cell["backend"], cell["scenario"], cell["model"]
        if cell["status"] == "na":
            look(key not in said_of, f"{key}: the page has a verdict where there is none")
            continue
        said = said_of.pop(key, None)
        look(said is not None, f"{key}: the page has no verdict")
        if said is None:
            continue
        if said != "undecided" and not said.endswith("..."):
            look(said == (", ".join(cell["declared"]) or "holds"), f"{key}: {said}, declared {cell['declared']}")
        if cell["status"] == "exhaustive":
            again += 1
            look(said == verdicts.word(cell), f"{key}: {said}, found {cell['text']}")
    look(not said_of, f"cells that do not exist: {sorted(said_of)[:5]}")
    look(again > 100, f"only {again} cells were found again")
    for backend, preset, model in page.pictures:
        name = f"verdicts/{backend}-{preset}-{model}.svg"
        look(name in text, f"no link to {backend} {preset} {model}")
        look(os.path.exists(f"{SRC}/docs/{name}"), f"no {name}")
    return again


def main():
    again = sum(look_at(page) for page in verdicts.PAGES)
    print("\n".join(complaints))
    print(f"{again} cells found again, {len(complaints)} complaints")
    return 1 if complaints else 0


sys.exit(main())
