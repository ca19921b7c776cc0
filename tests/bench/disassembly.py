# SPDX-License-Identifier: GPL-2.0-or-later
"""The timed loops of bench/loop/fast_tmpl.c, as gcc and clang compile them, for every backend.

In each hot_*, stolen_* and entry_*, in every loop (a strongly connected part of the
function's control flow, the parts that were moved to a cold section included):
 1. whatever is called stands in a cold section (kick_ipi() does); with gcc the call is also out of
    line: in a cold section itself, or in a block that nothing falls into (clang 14 leaves it where a
    successful claim falls into it);
 2. the loop has a turn without any call;
 3. the fewest locked instructions (lock prefix, xchg with memory) of such a turn are the fewest
    locked_rmws + fences that the counting build finds on a path where no IPI is due;
 4. there is no mfence in the whole unit.
A pthread mutex is the declared exception to 1 and 2: its lock and unlock are calls.  An MCS unlock
has a branch for an uncontended queue, so that a graph has a turn that only contention takes; an entry
may be refused before it does anything: for these, 3 demands no more than a turn of as many."""

import heapq
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

SRC = os.path.abspath(os.environ.get("SRC", os.path.dirname(os.path.abspath(__file__)) + "/../.."))
BUILD = os.environ.get("BUILD", SRC + "/build/release")
# hot_request_kick_self_patched: the form, the path and the backend.
TIMED = re.compile(r"^(?:(?:hot|stolen)_(kick|request_kick|claim)_(?:unloaded|self|outside|exiting)|(entry))_\w+$")
MUTEX = {"pthread_mutex_lock", "pthread_mutex_unlock"}
complaints = []

COUNT_MAIN = """#include <stdio.h>
#include "bench/backend.h"
#define X(name) extern const struct bench_count bench_count_##name;
#include "kick_backends.def"
#undef X
static void print(const char *name, const struct bench_count *count)
{
	static const char *const forms[] = { "kick", "request_kick", "claim" };
	struct kick_counts c;
	enum kick_outcome outcome;

	for (int put = 0; put < 2; put++)
		for (int path = 0; path < BENCH_N_PATHS; path++)
			for (int form = 0; form < BENCH_N_FORMS; form++)
				if (!count->kick(path, form, put, &c, &outcome) && outcome != KICK_SENT)
					printf("%s %s %lu\\n", name, forms[form], c.locked_rmws + c.fences);
	if (!count->entry(&c))
		printf("%s entry %lu\\n", name, c.locked_rmws + c.fences);
}
int main(void)
{
#define X(name) print(#name, &bench_count_##name);
#include "kick_backends.def"
}
"""


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=SRC)
    if done.returncode:
        sys.exit(" ".join(command) + "\n" + done.stderr)
    return done.stdout


def commands(judge="fast"):
    """{backend: the build's own command}, of the units of that template: what is timed"""
    with open(BUILD + "/compile_commands.json", encoding="utf-8") as f:
        return {m.group(1): u["command"] for u in json.load(f)
                if (m := re.search(rf"/kb_bench/{judge}_(\w+)\.c$", u["file"]))}


def built(command):
    """Its object file."""
    return os.path.join(BUILD, re.search(r" -o (\S+)", command).group(1))


def flags():
    """The project's own, of any unit of bench: what is measured, so always -O2."""
    words = [w for w in next(iter(commands().values())).split() if re.match(r"-(D|I|f|std|W|pthread|isystem)", w)]
    return ["-O2"] + [w for w in words if not re.match(r"-fsanitize|-fno-sanitize|-Werror|-flto", w)]


def is_built(command):
    """As this test would compile it itself, by gcc?"""
    words = command.split()
    optimized = [w for w in words if w.startswith("-O")] == ["-O2"]
    compiler = next(w for w in words if os.path.basename(w) != "ccache")
    return (optimized and not re.search(r" -(fsanitize|flto|m)", command)
            and "gcc" in os.path.basename(os.path.realpath(compiler)))


def unit(tmp, judge, backend):
    path = f"{tmp}/{judge}_{backend}.c"
    with open(path, "w", encoding="utf-8") as f:
        f.write(f'#define KICK_BACKEND {backend}\n#define KICK_BACKEND_FILE "impl/{backend}.h"\n')
        f.write(f'#include "bench/loop/{judge}_tmpl.c"\n')
    return path


def counted(tmp, backends):
    """{(backend, form): fewest locked operations without an IPI}"""
    main = tmp + "/main.c"
    with open(main, "w", encoding="utf-8") as f:
        f.write(COUNT_MAIN)
    options = ["-w" if w.startswith("-W") else w for w in flags()] + ["-O0"]
    own = commands("count")
    objects = [built(own[b]) for b in backends]
    if not all(is_built(own[b]) for b in backends):
        objects = [f"{tmp}/count_{b}.c.o" for b in backends]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda b: run("gcc", *options, "-c", unit(tmp, "count", b), "-o", f"{tmp}/count_{b}.c.o"),
                          backends))
    run("gcc", *options, main, "bench/loop/count.c", *objects, "-o", tmp + "/count")
    fewest = {}
    for line in run(tmp + "/count").splitlines():
        backend, form, n = line.split()
        fewest[backend, form] = min(int(n), fewest.get((backend, form), 1 << 30))
    return fewest


