#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Turns a packaged virt/kvm/kvm_main.c into one of the lab's variants.

usage: generate.py old|patched|patched_testfirst KVM_MAIN_C KVM_X86_C OUTPUT

All get the window and the counters of klab.h.  `old` also gets the order of Linux 5.14 back: vcpu->cpu
is read at the beginning, and looked at before the claim.  `patched_testfirst` is the packaged order with
a look at the mode in front of the claim, and what that look needs: a full barrier where a request that
may not wake its vCPU has none yet.  The text is edited by its identifiers, and statements are moved with
what they contain; whatever is not found as expected ends it with exit code 4.
"""
import re
import sys


class Drift(Exception):
    """The source is not what the edits below were made for."""


def masked(text):
    """The text with comments and literals blanked: positions stay, only code is left to be found."""
    literal = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(literal, lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)


class Source:
    def __init__(self, text):
        self.text = text
        self.code = masked(text)

    def edit(self, start, end, text):
        self.text = self.text[:start] + text + self.text[end:]
        self.code = masked(self.text)

    def closing(self, start):
        """The position after the bracket that closes the one at start."""
        pairs = {"(": ")", "{": "}"}
        opening, depth = self.code[start], 0
        for at in range(start, len(self.code)):
            depth += (self.code[at] == opening) - (self.code[at] == pairs[opening])
            if not depth:
                return at + 1
        raise Drift("a bracket that nothing closes")

    def function(self, name):
        """The body of the only definition of a function, braces included."""
        found = [m for m in re.finditer(rf"^\w[\w\s*]*\b{name}\(", self.code, flags=re.M)
                 if re.match(r"\s*\{", self.code[self.closing(m.end() - 1):])]
        if len(found) != 1:
            raise Drift(f"{len(found)} definitions of {name}()")
        start = self.code.index("{", self.closing(found[0].end() - 1))
        return start, self.closing(start)

    def only(self, name, pattern, what):
        """The only place in a function that looks like this."""
        start, end = self.function(name)
        found = list(re.finditer(pattern, self.code[start:end]))
        if len(found) != 1:
            raise Drift(f"{name}(): {what}: found {len(found)} times, expected once")
        return start + found[0].start(), start + found[0].end()

    def statement(self, start):
        """From an `if` on: where its condition and the statement under it begin and end."""
        condition = self.code.index("(", start)
        after = self.closing(condition)
        body = after + len(self.code[after:]) - len(self.code[after:].lstrip())
        end = self.closing(body) if self.code[body] == "{" else self.code.index(";", body) + 1
        if re.match(r"\s*else\b", self.code[end:]):
            raise Drift("an if that is to be moved has an else")
        return condition, after, body, end

    def claim(self, name, claim):
        """`if (claim) { read the cpu; if (the cpu is a target) interrupt it; }`, taken apart."""
        start, _ = self.only(name, rf"\bif\s*\(\s*{claim}\(", f"a claim by {claim}()")
        condition, after, body, end = self.statement(start)
        shape = re.compile(r"\{\s*(cpu\s*=\s*READ_ONCE\(vcpu->cpu\);)\s*(if)\b")
        inner = shape.match(self.code, body)
        if not inner:
            raise Drift(f"{name}(): the claim is not followed by a read of vcpu->cpu and an if")
        check = self.statement(inner.start(2))
        if self.code[check[3]:end - 1].strip():
            raise Drift(f"{name}(): more than one statement follows the read of vcpu->cpu")
        return {"whole": (start, end), "claim": self.text[condition:after], "read": inner.start(1),
                "check": self.text[check[0]:check[1]], "send": self.text[check[2]:check[3]]}


VARIANTS = "old", "patched", "patched_testfirst"  # each is a backend's name, too
KICK = "kvm_vcpu_kick", "kvm_arch_vcpu_should_kick"
MASK = "kvm_make_vcpu_request", "kvm_request_needs_ipi"


def add_windows(source, name, claim):
    """The patched order: a window after the claim, and one where the old order has it."""
    at = source.claim(name, claim)["read"]
    source.edit(at, at, "klab_window(!klab_early); ")
    at, _ = source.only(name, r"\bif\s*\([^;{]*\bkvm_vcpu_wake_up\(", "an if about waking up")
    source.edit(at, at, "klab_window(klab_early); ")


def put_back(source, name, claim):
    """The old order: the cpu is read first, by a plain read, then checked, then comes the claim."""
    found = source.claim(name, claim)
    source.edit(*found["whole"], f"if {found['check']} {{ if {found['claim']} {found['send']} }}")
    at, _ = source.only(name, r"\bif\s*\([^;{]*\bkvm_vcpu_wake_up\(", "an if about waking up")
    source.edit(at, at, "cpu = vcpu->cpu; klab_window(true); ")


def order_the_look(source):
    """A mask's request before the look at the mode; kick and woken masks have the wake-up's barrier."""
    name = MASK[0]
    condition = source.statement(source.only(name, r"\bif\s*\([^;{]*\bkvm_vcpu_wake_up\(", "an if about waking up")[0])
    asked = re.fullmatch(r"\(\s*(!\s*\(\s*(\w+)\s*&\s*KVM_REQUEST_NO_WAKEUP\s*\))\s*&&\s*kvm_vcpu_wake_up\(\w+\)\s*\)",
                         source.code[condition[0]:condition[1]])
    if not asked:
        raise Drift(f"{name}(): the wake-up does not depend on KVM_REQUEST_NO_WAKEUP alone")
    at = condition[3]
    source.edit(at, at, f"\n\n\tif ({asked.group(2)} & KVM_REQUEST_NO_WAKEUP) smp_mb();")


def drop_self_kick(source):
    """The old order has no path of its own for the vCPU that runs here."""
    name = KICK[0]
    start, _ = source.only(name, r"\bif\s*\(\s*vcpu\s*==\s*\w+\(kvm_running_vcpu\)\s*\)", "a self kick")
    body, end = source.statement(start)[2:]
    label = re.search(r"\bgoto\s+(\w+)\s*;\s*\}$", source.code[body:end])
    if not label:
        raise Drift(f"{name}(): the self kick does not end with a goto")
    source.edit(start, end, "")
    source.edit(*source.only(name, rf"\b{label.group(1)}\s*:", "the label of the self kick"), "")


def count(source):
    """Every variant: every claim, target and IPI passes through klab.h."""
    replace = [
        (MASK[1], r"\bkvm_vcpu_exiting_guest_mode(?=\(vcpu\))", "klab_claim"),
        (KICK[0], rf"\b{KICK[1]}(?=\(vcpu\))", "klab_should_kick"),
    ]
    follow = [
        (KICK[0], r"\bsmp_send_reschedule\(cpu\);", "klab_target(vcpu, cpu); klab_judge();"),
        (MASK[0], r"\b__cpumask_set_cpu\(cpu,\s*\w+\);", "klab_target(vcpu, cpu);"),
        ("kvm_kick_many_cpus", r"\bsmp_call_function_many\([^;]*\);", "klab_judge();"),
    ]
    for name, pattern, text in replace:
        source.edit(*source.only(name, pattern, pattern), text)
    for name, pattern, text in follow:
        start, end = source.only(name, pattern, pattern)
        source.edit(start, end, f"{{ {source.text[start:end]} {text} }}")


def include(source, variant):
    look = f"#define KLAB_LOOK_FIRST {int(variant == 'patched_testfirst')}\n"
    last = [m for m in re.finditer(r"^#include\b.*\n", source.code, flags=re.M)]
    if not last:
        raise Drift("no #include")
    at = last[-1].end()
    source.edit(at, at, f'#define KLAB_VARIANT "{variant}"\n{look}#include "klab.h"\n')


def check_claim(x86):
    """klab_should_kick() replaces a function of another file: is it the claim, and no more?"""
    start, end = x86.function(KICK[1])
    body = "".join(x86.code[start:end].split())
    shape = re.fullmatch(r"\{return(\w+)\(\w+\)==(\w+);\}", body)
    if not shape or shape.groups() != ("kvm_vcpu_exiting_guest_mode", "IN_GUEST_MODE"):
        raise Drift(f"{KICK[1]}() is not the bare claim")


def generate(variant, kvm_main, x86):
    check_claim(Source(x86))
    source = Source(kvm_main)
    if variant == "old":
        drop_self_kick(source)
    for name, claim in KICK, MASK:
        (put_back if variant == "old" else add_windows)(source, name, claim)
    if variant == "patched_testfirst":
        order_the_look(source)
    count(source)
    include(source, variant)
    return source.text


def main(arguments):
    if len(arguments) != 4 or arguments[0] not in VARIANTS:
        sys.exit(f"{__doc__.splitlines()[2]}")
    variant, kvm_main, x86, output = arguments
    try:
        with open(kvm_main, encoding="utf-8") as main_file, open(x86, encoding="utf-8") as x86_file:
            text = generate(variant, main_file.read(), x86_file.read())
    except Drift as drift:
        print(f"kernel-lab: this kernel is not the one the lab knows: {drift}", file=sys.stderr)
        return 4
    with open(output, "w", encoding="utf-8") as output_file:
        output_file.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
