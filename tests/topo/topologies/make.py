#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the XML topologies beside it: shapes of real machines that synthetic strings cannot say."""
import itertools
import os

HERE = os.path.dirname(os.path.abspath(__file__))


class Machine:
    """A tree of hwloc objects; PUs and NUMA nodes give their bits to everything above them."""

    def __init__(self):
        self.gp = itertools.count(1)
        self.ranks = {}

    def obj(self, kind, /, *children, os_index=None, offline=(), **attrs):
        if os_index is None:
            os_index = self.ranks.setdefault(kind, 0)
            self.ranks[kind] += 1
        node = dict(kind=kind, os=os_index, attrs=attrs, children=[c for c in children if c])
        parts = node["children"]
        node["cpus"] = {os_index} if kind == "PU" else set().union(*(c["cpus"] for c in parts))
        node["all"] = node["cpus"] | set(offline) | set().union(*(c["all"] for c in parts))
        node["nodes"] = {os_index} if kind == "NUMANode" else set().union(
            *(c["nodes"] for c in parts))
        return node

    def pus(self, *cpus):
        return [self.obj("PU", os_index=cpu) for cpu in cpus]

    def numa(self, gib=16):
        return self.obj("NUMANode", local_memory=gib << 30)

    def cache(self, level, kib, *children):
        return self.obj(f"L{level}Cache", *children, cache_size=kib << 10, depth=level,
                        cache_linesize=64, cache_associativity=8, cache_type=0)


def mask(bits):
    """hwloc's form: words of 32 bits, the highest first."""
    value = sum(1 << b for b in bits)
    words = []
    while True:
        words.append(f"0x{value & 0xffffffff:08x}")
        value >>= 32
        if not value:
            return ",".join(reversed(words))


def spread_memory(node, above=frozenset()):
    """Memory is local to everything around it: children see the nodes of their parents' memory."""
    own = set().union(*(c["nodes"] for c in node["children"] if c["kind"] == "NUMANode"))
    node["nodes"] = node["nodes"] | above
    for child in node["children"]:
        if child["kind"] == "NUMANode":
            child["cpus"], child["all"] = node["cpus"], node["all"]
        else:
            spread_memory(child, above | own)


def lines(node, gp, depth=1, allowed=None):
    attrs = dict(type=node["kind"], os_index=node["os"], cpuset=mask(node["cpus"]),
                 complete_cpuset=mask(node["all"]))
    if allowed is not None:
        attrs["allowed_cpuset"] = mask(allowed)
        attrs["allowed_nodeset"] = mask(node["nodes"])
    attrs.update(nodeset=mask(node["nodes"]), complete_nodeset=mask(node["nodes"]),
                 gp_index=next(gp), **node["attrs"])
    text = "  " * depth + "<object " + " ".join(f'{k}="{v}"' for k, v in attrs.items())
    if not node["children"]:
        yield text + "/>"
        return
    yield text + ">"
    for child in node["children"]:
        yield from lines(child, gp, depth + 1)
    yield "  " * depth + "</object>"


def write(name, m, machine, allowed=None, kinds=()):
    spread_memory(machine)
    out = ['<?xml version="1.0" encoding="UTF-8"?>', '<!DOCTYPE topology SYSTEM "hwloc2.dtd">',
           '<topology version="2.0">']
    out += lines(machine, m.gp, allowed=machine["cpus"] if allowed is None else allowed)
    for efficiency, cpus, core_type in kinds:
        out += [f'  <cpukind cpuset="{mask(cpus)}" forced_efficiency="{efficiency}">',
                f'    <info name="CoreType" value="{core_type}"/>', "  </cpukind>"]
    with open(os.path.join(HERE, name + ".xml"), "w", encoding="ascii") as file:
        file.write("\n".join(out + ["</topology>"]) + "\n")


def vm_no_cores():
    m = Machine()
    return m, m.obj("Machine", m.numa(), m.obj("Package", *m.pus(0, 1)), m.obj("Package", *m.pus(2, 3)))


def offline_uneven_smt():
    """OS numbers with holes; cpu 3, 9 and 17 are offline, so that cores have 2, 1, 2, 1, 1 PUs."""
    m = Machine()

    def core(*cpus):
        return m.cache(2, 1024, m.obj("Core", *m.pus(*cpus)))

    first = m.obj("Package", m.numa(), m.cache(3, 32768, core(0, 8), core(1), core(2, 10)), offline=(3, 9))
    second = m.obj("Package", m.numa(), m.cache(3, 32768, core(16), core(18)), offline=(17,))
    return m, m.obj("Machine", first, second)


def hybrid():
    """6 fast cores with two PUs each and 8 frugal ones, four to an L2; 14 cores, 20 PUs."""
    m = Machine()
    fast = [m.cache(2, 1280, m.obj("Core", *m.pus(2 * i, 2 * i + 1))) for i in range(6)]
    slow = [m.cache(2, 2048, *(m.obj("Core", *m.pus(12 + 4 * i + j)) for j in range(4)))
            for i in range(2)]
    return m, m.obj("Machine", m.obj("Package", m.numa(), m.cache(3, 24576, *fast, *slow)))


def five_kinds():
    """A telephone's chip: eight cores of five kinds, one L2 each, one L3."""
    m = Machine()
    cores = [m.cache(2, 512, m.obj("Core", *m.pus(i))) for i in range(8)]
    return m, m.obj("Machine", m.obj("Package", m.numa(), m.cache(3, 8192, *cores)))


def deep_groups():
    """2 packages, each 2 groups of 2 groups of 4 cores with SMT4; a NUMA node per outer group."""
    m = Machine()
    cpu = itertools.count()

    def group(*children):
        return m.obj("Group", *children, kind=0, subkind=0)

    def cores():
        return [m.obj("Core", *m.pus(*itertools.islice(cpu, 4))) for _ in range(4)]

    packages = [m.obj("Package", *(group(m.numa(), group(*cores()), group(*cores())) for _ in range(2)))
                for _ in range(2)]
    return m, m.obj("Machine", *packages)


def two_memories():
    """Fast memory per cluster beside slow memory per package; package 1 has memory and no PU."""
    m = Machine()
    clusters = []
    for i in range(2):
        cores = [m.obj("Core", *m.pus(4 * i + j)) for j in range(4)]
        clusters.append(m.cache(3, 16384, m.numa(4), *cores))
    first = m.obj("Package", m.numa(64), *clusters)
    return m, m.obj("Machine", first, m.obj("Package", m.numa(64)))


def main():
    m, root = vm_no_cores()
    write("vm-no-cores", m, root)
    m, root = offline_uneven_smt()
    write("offline-uneven-smt", m, root)
    m, root = vm_no_cores()
    write("disallowed", m, root, allowed={0, 3})
    m, root = hybrid()
    write("hybrid", m, root, kinds=((0, range(12, 20), "IntelAtom"), (1, range(12), "IntelCore")))
    m, root = five_kinds()
    write("five-kinds", m, root, kinds=[(k, c, f"Kind{k}") for k, c in enumerate(
        ((0, 1), (2, 3), (4, 5), (6,), (7,)))])
    m, root = deep_groups()
    write("deep-groups", m, root)
    m, root = two_memories()
    write("two-memories", m, root)


if __name__ == "__main__":
    main()
