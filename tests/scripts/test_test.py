#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The status of scripts/test and of .ci/run is what its last line says: scripts/test itself, with a
cmake and a ctest that do as they are told."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

SRC = os.environ.get("SRC", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))

CMAKE = """#!/bin/sh
case " $* " in *" --build "*) [ "$BROKEN" != "$3" ] ;; esac
"""

# ctest --preset NAME ... --output-log FILE
CTEST = """#!/bin/sh
mkdir -p "build/$2/Testing/Temporary" && : >"build/$2/Testing/Temporary/LastTest.log"
shift $(($# - 1))
echo "50% tests passed, $FAILED tests failed out of $RUN" >"$1"
exit $STATUS
"""


class ScriptsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        for name in ("scripts/test", ".ci/run"):
            os.makedirs(os.path.join(self.root, os.path.dirname(name)))
            shutil.copy(os.path.join(SRC, name), os.path.join(self.root, name))
        for name, text in (("scripts/setup", "#!/bin/sh\n"), ("bin/cmake", CMAKE), ("bin/ctest", CTEST)):
            path = os.path.join(self.root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
            os.chmod(path, 0o755)

    def run_it(self, name="scripts/test", failed=0, run=2, status=0, broken=""):
        """The status, and the last line of what was printed."""
        environment = dict(os.environ, PATH=f"{self.root}/bin:{os.environ['PATH']}", FAILED=str(failed),
                           RUN=str(run), STATUS=str(status), BROKEN=broken)
        done = subprocess.run([os.path.join(self.root, name)], cwd="/", env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return done.returncode, (done.stdout.splitlines() or [""])[-1]

    def test_all_passed(self):
        for name in ("scripts/test", ".ci/run"):
            self.assertEqual(self.run_it(name), (0, "100% tests passed, 0 tests failed out of 6 (6 passed, 0 skipped)"))

    def test_some_failed(self):
        for name in ("scripts/test", ".ci/run"):
            self.assertEqual(self.run_it(name, failed=1, status=8),
                             (1, "50% tests passed, 3 tests failed out of 6 (3 passed, 0 skipped)"))

    def test_a_ctest_that_broke_is_a_failure(self):
        self.assertEqual(self.run_it(status=8)[0], 1)

    def test_no_tests_are_a_failure(self):
        self.assertEqual(self.run_it(run=0)[0], 1)

    def test_a_build_that_failed(self):
        for build in ("release", "asan", "tsan"):
            self.assertEqual(self.run_it(broken=build)[0], 3, build)


if __name__ == "__main__":
    sys.argv[1:] = sys.argv[1:] or ["-v"]
    unittest.main()
