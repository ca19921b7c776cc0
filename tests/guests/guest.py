# SPDX-License-Identifier: GPL-2.0-or-later
"""Machines that are not here: a guest under QEMU's emulator (TCG) with CPUs, NUMA nodes and kernel arguments
as asked for, Debian's packaged kernel, and an initramfs of the program with what it is linked with."""
import glob
import lzma
import os
import re
import shutil
import struct
import subprocess
import sys
import time

SRC = os.environ["SRC"]
KICKBENCH = os.environ["KICKBENCH"]
HERE = os.path.dirname(os.path.abspath(__file__))
ALWAYS = "quiet panic=-1 rcupdate.rcu_cpu_stall_suppress=1 rdinit=/init "
TOOLS = ("sh", "mount", "mkdir", "cat", "sleep", "taskset", "kill")


class Skip(Exception):
    """The reason why there is no guest here."""


def cache():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "kickbench")


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def kernel():
    """Debian's packaged kernel: the kernel lab's, if it was here, else its own copy."""
    found = glob.glob(cache() + "/kernel-lab/*/tree/boot/vmlinuz-*") + glob.glob(cache() + "/guests/boot/vmlinuz-*")
    if found:
        return max(found, key=os.path.getmtime)
    depends = re.search(r"Depends: (linux-image-\d\S*)", output("apt-cache", "depends", "linux-image-amd64"))
    if not depends:
        raise Skip("apt knows no linux-image-amd64: not Debian, or no package lists (apt-get update)")
    folder = cache() + "/guests"
    os.makedirs(folder, exist_ok=True)
    got = subprocess.run(["apt-get", "download", "-q", depends[1]], cwd=folder, capture_output=True, text=True,
                         check=False)
    packages = glob.glob(folder + "/linux-image-*.deb")
    if got.returncode or not packages:
        raise Skip("apt-get download failed: " + got.stderr.strip().splitlines()[-1])
    subprocess.run(["dpkg-deb", "-x", packages[0], folder], check=True)
    os.remove(packages[0])
    return glob.glob(folder + "/boot/vmlinuz-*")[0]


def unpacked(bzimage):
    """The kernel's ELF file, which QEMU starts by its PVH entry: unpacking it takes the guest 6 s.  Kept."""
    elf = f"{cache()}/guests/{os.path.basename(bzimage).replace('vmlinuz', 'vmlinux')}"
    if os.path.exists(elf) and os.path.getmtime(elf) >= os.path.getmtime(bzimage):
        return elf
    with open(bzimage, "rb") as f:
        data = f.read()
    offset, length = struct.unpack_from("<II", data, 0x248)
    payload = data[512 * (data[0x1f1] + 1) + offset:][:length]
    if not payload.startswith(b"\xfd7zXZ"):
        return bzimage  # packed otherwise: it can do that itself
    os.makedirs(os.path.dirname(elf), exist_ok=True)
    with open(f"{elf}.{os.getpid()}", "wb") as f:
        f.write(lzma.LZMADecompressor().decompress(payload))
    os.rename(f.name, elf)
    return elf


def needs():
    for program, package in (("qemu-system-x86_64", "qemu-system-x86"), ("apt-cache", "apt"),
                             ("dpkg-deb", "dpkg"), ("cc", "gcc")):
        if not shutil.which(program):
            raise Skip(f"no {program} here (Debian package {package})")
    if os.uname().machine != "x86_64":
        raise Skip("the guests' kernel is for x86_64, this is " + os.uname().machine)


def linked(program):
    """What a program is linked with, loader included."""
    return set(re.findall(r"(/\S+) \(0x", output("ldd", program)))


def own_files(folder):
    """The program, what looks at it, and tools, with what they are linked with."""
    look = os.path.join(folder, "look")
    subprocess.run(["cc", "-O1", "-D_GNU_SOURCE", "-o", look, os.path.join(HERE, "inside/look.c")], check=True)
    files = {"bin/look": look, "bin/kickbench": KICKBENCH}
    files.update({"bin/" + tool: shutil.which(tool) for tool in TOOLS if shutil.which(tool)})
    for program in list(files.values()):
        files.update({library.lstrip("/"): library for library in linked(program)})
    return files


def initramfs(folder, steps, files):
    with open(os.path.join(folder, "steps"), "w", encoding="utf-8") as f:
        f.write(steps)
    files = files | {"init": os.path.join(HERE, "inside/init.sh"), "steps": os.path.join(folder, "steps")}
    archive = os.path.join(folder, "guest.cpio.gz")
    subprocess.run([sys.executable, SRC + "/scripts/lab/initramfs.py", archive,
                    *(f"{name}={file}" for name, file in files.items())], check=True)
    return archive


def boot(folder, cpus, machine, arguments, steps):
    """Runs the steps in a guest of this architecture.  {step: (text, exit code)}"""
    archive = initramfs(folder, steps, own_files(folder))
    return follow(folder, [
        "qemu-system-x86_64", "-machine", "q35", "-cpu", "Icelake-Server", "-smp", cpus, *machine,
        "-kernel", unpacked(kernel()), "-initrd", archive, "-serial", f"file:{folder}/console", "-serial", f"file:{folder}/said",
        "-append", "console=ttyS0 tsc=reliable no_timer_check mitigations=off nowatchdog " + ALWAYS + arguments])


def note(said, steps, now):
    """When each step was first seen to begin: [(step, seconds)]."""
    with open(said, encoding="utf-8", errors="replace") as f:
        names = re.findall(r"^@@ (?!ended)(\S+)", f.read(), re.M)
    return steps + [(name, now) for name in names[len(steps):]]


def follow(folder, command, silence_s=1200):
    """A guest, which is ended when it says nothing for so long."""
    said = os.path.join(folder, "said")
    command = [*command, "-accel", "tcg,thread=multi", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]
    size, begun = 0, time.monotonic()  # 0, too, before QEMU has made the file
    since, steps = begun, []
    # Into a file: it says more of each CPU than a pipe holds.
    with open(folder + "/qemu", "w+", encoding="utf-8") as complaints, \
            subprocess.Popen(command, stdout=complaints, stderr=complaints) as qemu:
        while qemu.poll() is None:
            time.sleep(0.5)
            now = os.path.getsize(said) if os.path.exists(said) else 0
            if now != size:
                size, since = now, time.monotonic()
                steps = note(said, steps, since - begun)
            if time.monotonic() - since > silence_s:
                qemu.kill()
    with open(said, encoding="utf-8", errors="replace") as f:
        text = f.read().replace("\r", "")
    if "@@ all" not in text:
        for name in glob.glob(folder + "/console"):
            with open(name, encoding="utf-8", errors="replace") as f:
                print("the guest's console:", f.read()[-1500:], sep="\n")
        print("the guest's end:", text[-3000:], sep="\n")
    ends = [at for _, at in steps[1:]] + [time.monotonic() - begun]
    print("seconds: boot %.0f," % (steps[0][1] if steps else 0),
          ", ".join("%s %.0f" % (name, end - at) for (name, at), end in zip(steps, ends)))
    return {name: (body, int(code)) for name, body, code in
            re.findall(r"^@@ (\S+)\n(.*?)^@@ ended (\d+)$", text, re.M | re.S)}
