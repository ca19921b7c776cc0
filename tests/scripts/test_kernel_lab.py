#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What of the kernel lab needs no kernel: the generator on a small source of our own with the same
names, and its refusals; the initramfs; PID 1 compiles; what the matrix makes of a kernel-lab.csv."""

import gzip
import os
import subprocess
import sys
import tempfile

SRC = os.environ.get("SRC", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
LAB = os.path.join(SRC, "scripts", "lab")
sys.dont_write_bytecode = True
sys.path.insert(0, LAB)
import generate  # noqa: E402
import initramfs  # noqa: E402
import matrix  # noqa: E402

# A toy: what the generator looks for, and things to trip over in comments and strings.
X86 = "bool kvm_arch_vcpu_should_kick(toy *v) { return kvm_vcpu_exiting_guest_mode(v) == IN_GUEST_MODE; }"
KVM = """#include <first.h>
#include <last.h>
static const char *brace = "} kvm_vcpu_kick(";
void kvm_vcpu_kick(struct kvm_vcpu *vcpu);
static bool kvm_request_needs_ipi(struct kvm_vcpu *vcpu, unsigned req) { return kvm_vcpu_exiting_guest_mode(vcpu) > req; }
static bool kvm_kick_many_cpus(struct cpumask *cpus) { smp_call_function_many(cpus, 0); return true; }
static void kvm_make_vcpu_request(struct kvm_vcpu *vcpu, unsigned req, struct cpumask *tmp)
{
	int cpu;
	request(req); /* if (kvm_vcpu_wake_up( } */
	if (!(req & KVM_REQUEST_NO_WAKEUP) && kvm_vcpu_wake_up(vcpu))
		return;
	if (kvm_request_needs_ipi(vcpu, req)) {
		cpu = READ_ONCE(vcpu->cpu);
		if (cpu != ANY)
			__cpumask_set_cpu(cpu, tmp);
	}
}
void kvm_vcpu_kick(struct kvm_vcpu *vcpu)
{
	int me, cpu;
	if (kvm_vcpu_wake_up(vcpu))
		return;
	me = get_cpu();
	if (vcpu == here(kvm_running_vcpu)) {
		note();
		goto done;
	}
	if (kvm_arch_vcpu_should_kick(vcpu)) {
		cpu = READ_ONCE(vcpu->cpu);
		if (cpu != me)
			smp_send_reschedule(cpu);
	}
done:
	put_cpu();
}
"""
n = complaints = 0


def check(what, holds):
    global n, complaints
    n += 1
    if not holds:
        complaints += 1
        print(f"{what}: no")


def in_order(text, *parts):
    """All parts, one after the other."""
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
    return True


def body(source, name):
    start, end = source.function(name)
    return " ".join(source.code[start:end].split())


def test_orders():
    old = generate.Source(generate.generate("old", KVM, X86))
    new = generate.Source(generate.generate("patched", KVM, X86))
    for name, claim, send in (
        ("kvm_vcpu_kick", "klab_should_kick(vcpu)", "smp_send_reschedule(cpu);"),
        ("kvm_make_vcpu_request", "kvm_request_needs_ipi(vcpu, req)", "__cpumask_set_cpu(cpu, tmp);"),
    ):
        was, now = body(old, name), body(new, name)
        check(f"old {name}() reads, waits, checks, claims, sends",
              in_order(was, "cpu = vcpu->cpu;", "klab_window(true);", "kvm_vcpu_wake_up", "if (cpu != ", claim, send))
        check(f"patched {name}() claims, waits, reads, sends",
              in_order(now, "klab_window(klab_early);", "kvm_vcpu_wake_up", claim, "klab_window(!klab_early);",
                       "cpu = READ_ONCE(vcpu->cpu);", send))
        check(f"{name}() reads once", was.count("vcpu->cpu") == now.count("vcpu->cpu") == 1)
        check(f"{name}() counts alike", was.count("klab_target") == now.count("klab_target") == 1)
    check("old kicks itself as others", "kvm_running_vcpu" not in body(old, "kvm_vcpu_kick") and "done" not in old.code)
    look = generate.Source(generate.generate("patched_testfirst", KVM, X86))
    check("the one that looks is patched, and one barrier",
          look.text.replace("\n\n\tif (req & KVM_REQUEST_NO_WAKEUP) smp_mb();", "", 1).replace("_testfirst", "")
          == new.text.replace("LOOK_FIRST 0", "LOOK_FIRST 1"))
    check("the barrier is between the wake-up and the look",
          in_order(body(look, "kvm_make_vcpu_request"), "kvm_vcpu_wake_up", "return;", "smp_mb();", "kvm_request_needs_ipi"))
    for source, variant in (old, "old"), (new, "patched"), (look, "patched_testfirst"):
        check("claims are counted", "klab_claim(vcpu) > req" in body(source, "kvm_request_needs_ipi"))
        check("masks are judged", "klab_judge();" in body(source, "kvm_kick_many_cpus"))
        check("included last", in_order(source.text, "<last.h>", f'"{variant}"', '"klab.h"', "*brace"))


# Each of these is a kernel that the lab does not know: it must be named, not built.
DRIFTS = (
    ("void kvm_vcpu_kick(struct kvm_vcpu *vcpu)\n{", "void kick(struct kvm_vcpu *vcpu)\n{", "kvm_vcpu_kick()"),
    ("if (kvm_vcpu_wake_up(vcpu))", "if (woken(vcpu))", "waking up"),
    ("if (kvm_arch_vcpu_should_kick(vcpu)) {", "if (should(vcpu)) {", "kvm_arch_vcpu_should_kick()"),
    ("cpu = READ_ONCE(vcpu->cpu);\n\t\tif (cpu != me)", "cpu = READ_ONCE(vcpu->at);\n\t\tif (cpu != me)", "vcpu->cpu"),
    ("smp_send_reschedule(cpu);\n", "smp_send_reschedule(cpu);\n\t\tmore();\n", "more than one"),
    ("smp_send_reschedule(cpu);\n", "kick(cpu);\n", "smp_send_reschedule"),
    ("if (kvm_request_needs_ipi(vcpu, req)) {", "if (needs(vcpu, req)) {", "kvm_request_needs_ipi()"),
    ("__cpumask_set_cpu(cpu, tmp);", "set(cpu, tmp);", "__cpumask_set_cpu"),
    ("smp_call_function_many(cpus, 0);", "call(cpus);", "smp_call_function_many"),
    ("kvm_vcpu_exiting_guest_mode(vcpu) > req", "kvm_claim(vcpu) > req", "kvm_vcpu_exiting_guest_mode"),
    ("	}\ndone:", "	} else\n		other();\ndone:", "else"),
    ("#include", "//", "#include"),
)


def test_refusals(folder):
    for before, after, named in DRIFTS:
        check(f"the toy has {before!r}", before in KVM)
        for variant in generate.VARIANTS:
            try:
                generate.generate(variant, KVM.replace(before, after), X86)
                check(f"{variant}: refuses {after!r}", False)
            except generate.Drift as drift:
                check(f"{variant}: {drift} names {named}", named in str(drift))
    for variant, before, after in (("old", "vcpu == here(", "vcpu != here("), ("old", "goto done;", "return;"),
                                   ("patched_testfirst", "!(req & KVM_REQUEST_NO_WAKEUP)", "req & 7")):
        try:
            generate.generate(variant, KVM.replace(before, after), X86)
            check(f"refuses {after!r}", False)
        except generate.Drift:
            check("refuses", True)
    paths = [os.path.join(folder, name) for name in ("kvm_main.c", "x86.c", "out.c")]
    for path, text in zip(paths, (KVM, X86.replace("==", "<="))):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    command = [sys.executable, "-B", os.path.join(LAB, "generate.py"), "old", *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    check("a claim that is more: exit 4, one line, no output", done.returncode == 4 and "bare claim" in done.stderr
          and done.stderr.count("\n") == 1 and not os.path.exists(paths[2]))


def unpack(data):
    """{path: (mode, data)} of a newc archive."""
    members, at = {}, 0
    while True:
        head = [int(data[at + 6 + 8 * i : at + 14 + 8 * i], 16) for i in range(13)]
        name = data[at + 110 : at + 110 + head[11] - 1].decode()
        begin = at + 110 + head[11] + -(110 + head[11]) % 4
        if name == "TRAILER!!!":
            return members
        members[name] = head[1], data[begin : begin + head[6]]
        at = begin + head[6] + -head[6] % 4


def test_guest(folder):
    files = {"init": b"12345", "lab/a/b": b"x" * 8, "lab/c": b""}
    names = {path: os.path.join(folder, path.replace("/", "_")) for path in files}
    for path, data in files.items():
        with open(names[path], "wb") as file:
            file.write(data)
    archive = os.path.join(folder, "x.gz")
    initramfs.main([archive] + [f"{path}={name}" for path, name in names.items()])
    with gzip.open(archive) as file:
        found = unpack(file.read())
    check("every file, as it is", all(found[path] == (0o100755, data) for path, data in files.items()))
    check("directories and a console", all(found[path][0] == 0o040755 for path in ("lab", "lab/a", "dev"))
          and found["dev/console"][0] == 0o020600 and list(found).index("lab") < list(found).index("lab/a/b"))
    options = "-std=gnu17 -Wall -Wextra -Wshadow -Wmissing-prototypes -Werror -fsyntax-only".split()
    init = subprocess.run(["gcc", *options, os.path.join(LAB, "init.c")], check=False)
    check("PID 1 compiles", init.returncode == 0)


def line(row, variant, poisoned, lost, **other):
    name = f"{variant}_early" if row.early else variant
    figures = {"rounds": row.rounds, "held": row.rounds, "poisoned": poisoned, "lost": lost, "swallowed": lost, **other}
    return {"variant": name, "first": row.first, "second": row.second, "migrate": str(row.migrate), "gate": "1",
            **{column: str(figure) for column, figure in figures.items()}}


def test_matrix():
    row = matrix.ROWS[0]
    n = row.rounds
    for poisoned, lost, verdict, other in (
        (n, n, "LOST", {}),
        (n, n - 1, "LOST", {}),
        (n, 0, "POISONED", {}),
        (0, 0, "holds", {}),
        (n // 2, 0, None, {}),
        (n, n // 2, None, {}),
        (0, 1, "holds", {}),
        (n, n, None, {"swallowed": 0}),
        (0, n, None, {}),
        (0, 0, None, {"held": n // 2}),
    ):
        said = matrix.ask_kernel([line(row, "old", poisoned, lost, **other)], row, "old")[0]
        check(f"{poisoned} poisoned, {lost} lost of {n}, {other}: {verdict}, not {said}", said == verdict)
    check("a row that was not run proves nothing", matrix.ask_kernel([], row, "old")[0] is None)
    check("early is a variant of its own",
          matrix.ask_kernel([line(matrix.ROWS[-1], "patched", 0, 0)], matrix.ROWS[0], "patched")[0] is None)
    for kernel, explore, stress, word in (
        ("LOST", "LOST", "LOST", "yes"),
        ("LOST", "LOST", None, "yes"),
        ("holds", "holds", "holds", "yes"),
        ("LOST", "holds", "LOST", "NO"),
        ("holds", "holds", "LOST", "NO"),
        ("POISONED", "POISONED", "LOST", "NO"),
        ("POISONED", "POISONED", "holds", "undecided"),
        (None, "LOST", "LOST", "undecided"),
    ):
        said = matrix.compare(kernel, explore, stress)
        check(f"kernel {kernel}, explore {explore}, stress {stress}: {word}, not {said}", said == word)
    check("eight rows", len(matrix.ROWS) == 8 and len({r[:5] for r in matrix.ROWS}) == 8)
    check("old has no early window", "early=1" not in matrix.arguments("old", [], False))
    for variant in "patched", "patched_testfirst":
        check(f"{variant} has all", matrix.arguments(variant, [], True).count("--lab ") == 8)
    have = [line(row, "patched", 0, 0) for row in matrix.ROWS[1:]]
    check("what was not run is run again", matrix.arguments("patched", have, True).count("--lab ") == 1)
    check("nothing is left", matrix.arguments("patched", have + [line(matrix.ROWS[0], "patched", 0, 0)], True) == "")


def main():
    with tempfile.TemporaryDirectory() as folder:
        test_orders()
        test_refusals(folder)
        test_guest(folder)
        test_matrix()
    usage = subprocess.run([os.path.join(SRC, "scripts", "kernel-lab"), "--slow"], capture_output=True, text=True, check=False)
    check("usage", usage.returncode == 2 and "--quick" in usage.stderr and usage.stderr.count("\n") == 1)
    print(f"{n} things looked at, {complaints} complaints")
    return 1 if complaints or not n else 0


if __name__ == "__main__":
    sys.exit(main())