class Insn:
    def __init__(self, text):
        self.text = re.sub(r"^(?:(?:cs|ds|data16|notrack|rex\S*) )+", "", text.split("#")[0].strip())
        self.op = self.text.split()[0]
        self.relocation = None

    @property
    def is_jump(self):
        return self.op.startswith("j")

    @property
    def falls_through(self):
        return self.op not in ("jmp", "ret", "ud2", "hlt")

    @property
    def locked(self):
        return self.op == "lock" or (self.op.startswith("xchg") and "(" in self.text)


class Unit:
    """Instructions by (section, address), and the functions' names."""

    def __init__(self, object_file, compiler):
        self.compiler = compiler
        self.insns, self.order, self.functions, self.names = {}, {}, {}, {}
        section, last = None, None
        for line in run("objdump", "-dr", "--no-show-raw-insn", object_file).splitlines():
            if m := re.match(r"Disassembly of section (.*):", line):
                section, last = m.group(1), None
            elif m := re.match(r"([0-9a-f]+) <(.*)>:", line):
                self.functions[m.group(2)] = (section, int(m.group(1), 16))
                self.names[section, int(m.group(1), 16)] = m.group(2)
            elif m := re.match(r"\s+[0-9a-f]+: R_X86_64_(?:PC32|PLT32)\s+(\S+?)([+-]0x[0-9a-f]+)?$", line):
                self.insns[last].relocation = (m.group(1), int(m.group(2) or "0", 16))
            elif m := re.match(r"\s+([0-9a-f]+):\t(.+)", line):
                key = (section, int(m.group(1), 16))
                self.insns[key] = Insn(m.group(2))
                if last:
                    self.order[last] = key
                last = key
        self.before = {b: a for a, b in self.order.items()}

    def target(self, key):
        """Where a jump or call goes: a key, a name outside the unit, or None: indirect."""
        insn = self.insns[key]
        if insn.relocation:
            symbol, offset = insn.relocation
            if symbol in self.functions:
                section, base = self.functions[symbol]
                return (section, base + offset + 4)
            return (symbol, offset + 4) if symbol.startswith(".") else symbol
        m = re.match(r"\S+\s+([0-9a-f]+) <", insn.text)
        return (key[0], int(m.group(1), 16)) if m else None

    def next(self, key):
        insn = self.insns[key]
        out = [self.order[key]] if insn.falls_through and key in self.order else []
        if insn.is_jump:
            out.append(self.target(key))
        return out

    def graph(self, entry):
        edges, todo = {}, [entry]
        while todo:
            key = todo.pop()
            if key not in edges:
                edges[key] = self.next(key)
                todo += [k for k in edges[key] if k in self.insns]
        return edges


def loops(edges):
    """Strongly connected parts of more than one instruction: Kosaraju, without recursion."""
    order, seen = [], set()
    for root in edges:
        stack = [(root, iter(edges[root]))]
        if root in seen:
            continue
        seen.add(root)
        while stack:
            node, rest = stack[-1]
            for n in rest:
                if n in edges and n not in seen:
                    seen.add(n)
                    stack.append((n, iter(edges[n])))
                    break
            else:
                order.append(node)
                stack.pop()
    back = {k: [] for k in edges}
    for a, out in edges.items():
        for b in out:
            if b in back:
                back[b].append(a)
    seen = set()
    for root in reversed(order):
        part, todo = set(), [root]
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                part.add(node)
                todo += back[node]
        if len(part) > 1:
            yield part, {k for k in part for p in back[k] if p not in part}


def fewest_locked(u, part, head, calls_allowed):
    """Of one turn from head to head without a call; None: there is none."""
    best, heap = {}, [(0, 0, head)]
    while heap:
        cost, turn, key = heapq.heappop(heap)
        if key == head and turn:
            return cost
        insn = u.insns[key]
        if (key in best and turn) or (insn.op.startswith("call") and not calls_allowed):
            continue
        best[key] = cost
        for n in u.next(key):
            if n in part:
                heapq.heappush(heap, (cost + insn.locked, 1, n))
    return None


def most_locked(u, part, head):
    """Of one turn without a call, where the turn has no loop inside; None: it has."""
    most, open_keys = {}, set()
    stack = [(head, False)]
    while stack:
        key, done = stack.pop()
        after = [n for n in u.next(key) if n in part and n != head and not u.insns[n].op.startswith("call")]
        if done:
            most[key] = u.insns[key].locked + max((most[n] for n in after), default=0)
            open_keys.discard(key)
        elif key in open_keys:
            return None
        elif key not in most:
            open_keys.add(key)
            stack.append((key, True))
            stack += [(n, False) for n in after if n not in most]
    return most[head]


