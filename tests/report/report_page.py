# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of report share: making a page, and reading it back as the XML that it is."""
import os
import re
import shutil
import statistics
import subprocess
import xml.etree.ElementTree

KICKBENCH = os.environ["KICKBENCH"]
SRC = os.environ["SRC"]
REFERENCE = os.path.join(SRC, "results", "reference")
SVG = "{http://www.w3.org/2000/svg}"
FIGURES = ("cost-ladder", "latency", "matrix", "migration", "broadcast", "verdicts", "weaken", "topology")


def report(*args, **kwargs):
    return subprocess.run([KICKBENCH, "report", *args], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, timeout=60, **kwargs)


def copy_of_reference(parent, name="run"):
    return shutil.copytree(REFERENCE, os.path.join(parent, name))


class Page:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.text = file.read()
        text = re.sub(r"^<!DOCTYPE html>\n", "", self.text)
        self.root = xml.etree.ElementTree.fromstring(text.replace(' xmlns="http://www.w3.org/1999/xhtml"', ""))

    def figure(self, name):
        found = [f for f in self.root.iter("figure") if f.get("id") == name]
        assert len(found) == 1, f"{len(found)} figures are called {name}"
        return found[0]

    def tables(self, figure):
        """Each folded table of a figure as a list of rows by column; numbers with all their digits."""
        for details in self.figure(figure).iter("details"):
            table = details.find("div/table")
            if details.get("class") != "data" or table is None:
                continue
            head = ["".join(th.itertext()) for th in table.find("thead").iter("th")]
            yield [dict(zip(head, map(cell_text, tr))) for tr in table.find("tbody")]


def cell_text(cell):
    data = cell.find("data")
    return data.get("value") if data is not None else "".join(cell.itertext())


def median(rows, column):
    """Of the valid repetitions; "" where there are none."""
    values = [float(r[column]) for r in rows if r["verdict"] == "ok" and r[column]]
    return statistics.median(values) if values else ""
