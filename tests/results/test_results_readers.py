#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""No cell of a results folder is what some reader takes for no value, and each row says where it ran.  Where there is
a pandas, it reads the files as they are, and the line of results/README.md finds every backend."""
import csv
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

# The words that pandas, R, polars, DuckDB or Excel take for nothing, as pandas lists them.
NOTHING = {"#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
           "NULL", "NaN", "None", "n/a", "nan", "null"}
READ = """
import glob, pandas
for name in glob.glob("*.csv"):
    table = pandas.read_csv(name)
    for column in ("run_id", "backend", "host", "machine"):
        assert column not in table or not table[column].isna().any(), (name, column)
        assert column not in table or table[column].dtype == object, (name, column)
"""


def kickbench(*args):
    done = subprocess.run([os.environ["KICKBENCH"], *args], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1, 5), done


def with_pandas():
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import pandas"], capture_output=True, check=False).returncode == 0:
            return python
    return None


def check_cells(folder):
    with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
        run = json.load(file)
    for path in glob.glob(os.path.join(folder, "*.csv")):
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows or path.endswith("latency.csv"), path
        for row in rows:
            assert not NOTHING.intersection(row.values()), (path, row)
            name = run["machine"]["hostname"] or ""
            assert row["run_id"] == run["run_id"] and row["host"] in (name, "host " + name), row
            assert row["machine"].startswith(run["machine"]["arch"] + " "), row


def check_hosts(place, python):
    """Hosts that are called like a number, or like nothing, where this user may call one so."""
    for name in ("0123", "1e5", "NA", "true"):
        out = os.path.join(place, name)
        done = subprocess.run(["unshare", "-u", "sh", "-c", f'echo {name} >/proc/sys/kernel/hostname && exec "$@"', "sh",
                               os.environ["KICKBENCH"], "explore", "--backend", "old", "--scenario", "one-kick", "--model",
                               "sc", "--out", out], capture_output=True, check=False)
        if done.returncode != 1 or not os.path.exists(out):
            return
        check_cells(out)
        with open(out + "/explore.csv", encoding="utf-8", newline="") as file:
            assert {row["host"] for row in csv.DictReader(file)} == {"host " + name}
        if python and name == "0123":
            subprocess.run([python, "-c", READ], cwd=out, check=True)


def main():
    python = with_pandas()
    with tempfile.TemporaryDirectory() as place:
        kickbench("bench", "--backend", "null,old,patched", "--scenario", "fastpath", "--path", "self", "--line", "hot",
                  "--window", "100us", "--out", os.path.join(place, "bench"))
        kickbench("explore", "--backend", "noop,old", "--scenario", "one-kick", "--model", "sc", "--out",
                  os.path.join(place, "explore"))
        check_hosts(place, python)
        for name in ("bench", "explore"):
            check_cells(os.path.join(place, name))
            if python:
                subprocess.run([python, "-c", READ], cwd=os.path.join(place, name), check=True)
        if python:
            with open(os.path.join(os.environ["SRC"], "results", "README.md"), encoding="utf-8") as file:
                line = re.search(r"python3 -c '(import pandas.*)'", file.read()).group(1)
            done = subprocess.run([python, "-c", line], cwd=os.path.join(place, "bench"), capture_output=True, text=True,
                                  check=True)
            assert all(name in done.stdout for name in ("noop", "old", "patched")), done.stdout
    print("ok" if python else "ok, without pandas (Debian: python3-pandas)")


main()