def falls_into(u, call):
    """Does straight or not-taken code lead to this call?"""
    key, targets = call, {u.target(k) for k, i in u.insns.items() if i.is_jump}
    while True:
        before = u.before.get(key)
        if not before or key in u.names or not u.insns[before].falls_through:
            return key not in targets
        if u.insns[before].is_jump or u.insns[before].op.startswith("call") and key in targets:
            return True
        key = before


def is_cold(key):
    return isinstance(key, tuple) and ("unlikely" in key[0] or "cold" in key[0])


def check_calls(u, part, where, allowed):
    for key in part:
        if not u.insns[key].op.startswith("call"):
            continue
        target = u.target(key)
        if target in allowed:
            continue
        if not is_cold(target):
            complaints.append(f"{where}: calls {u.names.get(target, target)}, which is not cold")
        elif u.compiler == "gcc" and not is_cold(key) and falls_into(u, key):
            complaints.append(f"{where}: runs into its call of {u.names.get(target, target)}")


def check_function(u, name, where, fewest, uses):
    allowed = MUTEX if "kick_mutex" in uses else set()
    form, entry = TIMED.match(name).groups()
    if (form or entry) not in fewest:
        return  # a VMM's kick that always sends its signal: none of its cells is timed
    expected = fewest[form or entry]
    n = 0
    for part, heads in loops(u.graph(u.functions[name])):
        heads = {h for h in heads if not is_cold(h)}
        if not heads:
            continue  # where a kick waits, which no timed one does
        n += 1
        check_calls(u, part, where, allowed)
        if allowed:
            continue
        turns = [fewest_locked(u, part, h, False) for h in heads]
        if None in turns:
            complaints.append(f"{where}: every turn of the loop makes a call")
        elif min(turns) < expected and (entry or "kick_mcs" in uses):
            most = [most_locked(u, part, h) for h in heads]
            if None not in most and max(most) < expected:
                complaints.append(f"{where}: at most {max(most)} locked instructions, {expected} counted")
        elif min(turns) != expected:
            complaints.append(f"{where}: {min(turns)} locked instructions in a turn, {expected} counted")
    if n == 0:
        complaints.append(f"{where}: no loop found")


def text_of(backend):
    """With its parents', where it is a mutant."""
    with open(f"{SRC}/impl/{backend}.h", encoding="utf-8") as f:
        text = f.read()
    for parent in re.findall(r'^#include "(\w+)\.h"', text, re.M):
        if parent != "kick_vmm":
            text += text_of(parent)
    return text


def check(tmp, compiler, backend, fewest):
    command = commands()[backend]
    if compiler == "gcc" and is_built(command):
        output = built(command)
    else:
        source = unit(tmp, "fast", backend)
        output = f"{source}.{compiler}.o"
        run(compiler, *[w for w in flags() if not w.startswith("-W")], "-c", source, "-o", output)
    u = Unit(output, compiler)
    uses = text_of(backend)
    for key, insn in u.insns.items():
        if insn.op == "mfence":
            complaints.append(f"{compiler} {backend}: mfence at {key}")
    names = [f for f in u.functions if TIMED.match(f)]
    if len(names) != 25:
        complaints.append(f"{compiler} {backend}: {len(names)} timed functions, expected 25")
    for name in names:
        check_function(u, name, f"{compiler} {backend} {name}",
                       {form: n for (b, form), n in fewest.items() if b == backend}, uses)
    return len(names)


def main(by_clang):
    """By clang the backends whose names match."""
    if platform.machine() != "x86_64":
        print("skipped: reads x86-64 machine code")
        return 4
    for tool in ("objdump", "gcc"):
        if not shutil.which(tool):
            print(f"skipped: no {tool}")
            return 4
    compilers = [c for c in ("gcc", "clang") if shutil.which(c)]
    if "clang" not in compilers:
        print("clang's half is skipped: no clang here")
    with open(BUILD + "/gen/kick_backends.def", encoding="utf-8") as f:
        backends = re.findall(r"X\((\w+)\)", f.read())
    with tempfile.TemporaryDirectory() as tmp:
        fewest = counted(tmp, backends)
        cells = [(tmp, c, b, fewest) for c in compilers for b in backends if c == "gcc" or re.match(by_clang, b)]
        with ThreadPoolExecutor(2) as pool:
            looked_at = sum(pool.map(lambda cell: check(*cell), cells))
    for complaint in complaints:
        print(complaint)
    print(f"{looked_at} timed functions of {len(backends)} backends by {' and '.join(compilers)}, "
          f"{len(complaints)} complaints")
    return 1 if complaints or not looked_at else 0

