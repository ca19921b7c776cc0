#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every option of every verb, by the program's own table of them: one rule for lists, numbers and times, in
the same words; help in 80 columns; a manual page that says the same; all names completed.  Nothing runs:
each command line ends in an option that is not there, which is looked at after the others."""

import os
import re
import sys

from often import Often

SRC = os.path.abspath(os.environ.get("SRC", os.path.join(os.path.dirname(__file__), "..", "..")))
KICKBENCH = os.environ.get("KICKBENCH", SRC + "/build/release/kickbench")
END = "--no-such-option"
complaints = []
looked_at = 0


def look(fine, what):
    global looked_at
    looked_at += 1
    if not fine:
        complaints.append(what)


run = Often(KICKBENCH).run


taken = {}


def takes(verb, option, text):
    """The value is taken: what is complained of is what follows.  Looked at below, many in one command line."""
    taken.setdefault(verb, {}).setdefault(option, []).append(text)


def is_taken(verb, *words):
    done = run(verb, *words, END)
    return done.returncode == 2 and f"unknown option '{END}'" in done.stderr, done.stderr.strip()


def look_at_taken(verb):
    """The first value of each option, then the second ones; what is refused alone ends its line."""
    of_option = taken.get(verb, {})
    for turn in range(max(map(len, of_option.values()), default=0)):
        words = [f"--{option}={texts[turn]}" for option, texts in of_option.items() if turn < len(texts)]
        all_taken = is_taken(verb, *words)[0]
        for word in words:
            fine, said = (True, "") if all_taken else is_taken(verb, word)
            look(fine, f"{verb} {word}: not taken: {said}")


def refuses(verb, option, text, why):
    done = run(verb, f"--{option}={text}", END)
    look(done.returncode == 2 and done.stderr.count("\n") == 1 and re.search(why, done.stderr),
         f"{verb} --{option}={text}: no '{why}' in: {done.stderr.strip()}")


asked = set()


def some(verb, kind, texts):
    """What no option of that kind takes: the first one of a verb is asked all, the others, of whose reading each
    kind has one function, the first two."""
    whole = (verb, kind) not in asked
    asked.add((verb, kind))
    return texts if whole else texts[:2]


def bounds(row):
    least, most = int(row["least"]), int(row["most"])
    yield str(least or 0)
    if most:
        yield str(most)


def check_number(verb, option, row):
    for text in some(verb, "number", ("0x10", "18446744073709551616", "1e3", "+1", "-1", " 1", "", "1K", "1.5")):
        refuses(verb, option, text, "expected ")
    for text in bounds(row):
        takes(verb, option, text)
    if int(row["least"]):
        refuses(verb, option, str(int(row["least"]) - 1), "expected ")
    if int(row["most"]):
        refuses(verb, option, str(int(row["most"]) + 1), "expected ")


def check_time(verb, option, row):
    least, most = int(row["least"]), int(row["most"])
    for text, ns in some(verb, "time", (("500ms", 500000000), ("2", 2000000000), ("0.5", 500000000),
                                        ("2s", 2000000000), ("10us", 10000), ("3m", 180000000000))):
        if ns >= least and (not most or ns <= most):
            takes(verb, option, text)
        else:
            refuses(verb, option, text, "expected a time")
    for text in some(verb, "no time", ("0x1s", "1h", "1e3", "+1s", "-1s", " 1s", "", "1.", "5 ms", "99999999999m")):
        refuses(verb, option, text, "expected a time")
    if least:
        refuses(verb, option, "0", "expected a time")


def check_names(verb, option, row):
    names = row["names"].split()
    refuses(verb, option, f"{names[0]},{names[0]}", f"'{names[0]}' stands there twice")
    refuses(verb, option, f"{names[0]},no-such-name", "unknown .* 'no-such-name'.*known: ")
    refuses(verb, option, f"{names[0]},", "expected a list")
    refuses(verb, option, "", "expected a list")
    takes(verb, option, names[-1])
    if run(verb, f"--{option}=all", END).stderr.count(END):
        refuses(verb, option, f"all,{names[0]}", "'all' stands alone")
        refuses(verb, option, f"{names[0]},all", "'all' stands alone")
    else:
        refuses(verb, option, "all", "unknown")
    if len(names[0]) > 3:
        refuses(verb, option, names[0] + "x", f"did you mean '{names[0]}'")


def check_numbers(verb, option, row):
    check_number(verb, option, row)
    for text in bounds(row):
        refuses(verb, option, f"{text},0{text}", "stands there twice")
    refuses(verb, option, "all", "expected ")


def check_option(verb, row):
    option, kind = row["name"], row["kind"]
    check = {"number": check_number, "numbers": check_numbers, "time": check_time, "names": check_names}.get(kind)
    if check:
        check(verb, option, row)
    if kind == "real":
        for text in some(verb, "real", ("0x1", "nan", "1e-2", "-1", "inf", "", "+1", " 1")):
            refuses(verb, option, text, "expected a number")
    if kind == "number" and not row.get("most"):
        refuses(verb, option, str(1 << 64), "expected a number, 18446744073709551615 at most")
    if kind in ("file", "dir") and option != "xml":
        refuses(verb, option, "-", "expected a (file|folder); one of that name is ./-")
    if kind == "choice":
        refuses(verb, option, "no-such-name", "unknown .*known: ")
    if kind == "list":
        refuses(verb, option, "a,,b", "expected a list")
        refuses(verb, option, "a=1,a=2", "stands there twice")
    if kind == "flag":
        refuses(verb, option, "1", "takes no value")
    elif row["value"] and not row["optional"]:
        look(f"option '--{option}' wants a value" in run(verb, f"--{option}", END).stderr,
             f"{verb} --{option}: eats the next option")
    short = option[:-1]
    if f"--{short}" not in OPTIONS[verb]:
        done = run(verb, f"--{short}=1")
        look(done.returncode == 2 and f"unknown option '--{short}'" in done.stderr, f"{verb} takes --{short}")
    words = run("help", f"--words={option}", verb).stdout.split()
    names = row["names"].split()
    look([w.rstrip("=") for w in words][: len(names)] == names, f"{verb} --{option}: completes {words}")
    if kind in ("file", "dir"):
        look(words == [kind.upper()], f"{verb} --{option}: completes {words}")


def check_verb(verb):
    text = run(verb, "--help").stdout
    for line in text.splitlines():
        look(len(line) <= 80, f"{verb} --help: {len(line)} columns: {line}")
    look(text == run("help", verb).stdout, f"help {verb} is not {verb} --help")
    for option in OPTIONS[verb]:
        look(re.search(rf"^  {option}\b", text, re.M), f"{verb} --help: no {option}")
    with open(f"{SRC}/man/kickbench-{verb}.1.scd", encoding="utf-8") as f:
        page = f.read()
    part = re.search(r"^# OPTIONS\n.*?(?=^# )", page, re.S | re.M)
    manual = run("help", "--manual", verb).stdout
    if OPTIONS[verb]:
        look(part and part.group() == manual,
             f"man/kickbench-{verb}.1.scd: OPTIONS are not those of `kickbench help --manual {verb}`; "
             f"`{sys.argv[0]} --write` puts them there")
    if "--write" in sys.argv and part:
        with open(f"{SRC}/man/kickbench-{verb}.1.scd", "w", encoding="utf-8") as f:
            f.write(page.replace(part.group(), manual))


FIELDS = ("verb", "name", "kind", "value", "preset", "least", "most", "names")
rows = [dict(zip(FIELDS, line.split("\t"))) for line in run("help", "--table").stdout.splitlines()]
OPTIONS = {verb: [w for w in run("help", "--words", verb).stdout.split() if w != "--help"]
           for verb in run("help", "--words").stdout.split()}
for row in rows:
    row["optional"] = row["value"].startswith("=")  # --name or --name=value
    check_option(row["verb"], row)
for verb in OPTIONS:
    look_at_taken(verb)
    check_verb(verb)
print("\n".join(complaints))
print(f"{len(rows)} options of {len(OPTIONS)} verbs, {looked_at} checks, {len(complaints)} complaints")
sys.exit(1 if complaints or len(rows) < 100 or looked_at < 1000 else 0)
