#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""scripts/kernel-judge without a kernel: its usage, what the guest sends, the guest's programs and the module's sources
compile; the latter only where headers of some kernel are."""
import glob
import os
import pwd
import subprocess
import sys
import tempfile
import unittest

SRC = os.environ["SRC"]
SCRIPT = os.path.join(SRC, "scripts", "kernel-judge")
MAKE = os.environ.get("MAKE", "make")  # there, where headers are
CACHE = pwd.getpwuid(os.getuid()).pw_dir + "/.cache"  # of the user, not of the test
# Of this kernel, of any that is installed, or those that the lab has unpacked.
HEADERS = next((folder for pattern in (f"/lib/modules/{os.uname().release}/build", "/usr/src/linux-headers-*-*64",
                                       CACHE + "/kickbench/kernel-lab/*/judge/usr/src/linux-headers-*-*64")
                for folder in sorted(glob.glob(pattern)) if os.path.exists(folder + "/Module.symvers")), None)
sys.path.insert(0, os.path.join(SRC, "scripts", "lab"))
import unpack  # noqa: E402  pylint: disable=wrong-import-position


class KernelJudge(unittest.TestCase):
    def test_usage(self):
        for arguments in (["--out"], ["--torture"], ["--debug"]):
            done = subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done)
        done = subprocess.run([SCRIPT, "--help"], capture_output=True, text=True, check=True)
        self.assertIn("--lab", done.stdout)

    def test_unpack(self):
        with tempfile.TemporaryDirectory() as folder:
            unpack.unpack(b"FILE a.csv 4\n1\n2\nFILE empty 0\nFILE run.json 2\n{}", folder)
            with open(folder + "/a.csv", "rb") as file:
                self.assertEqual(file.read(), b"1\n2\n")
            unpack.unpack(b"LINES b.csv 21\n0:0:a,b,c\n2:2:x\n0:0:\n", folder)
            with open(folder + "/b.csv", "rb") as file:
                self.assertEqual(file.read(), b"a,b,c\na,x,c\n\n")
            self.assertEqual(sorted(os.listdir(folder)), ["a.csv", "b.csv", "empty", "run.json"])
            for bad in b"FILE a 5\n1234", b"FILE ../a 1\n1", b"FILE a\n", b"a 1\n1":
                with self.assertRaises(ValueError):
                    unpack.unpack(bad, folder)

    def test_the_guest_shortens_what_unpack_lengthens(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(SRC, "scripts/lab/init.c"), encoding="utf-8") as file:
                guest = file.read().replace("int main(void)", "int guest(void); int guest(void)")
            guest += ('int main(int n, char **v) { if (n < 3) return guest(); int line = open(v[2], O_CREAT | O_WRONLY, 0600);'
                      ' send_file(line, v[1], "t.csv"); send_file(line, v[1], "t.txt"); return 0; }')
            subprocess.run(["gcc", "-O1", "-xc", "-", "-o", folder + "/guest"], input=guest, text=True, check=True)
            for name in "t.csv", "t.txt":
                with open(folder + "/" + name, "wb") as file:
                    file.write(b"run,1,a\nrun,1,ab\nrun,12,ab\n\nrun\nrunrun\n")
            subprocess.run([folder + "/guest", folder, folder + "/sent"], check=True)
            os.mkdir(folder + "/out")
            with open(folder + "/sent", "rb") as sent:
                unpack.unpack(sent.read(), folder + "/out")
            for name in "t.csv", "t.txt":
                with open(folder + "/" + name, "rb") as was, open(folder + "/out/" + name, "rb") as got:
                    self.assertEqual(got.read(), was.read())

    def test_programs_compile(self):
        for name in "init.c", "torture.c":
            subprocess.run(["gcc", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I", SRC,
                            os.path.join(SRC, "scripts/lab", name)], check=True)

    def test_a_file_of_sysfs_holds_it(self):
        check = '#include "kernel/kick_judge.h"\n_Static_assert(sizeof(struct judge_report) < 4096 && ' \
                'sizeof(struct judge_order) < 4096 && 4 * JUDGE_SAMPLES_A_READ < 4096, "one page");\n'
        subprocess.run(["gcc", "-xc", "-fsyntax-only", "-I", SRC, "-"], input=check, text=True, check=True)

    @unittest.skipUnless(HEADERS, "no kernel headers: neither installed nor unpacked by scripts/kernel-judge --lab")
    def test_module_compiles(self):
        with tempfile.TemporaryDirectory() as work:
            for name, text in {
                    "judge.c": '#include "kernel/judge.c"\n',
                    "backend_patched.c": '#define KICK_BACKEND patched\n#define KICK_BACKEND_FILE "impl/patched.h"\n'
                                         '#include "kernel/judge_tmpl.c"\n',
                    "kernel_backends.def": "X(patched)\n",
                    "kernel_hashes.def": '#define JUDGE_CONFIG_HASH ""\n#define JUDGE_SOURCE_HASH ""\n',
                    "Kbuild": "obj-m := kick_judge.o\nkick_judge-y := judge.o backend_patched.o\n"
                              f"tree := {SRC}\ninclude {SRC}/kernel/flags.mk\nccflags-y += -Werror\n"}.items():
                with open(f"{work}/{name}", "w", encoding="ascii") as file:
                    file.write(text)
            done = subprocess.run([MAKE, "-C", HEADERS, "M=" + work, "CONFIG_DEBUG_INFO_BTF_MODULES=", "modules"],
                                  capture_output=True, text=True,
                                  check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
