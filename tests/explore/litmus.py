# SPDX-License-Identifier: GPL-2.0-or-later
"""A second opinion about litmus tests in C11's words: reads a file of herd7's format and says whether its
outcome can be reached, by walking all states with store buffers (sc, tso, pso), or by trying all reads-from
and modification orders against the axioms of RC11 (Lahav et al. 2017).  Shares nothing with the explorer."""
import itertools
import re

ORDERS = {"relaxed": 0, "acquire": 1, "release": 2, "acq_rel": 3, "seq_cst": 7}  # bits: acquire, release, sc


class Test:
    """threads: lists of (kind, location, register or None, value written, order); values: what is asked for."""

    def __init__(self, text):
        self.init = {m[1]: int(m[2]) for m in re.finditer(r"^(\w+)=(-?\d+);$", text, re.M)}
        self.threads = []
        for body in re.findall(r"^P\d+\([^)]*\)\n\{\n(.*?)^\}", text, re.M | re.S):
            self.threads.append([self.statement(line.strip()) for line in body.splitlines()])
        exists = re.search(r"^exists \((.*)\)$", text, re.M)[1]
        self.read, self.final = {}, {}
        for part in exists.split(" /\\ ") if exists else []:
            where, value = part.split("=")
            thread, _, register = where.rpartition(":")
            if thread:
                self.read[int(thread), register] = int(value)
            else:
                self.final[where] = int(value)
        assert self.threads and set(self.final) <= set(self.init)

    @staticmethod
    def statement(line):
        forms = (("fence", r"atomic_thread_fence\(memory_order_(?P<order>\w+)\);"),
                 ("load", r"int (?P<reg>r\d+) = atomic_load_explicit\((?P<loc>\w+), memory_order_(?P<order>\w+)\);"),
                 ("store", r"atomic_store_explicit\((?P<loc>\w+), (?P<val>-?\d+), memory_order_(?P<order>\w+)\);"),
                 ("rmw", r"int (?P<reg>r\d+) = atomic_exchange_explicit\((?P<loc>\w+), (?P<val>-?\d+), "
                         r"memory_order_(?P<order>\w+)\);"))
        for kind, form in forms:
            found = re.fullmatch(form, line)
            if found:
                part = found.groupdict()
                value = part.get("val")
                return (kind, part.get("loc"), part.get("reg"), None if value is None else int(value),
                        ORDERS[part["order"]])
        raise AssertionError("no statement: " + line)


def reachable(test, model):
    return rc11(test) if model == "rc11" else buffers(test, model)


def buffers(test, model):
    """A state: places, memory, per thread a buffer of (location, value, how many stores go before it)."""
    n = len(test.threads)
    start = ((0,) * n, tuple(sorted(test.init.items())), ((),) * n, ((0, 0, 0),) * n)
    todo, seen = [start], {start}
    while todo:
        places, memory, waiting, counts = todo.pop()
        values = dict(memory)
        if all(places[t] == len(test.threads[t]) and not waiting[t] for t in range(n)):
            if all(values[w] == v for w, v in test.final.items()):
                return True
        for t in range(n):
            for after in steps(test, model, t, places[t], values, waiting[t], counts[t]):
                place, new, left, count = after
                state = (places[:t] + (place,) + places[t + 1:], tuple(sorted(new.items())),
                         waiting[:t] + (left,) + waiting[t + 1:], counts[:t] + (count,) + counts[t + 1:])
                if state not in seen:
                    seen.add(state)
                    todo.append(state)
    return False


def steps(test, model, t, place, values, waiting, count):
    """count: stores made, and how many of them a later store stays behind."""
    for i, (where, value, number, behind) in enumerate(waiting):
        first = i == 0 if model == "tso" else where not in [w[0] for w in waiting[:i]]
        if first and not any(w[2] < behind for w in waiting):
            yield place, {**values, where: value}, waiting[:i] + waiting[i + 1:], count
    if place == len(test.threads[t]):
        return
    kind, where, reg, value, order = test.threads[t][place]
    made, behind, _ = count
    if kind == "fence":
        if order == 7 and waiting:
            return
        yield place + 1, values, waiting, (made, made if order & 2 else behind, 0)
    elif kind == "store" and model != "sc":
        entry = (where, value, made, made if order & 2 else behind)
        yield place + 1, values, waiting + (entry,), (made + 1, behind, 0)
    elif kind == "store":
        yield place + 1, {**values, where: value}, waiting, count
    elif kind == "load":
        own = [w[1] for w in waiting if w[0] == where]
        if (own[-1] if own else values[where]) == test.read[t, reg]:
            yield place + 1, values, waiting, count
    elif not waiting and values[where] == test.read[t, reg]:
        yield place + 1, {**values, where: value}, waiting, count


