#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every program that the tests, the scripts and the build call is in a package that scripts/setup installs in
time: for the quick tier with --test, for the full tier and the scripts with --full.  Not in its lists is what
every Debian has, and what they do without.  Last, that a program in no list is found."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

import programs
import tree

# Programs whose package has another name than what owns them, or that are not here at times.
PACKAGE = {
    "cc": "gcc", "c++": "g++", "ninja": "ninja-build", "python3": "python3", "nm": "binutils", "ar": "binutils",
    "readelf": "binutils", "objdump": "binutils", "strip": "binutils", "clang": "clang", "chromium": "chromium",
    "hwloc-calc": "hwloc-nox", "hwloc-distrib": "hwloc-nox", "dpkg-shlibdeps": "dpkg-dev", "make": "make",
    "qemu-system-x86_64": "qemu-system-x86", "sbatch": "slurm-wlm", "scancel": "slurm-wlm", "sinfo": "slurm-wlm",
    "squeue": "slurm-wlm", "scontrol": "slurm-wlm", "slurmctld": "slurm-wlm", "slurmd": "slurm-wlm", "perf": "linux-perf",
    "pkg-config": "pkg-config", "qemu-system-aarch64": "qemu-system-arm",
    "qemu-aarch64-static": "qemu-user-static", "aarch64-linux-gnu-gcc": "gcc-aarch64-linux-gnu",
    "aarch64-linux-gnu-g++": "g++-aarch64-linux-gnu", "aarch64-linux-gnu-objdump": "binutils-aarch64-linux-gnu",
    "mmdebstrap": "mmdebstrap", "lintian": "lintian", "pdftotext": "poppler-utils", "mount": "mount",
}
# What every Debian has, apt's and some awk; and what is used only where it is there: another name of a
# program, a cache, a way to be root, modules.
OPTIONAL = {"apt-get", "apt-cache", "awk", "ccache", "chromium-browser", "sudo", "kickbench", "insmod", "rmmod",
            "duckdb"}
PATTERNS = ("scripts/*", ".ci/*", "cmake/*", "CMakeLists.txt", "tests/*.sh", "tests/*.py", "tests/*.c", "tests/*.h")


def query(*arguments):
    return subprocess.run(["dpkg-query", *arguments], capture_output=True, text=True, check=False).stdout


def owners(names):
    """Program -> package, of those that are here and of a package; merged or not, through alternatives or not."""
    paths = {}
    for name in names:
        path = shutil.which(name)
        for spelled in (path, path.removeprefix("/usr"), os.path.realpath(path)) if path else ():
            paths.setdefault(spelled, set()).add(name)
    found = {}
    for package, path in re.findall(r"^([\w.+-]+)(?::\w+)?: (/.*)$", query("-S", *paths), re.M):
        for name in paths.get(path, ()):
            found.setdefault(name, package)
    return found


def needs(package):
    """What it depends on by name."""
    return set(re.findall(r"[\w.+-]+", query("-W", "-f", "${Pre-Depends}, ${Depends}", package))) | {package}


def lists():
    """The lists of scripts/setup: what each word of its command line installs."""
    found = dict(re.findall(r'^(\w*packages)="(.*?)"', tree.text("scripts/setup"), re.M | re.S))
    names = {key: set(value.split()) for key, value in found.items()}
    quick = names["packages"] | names["test_packages"]
    return {"--test": quick, "--full": quick | names["full_packages"]}


def callers():
    """Program -> files; a function of any script is no program in those that source it."""
    texts = {file: tree.text(file) for file in tree.files(*PATTERNS) if not file.endswith((".md", ".txt", ".xml"))
             or file == "CMakeLists.txt"}
    functions = set().union(*(set(re.findall(r"^(\w+)\(\)", text, re.M)) for text in texts.values()))
    found = {}
    for file, text in texts.items():
        for program in programs.called(file, text) - functions - OPTIONAL:
            found.setdefault(program, []).append(file)
    return found


def is_full(file):
    # All tests in guests are of the full tier.
    return os.path.basename(file).startswith("test_full_") or file.startswith(("tests/guests/", "scripts/")) and \
        os.path.basename(file) not in ("setup", "test", "run")


