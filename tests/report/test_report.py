#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""kickbench report: every figure's numbers are those of the CSV files, nothing is loaded from elsewhere,
and folders that are torn, old, hostile or somebody else's get a page or one clear line."""
import csv
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from report_page import FIGURES, REFERENCE, Page, copy_of_reference, median, report


def rows_of(name, folder=REFERENCE):
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def edit_json(folder, change):
    path = os.path.join(folder, "run.json")
    with open(path, encoding="utf-8") as file:
        run = json.load(file)
    change(run)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(run, file)


class OfTheReference(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        path = os.path.join(cls.temporary.name, "page.html")
        cls.done = report(REFERENCE, "--out", path)
        assert cls.done.returncode == 0, cls.done.stderr
        cls.page = Page(path)
        cls.bench = rows_of("bench.csv")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_every_figure_is_there_once_with_a_heading_and_its_command(self):
        for name in FIGURES:
            figure = self.page.figure(name)
            self.assertIsNotNone(figure.find("h2"), name)
            self.assertTrue(any("kickbench " in "".join(c.itertext()) for c in figure.iter("code")), name)
        ids = [e.get("id") for e in self.page.root.iter() if e.get("id")]
        self.assertEqual(len(ids), len(set(ids)))

    def test_every_link_inside_leads_somewhere(self):
        ids = {e.get("id") for e in self.page.root.iter()}
        links = [a.get("href") for a in self.page.root.iter("a")]
        self.assertGreater(len(links), 10)
        for link in links:
            self.assertIn(link[1:], ids)

    def test_nothing_is_loaded_from_elsewhere_and_nothing_is_a_script(self):
        urls = set(re.findall(r"https?://[^\"'<> ]*", self.page.text))
        self.assertLessEqual(urls, {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"})
        for word in ("<script", "@import", "url(", " src=", "<link", "javascript:"):
            self.assertNotIn(word, self.page.text)

    def test_every_drawing_has_a_title_and_a_description(self):
        drawings = [e for e in self.page.root.iter("{http://www.w3.org/2000/svg}svg") if e.get("role") == "img"]
        self.assertGreater(len(drawings), 12)
        for svg in drawings:
            self.assertTrue(svg[0].tag.endswith("title") and svg[0].text)
            self.assertTrue(svg[1].tag.endswith("desc") and svg[1].text)

    def test_the_ladder_s_medians_are_those_of_bench_csv(self):
        (table,) = self.page.tables("cost-ladder")
        self.assertGreater(len(table), 20)
        for row in table:
            same = [r for r in self.bench if all(r[k] == row[k] for k in (
                "scenario", "path", "put", "line", "form", "distance", "backend")) and r["loop"] != "open"]
            self.assertEqual(sum(r["verdict"] == "ok" for r in same), int(row["repetitions"]), row)
            self.assertEqual(float(row["median"]), median(same, row["column"]), row)
            self.assertLessEqual(float(row["low"]), float(row["median"]))
            self.assertGreaterEqual(float(row["high"]), float(row["median"]))

    def test_migration_s_sums_are_those_of_bench_csv_and_zeros_name_their_n(self):
        (table,) = self.page.tables("migration")
        self.assertGreater(len(table), 8)
        zeros = 0
        for row in table:
            same = [r for r in self.bench if r["scenario"] == "migrate" and r["backend"] == row["backend"] and
                    r["widen"] == row["window"] and float(r["migrations_per_s"]) == float(row["moves/s"])
                    and r["verdict"] == "ok"]
            for column, name in (("kicks", "kicks"), ("misdirected", "ipis_misdirected"),
                                 ("poisoned", "poisoned"), ("lost", "lost"), ("spurious", "ipis_spurious")):
                self.assertEqual(int(row[column]), sum(int(r[name]) for r in same), row)
            if row["lost"] == "0":
                self.assertEqual(row["lost per million"], f"0 in {row['kicks']}")
                zeros += 1
        self.assertGreater(zeros, 0)

    def test_the_broadcast_s_medians_are_those_of_bench_csv(self):
        (table,) = self.page.tables("broadcast")
        self.assertGreater(len(table), 8)
        for row in table:
            same = [r for r in self.bench if r["scenario"] == "broadcast" and all(
                r[k] == row[v] for k, v in (("backend", "backend"), ("path", "path"), ("vcpus", "vCPUs"),
                                            ("in_guest_pct", "% in guest"), ("wakeup", "wakes")))]
            self.assertEqual(float(row["ns_per_op"]), median(same, "ns_per_op"))

    def test_the_percentiles_are_those_of_latency_csv(self):
        (table,) = self.page.tables("latency")
        buckets = rows_of("latency.csv")
        self.assertGreaterEqual(len(table), 3)
        for row in table:
            same = [(int(b["bucket_low_ns"]), int(b["bucket_high_ns"]), int(b["count"])) for b in buckets
                    if (b["kind"], b["loop"], b["backend"]) == (row["kind"], row["loop"], row["backend"])]
            n = sum(b[2] for b in same)
            self.assertEqual(int(row["samples"]), n)
            for q, column in ((.5, "p50"), (.9, "p90"), (.99, "p99"), (.999, "p99.9")):
                seen = 0
                for low, high, count in sorted(same):
                    seen += count
                    if seen >= q * n - 1e-9:
                        break
                self.assertTrue(low <= float(row[column]) <= high, (column, low, high, row))

    def test_the_matrix_is_that_of_the_round_trips(self):
        (table,) = self.page.tables("matrix")
        want = sorted(float(r["p50_ns"]) for r in self.bench if r["scenario"] == "roundtrip" and
                      r["loop"] == "closed" and r["verdict"] == "ok")
        self.assertEqual(sorted(float(row["p50_ns"]) for row in table), want)

    def test_the_verdicts_are_those_of_explore_csv(self):
        explore = rows_of("explore.csv")
        table = next(self.page.tables("verdicts"))
        self.assertEqual([[r[k] for k in ("backend", "scenario", "model", "found", "executions")] for r in table],
                         [[r[k] for k in ("backend", "scenario", "model", "found", "executions")] for r in explore])
        shown = next(t for t in self.page.figure("verdicts").iter("table") if t.get("class") == "verdicts")
        bad = [td for td in shown.iter("td") if td.get("class") == "v v-bad"]
        self.assertEqual(len(bad), sum(r["found"] not in ("HOLDS", "") for r in explore))
        good = [td for td in shown.iter("td") if td.get("class") == "v v-good"]
        self.assertEqual(len(good), sum(r["found"] == "HOLDS" and r["status"] == "exhaustive" for r in explore))

    def test_the_lost_kick_s_lanes_are_drawn(self):
        lanes = [d for d in self.page.figure("verdicts").iter("details") if d.get("class") == "lanes"]
        titles = ["".join(d.find("summary").itertext()) for d in lanes]
        self.assertTrue(any(t.startswith("old, two-kicks under sc: LOST") for t in titles), titles)
        for details in lanes:
            text = "".join(details.find("details/pre").itertext())
            svg = details.find("div/{http://www.w3.org/2000/svg}svg")
            said = [t.text for t in svg.iter("{http://www.w3.org/2000/svg}text") if t.get("class") == "say"]
            steps = text[:text.index(" =>")].strip().split("\n")[1:]
            self.assertEqual(len(said), len(steps))
            for what, step in zip(said, steps):
                self.assertIn(what, step)

    def test_the_machine_s_settings_are_those_of_run_json(self):
        (table,) = self.page.tables("topology")
        values = {row["setting"]: row["value"] for row in table}
        with open(os.path.join(REFERENCE, "run.json"), encoding="utf-8") as file:
            run = json.load(file)
        self.assertEqual(values["machine.cpu_model"], run["machine"]["cpu_model"])
        self.assertEqual(values["run_id"], run["run_id"])
        self.assertEqual(values["machine.governor"], run["machine"]["governor"] or "unknown")

    def test_the_terminal_says_what_the_page_says_in_a_hundred_columns(self):
        headline, _, where = self.done.stdout.strip().rpartition("\nreport: ")
        page = "".join(next(p for p in self.page.root.iter("p") if p.get("class") == "headline").itertext())
        self.assertEqual(" ".join(headline.split()), page)
        self.assertLessEqual(max(map(len, headline.split("\n"))), 100)
        self.assertNotIn("\033", self.done.stdout)
        self.assertIn("in our model", page)
        self.assertRegex(page, r"patched 0 misdirected IPIs, 0 poisoned stints, 0 lost kicks in \d+")
        self.assertTrue(where.endswith("page.html"))


def on_terminal(folder, out, **environment):
    """What report prints to a terminal."""
    pid, fd = pty.fork()
    if not pid:
        os.environ.update(TERM="xterm", **environment)
        if "NO_COLOR" not in environment:
            os.environ.pop("NO_COLOR", None)
        os.execv(os.environ["KICKBENCH"], ["kickbench", "report", folder, "--out", out])
    text = b""
    while True:
        try:
            part = os.read(fd, 4096)
        except OSError:
            break
        if not part:
            break
        text += part
    os.waitpid(pid, 0)
    os.close(fd)
    return text.decode()


class OfOtherFolders(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.place = temporary.name

    def page(self, *args, code=0):
        path = os.path.join(self.place, "page.html")
        done = report(*args, "--out", path)
        self.assertEqual(done.returncode, code, done.stderr)
        return Page(path) if not code else done.stderr

    def test_colour_is_for_terminals_without_no_color(self):
        out = os.path.join(self.place, "page.html")
        self.assertIn("\033[1m", on_terminal(REFERENCE, out))
        self.assertNotIn("\033", on_terminal(REFERENCE, out, NO_COLOR="1"))

    def test_the_page_lies_in_the_folder_by_default(self):
        folder = copy_of_reference(self.place)
        self.assertEqual(report(folder).returncode, 0)
        self.assertTrue(os.path.getsize(os.path.join(folder, "report.html")) > 10000)

    def test_each_missing_file_is_named_where_its_figure_would_be(self):
        for name, figure in (("bench.csv", "migration"), ("latency.csv", "latency"), ("explore.csv", "verdicts"),
                             ("run.json", "topology")):
            folder = copy_of_reference(self.place, "without-" + name)
            os.remove(os.path.join(folder, name))
            text = "".join(self.page(folder).figure(figure).itertext())
            self.assertIn("Not measured in this run", text)
            self.assertIn(name, text)

    def test_the_machine_is_drawn_from_run_json(self):
        def drawing(folder):
            return self.page(folder).figure("topology").find(".//{http://www.w3.org/2000/svg}svg")

        folder = copy_of_reference(self.place, "with-layout")
        squares = [e for e in drawing(folder).iter() if e.get("class", "").startswith("box pu")]
        self.assertEqual(len(squares), 2)
        for damaged in (None, [], {"cpu": "x"}):
            edit_json(folder, lambda run, layout=damaged: run.update(pu_layout=layout))
            self.assertIsNone(drawing(folder))
        edit_json(folder, lambda run: run.update(pu_layout={"cpu": [0, 1], "core": [1e300, None], "l3": [-5, 7, 9]}))
        self.assertIsNotNone(drawing(folder))

    def test_torn_and_empty_files_get_a_page(self):
        for name in ("bench.csv", "latency.csv", "explore.csv", "stress.csv", "run.json",
                     "example-old-two-kicks-sc.json"):
            for keep in (0, 100, 0.5):
                folder = copy_of_reference(self.place, f"torn-{name}-{keep}")
                path = os.path.join(folder, name)
                size = os.path.getsize(path)
                os.truncate(path, keep if isinstance(keep, int) else int(size * keep))
                page = self.page(folder)
                for figure in FIGURES:
                    page.figure(figure)

    def test_lanes_are_one_picture_on_the_page_and_in_a_file(self):
        folder, svg = os.path.join(self.place, "run"), os.path.join(self.place, "x.svg")
        cell = ("explore", "--backend", "old", "--scenario", "two-kicks", "--model", "sc")
        done = subprocess.run([os.environ["KICKBENCH"], *cell, "--out", folder, "--svg", svg], check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 1)
        name = os.path.join(folder, "example-old-two-kicks-sc.")
        page = self.page(folder).text
        os.truncate(name + "json", os.path.getsize(name + "json") // 2)
        self.assertNotIn("details class=\"lanes\"", self.page(folder).text)
        os.remove(name + "json")
        self.assertNotIn("details class=\"lanes\"", self.page(folder).text)
        with open(svg, encoding="utf-8") as file:
            alone = file.read()
        with open(name + "svg", encoding="utf-8") as file:
            self.assertEqual(file.read(), alone)
        self.assertNotIn("var(", alone)
        drawn = re.sub(r"<style>.*</style>\n<rect[^>]*/>\n", "", alone, flags=re.S)
        self.assertIn(drawn, page)

    def test_what_a_folder_says_never_becomes_markup(self):
        folder = copy_of_reference(self.place)
        evil = "<script>alert('\"&')</script>"
        edit_json(folder, lambda run: run["machine"].update({"cpu_model": evil, "\x01key": evil}))
        for name in ("bench.csv", "explore.csv", "latency.csv"):
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8", newline="") as file:
                text = file.read()
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text.replace(",patched,", ',"' + evil.replace('"', '""') + '",'))
        with open(os.path.join(folder, "stress.csv"), "ab") as file:
            file.write(b"\xff\xc0\xaf,\xed\xa0\x80,\xe2\x82,\x0c\n")
        page = self.page(folder)
        self.assertNotIn("<script", page.text)
        self.assertIn("&lt;script&gt;", page.text)

    def test_what_is_no_results_folder_is_one_line(self):
        for args in ((self.place,), (os.path.join(self.place, "nowhere"),), (), ("--frobnicate",), ("--out",)):
            done = report(*args)
            self.assertEqual(done.returncode, 2, args)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)

    def test_what_cannot_be_written_is_exit_3(self):
        done = report(REFERENCE, "--out", os.path.join(self.place, "no", "such", "place.html"))
        self.assertEqual(done.returncode, 3)
        self.assertEqual(done.stderr.count("\n"), 1)

    def test_counters_stand_beside_the_figures_where_there_are_some(self):
        self.assertIn("No hardware counters", "".join(self.page(REFERENCE).figure("cost-ladder").itertext()))
        folder = copy_of_reference(self.place)
        rows = rows_of("bench.csv")
        for row in rows:
            row["perf_cycles"] = str(3 * int(row["ops"] or 0))
        with open(os.path.join(folder, "bench.csv"), "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        (table,) = self.page(folder).tables("cost-ladder")
        self.assertEqual({row["cycles per op"] for row in table if row["median"]}, {"3"})

    def test_two_runs_stand_side_by_side_with_verdicts(self):
        slower = copy_of_reference(self.place)
        edit_json(slower, lambda run: run.update(run_id="again"))
        rows = rows_of("bench.csv")
        for row in rows:
            row["run_id"] = "again"
            if row["backend"] == "patched" and row["scenario"] == "fastpath":
                row["ns_per_op"] = repr(float(row["ns_per_op"] or 0) * 2)
        with open(os.path.join(slower, "bench.csv"), "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        page = self.page(REFERENCE, slower)
        (table,) = page.tables("compare")
        slow = [row for row in table if row["verdict"] == "slower"]
        self.assertGreater(len(slow), 5)
        for row in slow:
            self.assertIn("patched", row["case"])
            self.assertAlmostEqual(float(row["ratio"]), 2)
        self.assertFalse([row for row in table if row["verdict"] == "faster"])
        for figure in FIGURES:
            self.assertEqual(len(list(page.figure(figure).iter("section"))), 2)
        ids = [e.get("id") for e in page.root.iter() if e.get("id")]
        self.assertEqual(len(ids), len(set(ids)))
        axes = [[t.text for t in section.iter("{http://www.w3.org/2000/svg}text") if t.get("class") == "tick mid"]
                for section in page.figure("cost-ladder").iter("section")]
        self.assertEqual(axes[0], axes[1], "the ladders' axes differ")

    def test_another_machine_is_refused_and_flagged_when_forced(self):
        other = copy_of_reference(self.place)
        edit_json(other, lambda run: run["machine"].update(cpu_model="Another"))
        self.assertIn("machine.cpu_model differs", self.page(REFERENCE, other, code=2))
        text = "".join(self.page(REFERENCE, other, "--force").figure("compare").itertext())
        self.assertIn("different machines", text)
        self.assertIn("then Another", text)

    def test_json_names_page_and_headline(self):
        out = os.path.join(self.place, "page.html")
        done = json.loads(report(REFERENCE, "--json", "--out", out).stdout)
        self.assertEqual(done["report"], out)
        self.assertIn("extra cmpxchg", done["runs"][0]["headline"])


unittest.main()