class Relation:
    """Over events 0..n-1, as rows of bits."""

    def __init__(self, n, pairs=()):
        self.n, self.row = n, [0] * n
        for a, b in pairs:
            self.row[a] |= 1 << b

    def __or__(self, other):
        r = Relation(self.n)
        r.row = [a | b for a, b in zip(self.row, other.row)]
        return r

    def __matmul__(self, other):
        r = Relation(self.n)
        for a in range(self.n):
            for b in range(self.n):
                if self.row[a] >> b & 1:
                    r.row[a] |= other.row[b]
        return r

    def pairs(self):
        return [(a, b) for a in range(self.n) for b in range(self.n) if self.row[a] >> b & 1]

    def only(self, keep):
        return Relation(self.n, [p for p in self.pairs() if keep(*p)])

    def maybe(self):
        return self | Relation(self.n, [(i, i) for i in range(self.n)])

    def plus(self):
        r = self
        for b in range(self.n):
            new = Relation(self.n)
            new.row = [row | (r.row[b] if row >> b & 1 else 0) for row in r.row]
            r = new
        return r

    def cyclic(self):
        return any(row >> i & 1 for i, row in enumerate(self.plus().row))

    def reflexive(self):
        return any(row >> i & 1 for i, row in enumerate(self.row))


def rc11(test):
    events = [("store", where, None, value, 0, None) for where, value in sorted(test.init.items())]
    n_init = len(events)
    for t, statements in enumerate(test.threads):
        events += [(*s, t) for s in statements]
    n = len(events)
    sb = Relation(n, [(a, b) for a in range(n) for b in range(n) if b >= n_init and (
        a < n_init or (a < b and events[a][5] == events[b][5]))])
    reads = [i for i in range(n_init, n) if events[i][0] in ("load", "rmw")]
    writes = {w: [i for i in range(n) if events[i][0] in ("store", "rmw") and events[i][1] == w] for w in test.init}

    def sources(i):
        want = test.read[events[i][5], events[i][2]]
        return [w for w in writes[events[i][1]] if w != i and events[w][3] == want]

    def orders(where):
        first, *rest = writes[where]
        for order in itertools.permutations(rest):
            if where not in test.final or events[(first, *order)[-1]][3] == test.final[where]:
                yield (first, *order)

    for mo in itertools.product(*[list(orders(w)) for w in sorted(test.init)]):
        place = {e: i for order in mo for i, e in enumerate(order)}
        for rf in itertools.product(*[sources(r) for r in reads]):
            if any(events[r][0] == "rmw" and place[r] != place[w] + 1 for r, w in zip(reads, rf)):
                continue  # atomicity
            if consistent(events, sb, mo, dict(zip(reads, rf))):
                return True
    return False


def consistent(events, sb, order, source):
    n = len(events)
    every = range(n)

    def subset(keep):
        return Relation(n, [(i, i) for i in every if keep(events[i])])

    def same(a, b):
        return events[a][1] is not None and events[a][1] == events[b][1]

    mo = Relation(n, [(o[i], o[j]) for o in order for i in range(len(o)) for j in range(i + 1, len(o))])
    rf = Relation(n, [(w, r) for r, w in source.items()])
    rb = Relation(n, [(r, b) for r, w in source.items() for a, b in mo.pairs() if a == w and b != r])
    is_write = subset(lambda e: e[0] in ("store", "rmw"))
    is_read = subset(lambda e: e[0] in ("load", "rmw"))
    fence = subset(lambda e: e[0] == "fence")
    rs = is_write @ sb.only(same).maybe() @ is_write @ (rf @ subset(lambda e: e[0] == "rmw")).plus().maybe()
    sw = (subset(lambda e: e[4] & 2) @ (fence @ sb).maybe() @ rs @ rf @ is_read @ (sb @ fence).maybe() @
          subset(lambda e: e[4] & 1))
    # Between a release store's own order and its fence: a fence has no location, so both forms fit one rule.
    hb = (sb | sw).plus()
    eco = (rf | mo | rb).plus()
    if hb.reflexive() or (hb @ eco).reflexive() or (sb | rf).cyclic():
        return False
    sc_access = subset(lambda e: e[4] == 7 and e[0] != "fence")
    sc_fence = subset(lambda e: e[4] == 7 and e[0] == "fence")
    apart = sb.only(lambda a, b: not same(a, b))
    scb = sb | apart @ hb @ apart | hb.only(same) | mo | rb
    psc = ((sc_access | sc_fence @ hb.maybe()) @ scb @ (sc_access | hb.maybe() @ sc_fence) |
           sc_fence @ (hb | hb @ eco @ hb) @ sc_fence)
    return not psc.cyclic()
