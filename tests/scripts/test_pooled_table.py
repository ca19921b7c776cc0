#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The queries of docs/cluster.md, as they stand there, over the results folders of two kinds of machines: one
table of all rows, in sqlite, and in DuckDB where that is installed, with the same answer."""
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile

SRC = os.environ["SRC"]
REFERENCE = SRC + "/results/reference"
HOSTS = {"genoa-n017": "Genoa", "genoa-n018": "Genoa", "graviton-a003": "Graviton"}
complaints = []


def look(fine, what):
    if not fine:
        complaints.append(what)


def folders(base):
    """One per node; all their rows."""
    pooled = []
    with open(REFERENCE + "/bench.csv", encoding="utf-8", newline="") as f:
        rows = [row for row in csv.DictReader(f) if row["scenario"] == "fastpath"]
    for host, machine in HOSTS.items():
        os.mkdir(f"{base}/{host}")
        mine = [row | {"host": host, "machine": machine} for row in rows]
        with open(f"{base}/{host}/bench.csv", "w", encoding="utf-8", newline="") as f:
            writer = csv.DictWriter(f, mine[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(mine)
        pooled += mine
    return pooled


def by_hand(rows):
    groups = {}
    for row in rows:
        if row["verdict"] == "ok":
            groups.setdefault((row["machine"], row["backend"], row["path"]), []).append(row)
    return {key: (len({row["host"] for row in group}), [float(r["ns_per_op"]) for r in group if r["ns_per_op"]])
            for key, group in groups.items()}


def compare(who, answer, rows):
    """answer: lists of machine, hosts, backend, path, ns."""
    wanted = by_hand(rows)
    look(len(answer) == len(wanted), f"{who}: {len(answer)} groups, not {len(wanted)}")
    for machine, hosts, backend, path, ns in answer:
        n, figures = wanted.get((machine, backend, path or ""), (0, []))
        look(int(hosts) == n, f"{who}: {machine} {backend}: {hosts} hosts, not {n}")
        look(figures and abs(float(ns) / (sum(figures) / len(figures)) - 1) < 1e-6, f"{who}: {backend} {path}: {ns}")


def documented():
    """The shell's text, sqlite's query, DuckDB's statement."""
    with open(SRC + "/docs/cluster.md", encoding="utf-8") as f:
        text = f.read()
    shell = re.search(r"^    for f in .*?pool\.db$", text, re.M | re.S)[0]
    query = re.search(r'sqlite3 -box pool\.db "(select.*?)"', text, re.S)[1]
    duck = re.search(r"`(create table bench as select.*?)`", text, re.S)[1]
    return shell, query, " ".join(duck.split())


def in_sqlite(base, shell, query, rows):
    done = subprocess.run(["bash", "-eu", "-c", shell], cwd=base, capture_output=True, text=True, check=False)
    look(done.returncode == 0 and not done.stderr, "sqlite3: " + done.stderr)
    count = subprocess.run(["sqlite3", "pool.db", "select count(*) from bench"], cwd=base, capture_output=True,
                           text=True, check=False).stdout.strip()
    look(count == str(len(rows)), f"sqlite3 has {count} rows, not {len(rows)}")
    done = subprocess.run(["sqlite3", "-csv", "pool.db", query], cwd=base, capture_output=True, text=True, check=False)
    compare("sqlite3", list(csv.reader(done.stdout.splitlines())), rows)


def in_duckdb(base, duck, query, rows):
    if shutil.which("duckdb"):
        done = subprocess.run(["duckdb", "-csv", "-noheader", "-c", duck + "; " + query], cwd=base,
                              capture_output=True, text=True, check=False)
        compare("duckdb", list(csv.reader(done.stdout.splitlines())), rows)
        return
    import duckdb  # pylint: disable=import-outside-toplevel,import-error

    os.chdir(base)
    duckdb.sql(duck)
    compare("duckdb", duckdb.sql(query).fetchall(), rows)


with tempfile.TemporaryDirectory() as work:
    table = folders(work)
    texts = documented()
    if not shutil.which("sqlite3"):
        print("skipped: no sqlite3 here (Debian package sqlite3)")
        sys.exit(4)
    in_sqlite(work, texts[0], texts[1], table)
    try:
        in_duckdb(work, texts[2], texts[1], table)
    except ImportError:
        print("skipped: DuckDB is not installed, neither its program nor its module for Python")
    os.chdir("/")
print("\n".join(map(str, complaints)))
print(f"{len(complaints)} complaints")
sys.exit(bool(complaints))