def complaints_about(found, essential, installed_by):
    owner = owners(found)
    for program, files in sorted(found.items()):
        real = owner.get(program)
        package = PACKAGE.get(program, real)
        if real in essential:
            continue
        if not package:
            yield f"{program}: of which package? [called by {files[0]}]"
            continue
        if program not in PACKAGE and package not in installed_by["--test"]:
            yield f"{program}: is of {package}, which a machine without the full tier's packages cannot tell"
        if real and program in PACKAGE and real not in needs(package):
            yield f"{program}: is of {real}, not of {package}"
        for file in files:
            option = "--full" if is_full(file) else "--test"
            if package not in installed_by[option]:
                yield f"{file} calls {program}, but scripts/setup {option} does not install {package}"
                break


SCRIPT = """#!/bin/sh
case $1 in
a | b) one --x ;; # but not this
c) x=$(two | three "$(four)") && ! five >six 2>&1 ;;
esac
eight=1 nine "ten $(eleven $((12 + 3)))" || { thirteen; }
fourteen() { timeout -k 1 20 fifteen; }
fourteen <<END
sixteen $(seventeen)
END
for tool in eighteen; do command -v $tool; done
if [ -x /usr/bin/twenty ]; then sh -c 'twentyone "$1"' sh; fi
array=(no nor)
trap 'twentytwo' EXIT
while read -r line; do env -i A=b twentythree; done < <(twentyfour)
"""
WORDS = ["one", "two", "three", "four", "five", "nine", "eleven", "thirteen", "fifteen", "timeout", "seventeen",
         "eighteen", "sh", "twentyone", "twentytwo", "env", "twentythree", "twentyfour"]
PYTHON = """import subprocess, shutil
command = ["one", "x"]
subprocess.run(command)
subprocess.run(["two"] + command)
for tool in ("three", "four"):
    shutil.which(tool)
other.run("five")
"""


def self_check(complaints):
    """What is called is found, and a program of a package in no list is complained about."""
    for what, got, expected in (("shell", programs.Shell(SCRIPT).programs(), set(WORDS)),
                                ("python", programs.of_python(PYTHON), {"one", "two", "three", "four"}),
                                ("C", programs.of_c('system("one -v"); snprintf(command, n, "two | three %s", x);'),
                                 {"one", "two", "three"}),
                                ("CMake", programs.of_cmake("find_program(ONE one)"), {"one"})):
        if got != expected:
            complaints.append(f"{what}: found {sorted(got - expected)} too many, not {sorted(expected - got)}")
    with tempfile.TemporaryDirectory() as tree.SRC:
        os.makedirs(tree.SRC + "/tests/x")
        os.makedirs(tree.SRC + "/scripts")
        for file, text in (("scripts/setup", 'packages="gcc"\ntest_packages=""\nfull_packages="make"\n'),
                           ("tests/x/test_a.sh", "#!/bin/sh\ngcc -v | grep x\n\"$CC\" | make\nnosuchprogram\n"),
                           ("tests/x/test_full_a.sh", "#!/bin/sh\nmake; hwloc-calc\n")):
            with open(tree.SRC + "/" + file, "w", encoding="utf-8") as f:
                f.write(text)
        got = sorted(complaints_about(callers(), {"grep"}, lists()))
    words = ("nosuchprogram: of which", "test_a.sh calls make, but scripts/setup --test does not install make",
             "test_full_a.sh calls hwloc-calc, but scripts/setup --full does not install hwloc-nox")
    if len(got) != len(words) or not all(any(word in line for line in got) for word in words):
        complaints.append(f"of three programs in no list it says {got}")


def main():
    if not shutil.which("dpkg-query"):
        print("skipped: only Debian knows what its packages are")
        return 4
    essential = set(query("-W", "-f", "${Package} ${Essential} ${Priority}\n").splitlines())
    essential = {line.split()[0] for line in essential if " yes " in line}
    found = callers()
    complaints = list(complaints_about(found, essential, lists()))
    self_check(complaints)
    print("\n".join(complaints))
    print(f"{len(found)} programs looked at, {len(complaints)} complaints")
    return 1 if complaints or len(found) < 50 else 0


sys.exit(main())
