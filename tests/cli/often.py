# SPDX-License-Identifier: GPL-2.0-or-later
"""The program, called often, and loaded once: preload/often.c."""

import atexit
import os
import struct
import subprocess
import tempfile

PRELOAD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "preload", "often.c")


class Often:
    def __init__(self, program):
        self.program = program
        self.folder = tempfile.TemporaryDirectory()
        self.files = self.folder.name + "/said"
        library = self.folder.name + "/often.so"
        subprocess.run([os.environ.get("CC", "cc"), "-D_GNU_SOURCE", "-O1", "-shared", "-fPIC", "-o", library, PRELOAD],
                       check=True)
        self.server = subprocess.Popen([program], env=dict(os.environ, LD_PRELOAD=library, OFTEN=self.files),
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        atexit.register(self.server.communicate)

    def run(self, *arguments):
        """As subprocess.run() of the program with its output captured as text."""
        request = "".join(argument + "\0" for argument in arguments).encode()
        self.server.stdin.write(struct.pack("=I", len(request)) + request)
        status = struct.unpack("=i", self.server.stdout.read(4))[0]
        said = []
        for fd in "12":
            with open(f"{self.files}.{fd}", encoding="utf-8") as file:
                said.append(file.read())
        return subprocess.CompletedProcess([self.program, *arguments], os.waitstatus_to_exitcode(status), *said)
