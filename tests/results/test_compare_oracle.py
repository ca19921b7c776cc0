#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""kickbench compare against the same statistics in plain Python: brute-force U, bootstrap, Holm."""
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile

MASK = (1 << 64) - 1


def xoshiro(seed):
    """The same numbers as stats_random_next()."""
    s = []
    for _ in range(4):
        seed = (seed + 0x9E3779B97F4A7C15) & MASK
        z = ((seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        s.append(z ^ (z >> 31))

    def rotl(x, k):
        return ((x << k) | (x >> (64 - k))) & MASK

    while True:
        yield (rotl((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 45)


def quantile(x, q):
    at = q * (len(x) - 1)
    low = int(at)
    return x[-1] if low + 1 >= len(x) else x[low] + (at - low) * (x[low + 1] - x[low])


def interval(a, b, seed, resamples=10000):
    numbers = xoshiro(seed)
    a, b = sorted(a), sorted(b)

    def median(x):
        return statistics.median(x[next(numbers) * len(x) >> 64] for _ in x)

    ratios = []
    for _ in range(resamples):
        below = median(a)
        ratios.append(median(b) / below)
    ratios.sort()
    return quantile(ratios, 0.025), quantile(ratios, 0.975)


def mann_whitney(a, b):
    """U of a, and p by going through every way to choose len(a) of all values."""
    values = a + b
    u = [[(x > y) + (x == y) / 2 for y in values] for x in values]
    mean = len(a) * len(b) / 2

    def u_of(chosen):
        others = [i for i in range(len(values)) if i not in chosen]
        return sum(u[i][j] for i in chosen for j in others)

    observed = u_of(tuple(range(len(a))))
    sets = list(itertools.combinations(range(len(values)), len(a)))
    extreme = sum(abs(u_of(s) - mean) >= abs(observed - mean) for s in sets)
    return observed, extreme / len(sets)


def holm(p):
    adjusted, largest = [0.0] * len(p), 0.0
    for rank, i in enumerate(sorted(range(len(p)), key=lambda i: p[i])):
        largest = max(largest, p[i] * (len(p) - rank))
        adjusted[i] = min(largest, 1.0)
    return adjusted


def make_cases(rng):
    """Name -> (a, b): sizes that differ, ties, shifts."""
    cases = {}
    for i, (na, nb, shift, digits) in enumerate(
        [(6, 6, 1.3, 6), (5, 7, 1.0, 6), (7, 5, 0.8, 1), (4, 4, 2.0, 6), (6, 5, 1.05, 1), (7, 7, 1.1, 0)]
    ):
        a = [round(rng.gauss(10, 1), digits) for _ in range(na)]
        b = [round(rng.gauss(10 * shift, 1), digits) for _ in range(nb)]
        cases["b%d" % i] = (a, b)
    return cases


def make_processes(rng):
    """Name -> (a, b), each a list of processes, each a list of repetitions around its own level."""
    def side(level, n):
        return [[round(rng.gauss(own, 0.05), 4) for _ in range(9)]
                for own in (rng.gauss(level, 0.5) for _ in range(n))]
    return {"p%d" % i: (side(10, na), side(10 * shift, nb))
            for i, (na, nb, shift) in enumerate([(6, 6, 1.0), (7, 5, 1.2), (4, 7, 0.9)])}


def write_processes(path, cases, side):
    with open(path, "w") as out:
        out.write("run_id,process,backend,repetition,ns_per_op,verdict\n")
        for name, sides in cases.items():
            rows = [(p, i, x) for p, reps in enumerate(sides[side]) for i, x in enumerate(reps)]
            random.Random(side).shuffle(rows)  # the order in the file does not matter
            for p, i, x in rows:
                out.write("r,%d,%s,%d,%r,ok\n" % (p, name, i, x))


def write_csv(path, cases, side):
    with open(path, "w") as out:
        out.write("backend,repetition,ns_per_op,verdict\n")
        for name, sides in cases.items():
            for i, x in enumerate(sides[side]):
                out.write("%s,%d,%r,ok\n" % (name, i, x))


def near(what, got, expected, relative=1e-9):
    if abs(got - expected) > relative * max(abs(expected), 1e-12):
        sys.exit("%s: kickbench says %r, the oracle %r" % (what, got, expected))


def check(cases, write, samples):
    """cases: what kickbench reads; samples: name -> (a, b), what it should make of them."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("a.csv", "b.csv")]
        for side, path in enumerate(paths):
            write(path, cases, side)
        done = subprocess.run(
            [os.environ["KICKBENCH"], "compare", *paths, "--json", "--seed", "42"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    rows = json.loads(done.stdout)["rows"]
    assert [r["case"]["backend"] for r in rows] == list(samples), rows
    expected = [mann_whitney(a, b) for a, b in samples.values()]
    adjusted = holm([p for _, p in expected])
    for row, (a, b), (u, p), p_holm in zip(rows, samples.values(), expected, adjusted):
        name = row["case"]["backend"]
        low, high = interval(a, b, 42)
        near(name + " ratio", row["ratio"], statistics.median(b) / statistics.median(a))
        near(name + " u", row["u"], u)
        near(name + " p", row["p"], p)
        near(name + " p_holm", row["p_holm"], p_holm)
        near(name + " low", row["ratio_low"], low)
        near(name + " high", row["ratio_high"], high)
    ratios = [statistics.median(b) / statistics.median(a) for a, b in samples.values()]
    near("geomean", json.loads(done.stdout)["summary"]["geomean"], statistics.geometric_mean(ratios))
    print("%d cases agree" % len(rows))


def main():
    cases = make_cases(random.Random(1))
    check(cases, write_csv, cases)
    processes = make_processes(random.Random(2))
    check(processes, write_processes,
          {name: [[statistics.median(reps) for reps in side] for side in sides]
           for name, sides in processes.items()})


main()
