#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""README, docs/, results/README.md and man/ speak of what exists: verbs, options (against --help, and
each option of a verb stands in its manual page), names of backends, scenarios and presets in commands,
files, links and their anchors, upstream commits as full links; and nothing is left unfinished."""

import glob
import json
import os
import re
import shutil
import subprocess
import sys

SRC = os.path.abspath(os.environ.get("SRC", os.path.join(os.path.dirname(__file__), "..", "..")))
KICKBENCH = os.environ.get("KICKBENCH", SRC + "/build/release/kickbench")
# Names that stand for the reader's own.
PLACEHOLDERS = {"NAME", "mine", "a", "b", "x", "y", "WHY"}
FOLDERS = "impl|include|machine|perf|bench|stress|explore|topo|kvm|results|report|cli|scripts|tests|docs|man|cmake|examples"
complaints = []
looked_at = 0


def look(fine, where, what):
    global looked_at
    looked_at += 1
    if not fine:
        complaints.append(f"{where}: {what}")


def output(*arguments):
    done = subprocess.run([KICKBENCH, *arguments], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def options_of(help_text):
    """Those that an option line or the usage introduces."""
    lines = [l for l in help_text.splitlines() if re.match(r"usage:|\s+(kickbench|--)", l)]
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", "\n".join(lines)))


VERBS = re.findall(r"^  ([a-z]+) ", output("--help"), re.M)
# Those of our scripts, and of what these call.
SCRIPTS = "".join(
    open(p, encoding="utf-8", errors="replace").read() for p in glob.glob(SRC + "/scripts/*") if os.path.isfile(p)
)
OTHERS = {"--version", "--preset", "--prefix"} | set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", SCRIPTS))
OPTIONS = {verb: options_of(output(verb, "--help")) | {"--help"} for verb in VERBS}
BACKENDS = set(output("list", "--names").split()) | PLACEHOLDERS | {"all"}
BACKENDS |= {backend["world"] for backend in json.loads(output("list", "--json"))["backends"]}
SCENARIOS = set(re.findall(r"^  (\w+) ", output("list").partition("scenarios")[2], re.M))
SCENARIOS |= set(re.findall(r"^([a-z-]+) ", output("explore", "--list"), re.M)) | PLACEHOLDERS | {"all", "quick"}


def check_command(where, words):
    """The words after `kickbench`."""
    verb = next((w for w in words if not w.startswith("-")), None)
    if verb in (None, "VERB"):
        return
    look(verb in VERBS, where, f"there is no verb '{verb}'")
    for i, word in enumerate(words):
        name, _, value = word.partition("=")
        if not name.startswith("--"):
            continue
        look(name in OPTIONS.get(verb, {name}), where, f"kickbench {verb} has no option {name}")
        value = value or (words[i + 1] if i + 1 < len(words) else "")
        known = {"--backend": BACKENDS, "--scenario": SCENARIOS}.get(name)
        for item in value.split(",") if known else []:
            look(item in known or item.isupper(), where, f"{name} {item}: unknown")


def words_of(text):
    """Of a shell command, up to what ends it."""
    text = re.split(r"\s#|[|;&>]", text)[0]
    return [w.strip("'\"()[].,:") for w in text.split() if w not in ("[", "]", "...")]


def check_commands(where, text):
    for match in re.finditer(r"(?<![\w/-])(?:[\w./]*/)?kickbench(?= )([^`\n]*)", text):
        check_command(where, words_of(match.group(1)))


def exists(path, base):
    if re.search(r"NAME|FOLDER|VERB|WHY|UTC|\bmine\b|build/|runs/", path):
        return True
    return bool(glob.glob(os.path.join(SRC, path)) or glob.glob(os.path.join(base, path)))


def check_code(where, code, base):
    """What stands in backquotes or in an indented block: commands, options, files."""
    if "kickbench " in code or code.startswith("kickbench"):
        check_commands(where, code)
    elif re.match(r"--[a-z]", code):
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", code):
            known = any(option in options for options in OPTIONS.values())
            look(known or option in OTHERS, where, f"no verb has {option}")
        for name, known in (("--backend", BACKENDS), ("--scenario", SCENARIOS)):
            for value in re.findall(name + r" (\S+)", code):
                for item in value.split(","):
                    look(item in known or item.isupper(), where, f"{name} {item}: unknown")
    for path in re.findall(rf"(?<![\w/.-])((?:{FOLDERS})/[\w./*-]+)", code):
        look(exists(path.rstrip("."), base), where, f"there is no {path}")


def anchor(heading):
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


def check_links(where, text, base):
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if re.match(r"https?:", target):
            commit = re.match(r"https://git\.kernel\.org/linus/(.*)", target)
            look(not commit or re.fullmatch(r"[0-9a-f]{12,40}", commit.group(1)), where, f"odd commit {target}")
            continue
        path, _, part = target.partition("#")
        path = os.path.normpath(os.path.join(base, path)) if path else where
        look(os.path.exists(path), where, f"dead link {target}")
        if part and os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                anchors = {anchor(h) for h in re.findall(r"^#+ (.*)", f.read(), re.M)}
            look(part in anchors, where, f"dead anchor {target}")


def check_markdown(path):
    base = os.path.dirname(path)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    where = os.path.relpath(path, SRC)
    check_links(path, text, base)
    fenced = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    for block in re.findall(r"(?:^    .*\n)+", fenced, re.M):
        for line in block.splitlines():
            check_code(where, line.strip(), base)
    for code in re.findall(r"`([^`]+)`", fenced):
        check_code(where, " ".join(code.split()), base)


def check_manual(path):
    where = os.path.relpath(path, SRC)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    name = os.path.basename(path)[: -len(".1.scd")]
    verb = name.partition("-")[2]
    look(text.startswith(name + "(1)\n"), where, "its first line is not its name")
    for page in re.findall(r"\*(kickbench[a-z-]*)\*\(1\)", text):
        look(os.path.exists(f"{SRC}/man/{page}.1.scd"), where, f"there is no page {page}")
    plain = text.replace("*", "").replace("_", "")
    if verb:
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) - {"--help"}
        look(verb in VERBS, where, f"there is no verb '{verb}'")
        for option in named:
            look(any(option in known for known in OPTIONS.values()), where, f"no verb has {option}")
        described = set(re.findall(r"\*(--[a-z][a-z-]*)\*", text))
        for option in sorted(OPTIONS.get(verb, set()) - {"--help"}):
            look(option in described, where, f"does not describe {option}")
    else:
        for known in VERBS:
            look(f"*kickbench-{known}*(1)" in text, where, f"does not name the page of {known}")
    for line in plain.splitlines():
        if re.match(r"\s*kickbench [a-z]+ ", line):
            check_command(where, [w for w in words_of(line.split("kickbench", 1)[1]) if w.isascii()])
    if shutil.which("scdoc"):
        with open(path, "rb") as f:
            done = subprocess.run(["scdoc"], stdin=f, capture_output=True, check=False)
        look(done.returncode == 0, where, done.stderr.decode().strip())


def check_finished(path):
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            unfinished = re.search(r"\b(T[O]DO|T[B]D|F[I]XME|X[X]X|to be (written|done|filled))\b", line)
            look(not unfinished, f"{os.path.relpath(path, SRC)}:{number}", "unfinished: " + line.strip())


def main():
    if not VERBS:
        sys.exit(f"{KICKBENCH} --help shows no verbs")
    pages = [SRC + "/README.md", SRC + "/results/README.md", *glob.glob(SRC + "/docs/*.md")]
    manuals = glob.glob(SRC + "/man/*.scd")
    for verb in VERBS:
        look(f"{SRC}/man/kickbench-{verb}.1.scd" in manuals, "man/", f"no page for {verb}")
    index = open(SRC + "/docs/README.md", encoding="utf-8").read()
    for page in pages:
        check_markdown(page)
        if "/docs/" in page and not page.endswith("README.md"):
            look(f"({os.path.basename(page)})" in index, "docs/README.md", f"does not list {page}")
    for manual in manuals:
        check_manual(manual)
    for page in pages + manuals:
        check_finished(page)
    testing = open(SRC + "/docs/testing.md", encoding="utf-8").read()
    full = {os.path.basename(p).partition(".")[0] for p in glob.glob(SRC + "/tests/*/test_full_*.*")}
    for name in full | set(re.findall(r"`(test_full_\w+)`", testing)):
        look(name in full and f"`{name}`" in testing, "docs/testing.md", f"{name} is there, or is told of, and not both")
    print("\n".join(complaints))
    print(f"{len(pages)} pages and {len(manuals)} manual pages, {looked_at} checks, {len(complaints)} complaints")
    return 1 if complaints or looked_at < 100 else 0


sys.exit(main())
