#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""kickbench report: every figure's numbers are those of the CSV files, nothing is loaded from elsewhere,
and folders that are torn, old, hostile or somebody else's get a page or one clear line."""
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from report_folders import edit_json, own, several, write
from report_folders import read as rows_of
from report_page import FIGURES, REFERENCE, SRC, SVG, Page, copy_of_reference, median, report


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
                    if all(b[column] == row[column] for column in ("kind", "path", "loop", "backend"))]
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
        presets = {r["scenario"] for r in explore}
        cells = [td for t in self.page.figure("verdicts").iter("table") if t.get("class") == "verdicts"
                 and "".join(t.find("caption").itertext()) in presets for td in t.iter("td")]
        bad = [td for td in cells if td.get("class") == "v v-bad"]
        self.assertEqual(len(bad), sum(r["found"] not in ("HOLDS", "") for r in explore))
        good = [td for td in cells if td.get("class") == "v v-good"]
        self.assertEqual(len(good), sum(r["found"] == "HOLDS" and r["status"] == "exhaustive" for r in explore))

    def test_the_lost_kick_s_lanes_are_drawn(self):
        lanes = [d for d in self.page.figure("verdicts").iter("details") if d.get("class") == "lanes"]
        titles = ["".join(d.find("summary").itertext()) for d in lanes]
        self.assertTrue(any(t.startswith("old, two-kicks under sc: LOST") for t in titles), titles)
        for details in lanes:
            text = "".join(details.find("details/pre").itertext())
            svg = details.find("div/{http://www.w3.org/2000/svg}svg")
            said = [t.text for t in svg.iter("{http://www.w3.org/2000/svg}text") if t.get("class") == "say"]
            steps = re.findall(r"^ *\d+  .*$", text, re.M)
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

    def test_terminal_page_and_readme_say_the_same(self):
        terminal, _, where = self.done.stdout.strip().rpartition("\nreport: ")
        answer = next(d for d in self.page.root.iter("div") if d.get("class") == "answer")
        self.assertEqual(terminal.split(), " ".join(answer.itertext()).split())
        self.assertLessEqual(max(map(len, terminal.split("\n"))), 100)
        self.assertNotIn("\033", self.done.stdout)
        self.assertTrue(where.endswith("page.html"))
        with open(os.path.join(SRC, "README.md"), encoding="utf-8") as file:
            self.assertIn("".join(f"    {line}".rstrip() + "\n" for line in terminal.split("\n")), file.read())

    def test_the_answer_has_two_losses_with_their_own_n(self):
        """As it is and widened are never added up."""
        tiles = [" ".join("".join(t.itertext()).split()) for t in self.page.root.iter("section")
                 if t.get("class") == "tile"]
        self.assertEqual(len(tiles), 3)
        self.assertRegex(tiles[0], r"\+\d+\.\d\d ns \[\d+\.\d\d, \d+\.\d\d\]")
        for widen, words in ((lambda w: w == "none", "as it is"), (lambda w: w != "none", "window held open")):
            for backend in ("old", "patched"):
                same = [r for r in self.bench if r["scenario"] == "migrate" and r["backend"] == backend and
                        widen(r["widen"]) and r["verdict"] == "ok" and float(r["migrations_per_s"]) > 0]
                lost, kicks = (sum(int(r[c]) for r in same) for c in ("lost", "kicks"))
                self.assertIn(f"{lost} in {kicks}", tiles[1])
            self.assertIn(words, tiles[1])
        self.assertIn("old LOST", tiles[2])
        self.assertIn("patched holds", tiles[2])
        self.assertIn("exhaustively", tiles[2])

    def test_no_bold_number_is_throughput(self):
        for svg in self.drawings("cost-ladder"):
            if "stolen" in svg[0].text:
                deltas = [t.get("class") for t in svg.iter(SVG + "text") if "delta" in t.get("class")]
                self.assertGreater(len(deltas), 3)
                self.assertTrue(all("faint" in c for c in deltas), deltas)
                self.assertIn("throughput", svg[1].text)

    def test_which_barriers_carry_weight_names_all_models(self):
        models = {r["model"] for r in rows_of("explore.csv")}
        shown = next(t for t in self.page.figure("weaken").iter("table") if t.get("class") == "verdicts")
        self.assertLessEqual(models, {"".join(th.itertext()) for th in shown.find("thead").iter("th")})

    def test_long_matrices_have_three_rows_open_and_captions_stand_above(self):
        for name in ("verdicts", "weaken"):
            figure = self.page.figure(name)
            open_rows = [t for t in figure.iter("table") if t.get("class") == "verdicts"][0].find("tbody")
            self.assertEqual(len(open_rows), 3, name)
            self.assertTrue([d for d in figure.iter("details") if d.get("class") == "more"], name)
        for name in FIGURES:
            tags = [e.tag for e in self.page.figure(name)]
            self.assertLess(tags.index("figcaption"), tags.index("div"), name)

    def drawings(self, figure):
        return [e for e in self.page.figure(figure).iter(SVG + "svg") if e.get("role") == "img"]

    def test_a_description_says_the_finding(self):
        (ladder, *_), lost, round_trip = (self.drawings(f) for f in ("cost-ladder", "migration", "latency"))
        self.assertRegex(ladder[1].text, r"self, patched against old: \+\d+\.\d\d ns \[")
        self.assertRegex(lost[2][1].text, "old: {} in {} kicks widened".format(*(
            sum(int(r[column] or 0) for r in self.bench if (r["scenario"], r["backend"], r["widen"], r["verdict"])
                == ("migrate", "old", "cpu-claim:10us", "ok")) for column in ("lost", "kicks"))))
        self.assertRegex(round_trip[0][1].text, r"old: p50 \d+ ns, p99 \d+ ns")
        for svg in self.page.root.iter(SVG + "svg"):
            if svg.get("role") == "img":
                self.assertRegex(svg[1].text, r"\d")

    def test_legends_name_what_is_drawn(self):
        for name in ("cost-ladder", "migration", "broadcast", "latency"):
            figure = self.page.figure(name)
            legend = next(u for u in figure.iter("ul") if u.get("class") == "legend")
            keys = {"".join(li.itertext()).strip().split("\n")[-1].strip() for li in legend}
            said = " ".join(t.text for svg in self.drawings(name) for t in svg.iter(SVG + "title"))
            for key in keys:
                self.assertRegex(said, rf"\b{re.escape(key)}\b", name)
            for backend in {r["backend"] for r in self.bench} - keys - {"floor"}:
                self.assertNotRegex(said, rf"\b{backend}\b[:,]", name)

    def test_colours_of_old_and_patched_are_nobody_else_s(self):
        allowed = re.compile(r"^(old|patched)\b")
        for e in self.page.root.iter(SVG + "path"):
            title = e.find(SVG + "title")
            if title is not None and re.search(r"\bs[01]\b", e.get("class")):
                self.assertRegex(title.text, allowed)
        self.assertNotRegex("".join(re.findall(r"\.(?:op|heat|box|guest|ipi)[^}]*}", self.page.text)), r"--s[01]\b")

    def test_it_repeats_what_is_shown(self):
        """Its backends, scenarios, models; and each command is one that the program takes."""
        commands = ["".join(c.itertext()) for f in FIGURES for c in self.page.figure(f).iter("code")]
        for command in commands:
            for option, name in (("--scenario", "bench"), ("--model", "explore")):
                if f"kickbench {name} " in command and option in command:
                    self.assertRegex(command, option + r" [\w,-]+")
        explore = next(c for c in commands if c.startswith("kickbench explore --backend"))
        for option, column in (("--backend", "backend"), ("--scenario", "scenario"), ("--model", "model")):
            said = re.search(rf"{option} (\S+)", explore).group(1).split(",")
            self.assertEqual(set(said), {r[column] for r in rows_of("explore.csv")})
        migrate = next(c for c in commands if c.startswith("kickbench bench --scenario migrate"))
        migrate = re.sub(r"--backend \S+", "--backend old,patched", migrate)
        planned = subprocess.run([os.environ["KICKBENCH"], *migrate.split()[1:], "--plan"], capture_output=True,
                                 text=True, check=False)
        self.assertEqual(planned.returncode, 0, planned.stderr)
        self.assertIn("25ms", migrate)
        latency = next("".join(c.itertext()) for c in self.page.figure("latency").iter("code"))
        self.assertIn("--scenario floor,roundtrip --backend", latency)
        self.assertIn("1000,10000,100000,1000000", migrate)


def contrast(a, b):
    def luminance(colour):
        parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [p / 12.92 if p <= .03928 else ((p + .055) / 1.055) ** 2.4 for p in parts]
        return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2]
    low, high = sorted((luminance(a), luminance(b)))
    return (high + .05) / (low + .05)


class OfTheStyle(unittest.TestCase):
    def test_lines_that_carry_meaning_have_a_contrast_of_four_and_a_half(self):
        with open(os.path.join(SRC, "report/draw/style.css"), encoding="utf-8") as file:
            css = file.read()
        themes = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part))
                  for part in re.findall(r":root \{(.*?)\}", css, re.S)]
        self.assertEqual(len(themes), 2)
        self.assertEqual(*map(set, themes))
        rules = re.findall(r"([^{}\n]+) \{([^{}]*)\}", css[css.index("/* Of a picture"):css.index("/* Of the page")])
        used = {name for _, body in rules for name in re.findall(r"(?:stroke|color): var\(--([\w-]+)\)", body)}
        used |= {name for where, body in rules if "text" in where for name in re.findall(r"fill: var\(--([\w-]+)", body)}
        # Guides of the eye, and the edges of marks; none of them says anything.
        meaning = used - {"grid", "rule", "bg"}
        self.assertGreaterEqual(len(meaning), 15)
        for theme in themes:
            for name in meaning:
                for ground in ("bg", "panel") if name in ("fg", "muted", "good", "bad") else ("bg",):
                    self.assertGreaterEqual(contrast(theme[name], theme[ground]), 4.5, name)
        self.assertNotIn("stroke-opacity", css)


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
        write(folder, "bench.csv", rows)
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
        write(slower, "bench.csv", rows)
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

    def test_runs_of_one_kind_of_machine_stand_together(self):
        dirs = [os.path.join(self.place, name) for name in ("genoa1", "arm", "genoa2")]
        for folder in dirs:
            shutil.copytree(REFERENCE, folder)
            kind = "Genoa" if "genoa" in folder else "Graviton"
            write(folder, "bench.csv", [row | {"machine": kind} for row in rows_of("bench.csv", folder)])
            edit_json(folder, lambda run, folder=folder, kind=kind: (
                run.update(run_id=os.path.basename(folder)), run["machine"].update(cpu_model=kind)))
        header = next(self.page(*dirs, "--force").root.iter("header"))
        text = " ".join(header.itertext())
        self.assertEqual([p.text for p in header.iter("p") if p.get("class") == "kind"], ["Genoa", "Graviton"])
        self.assertLess(text.index("genoa1"), text.index("genoa2"))
        self.assertLess(text.index("genoa2"), text.index("arm"))

    def test_one_s_own_backends_have_colours_marks_and_a_place(self):
        page = self.page(own(os.path.join(self.place, "own"))[0])
        looks = {}
        for e in page.figure("cost-ladder").iter(SVG + "path"):
            title = e.find(SVG + "title")
            if title is not None and e.get("class").startswith("mark"):
                looks[title.text.split(",")[0]] = (e.get("class"), e.get("d"))
        for name in ("mine", "mine_too"):
            self.assertEqual(sum(look[0] == looks[name][0] for look in looks.values()), 1, looks)
            self.assertEqual(sum(look[1] == looks[name][1] for look in looks.values()), 1, looks)
        answer = " ".join(next(d for d in page.root.iter("div") if d.get("class") == "answer").itertext())
        self.assertRegex(answer, r"per kick: mine against old")
        self.assertRegex(answer, r"mine_too\s+holds")
        first = next(e for e in page.figure("cost-ladder").iter(SVG + "svg") if e.get("role") == "img")
        self.assertIn("mine against old: ", first[1].text)

    def test_many_protocols_leave_the_answer_short(self):
        """Some are named; that there are more is said; the figures have all of them."""
        folder = copy_of_reference(self.place)
        for name in ("bench.csv", "explore.csv"):
            rows = rows_of(name)
            write(folder, name, rows + [dict(row, backend=f"mine_{k:02}") for k in range(12) for row in rows
                                        if row["backend"] == "patched"])
        page = self.page(folder)
        answer = " ".join(next(d for d in page.root.iter("div") if d.get("class") == "answer").itertext())
        self.assertIn("9 more protocols are in the figures", answer)
        self.assertLess(len(answer), 3000)
        self.assertIn("mine_11", "".join(page.figure("cost-ladder").itertext()))

    def test_the_base_is_chosen(self):
        folder = own(os.path.join(self.place, "own"))[0]
        answer = " ".join(next(d for d in self.page(folder, "--base", "patched").root.iter("div")
                               if d.get("class") == "answer").itertext())
        self.assertIn("mine against patched", answer)
        self.assertNotIn("against old", answer)
        answer = " ".join(next(d for d in self.page(REFERENCE, "--base", "mainline").root.iter("div")
                               if d.get("class") == "answer").itertext())
        self.assertIn("patched against mainline", answer)
        complaint = self.page(folder, "--base", "nobody", code=2)
        self.assertIn("'nobody'", complaint)
        self.assertIn("mine_too", complaint)
        self.assertEqual(complaint.count("\n"), 1)

    def test_drawings_are_files_for_a_paper(self):
        figures = os.path.join(self.place, "figures")
        page = self.page(own(os.path.join(self.place, "own"))[0], "--figures", figures)
        drawn = [e for e in page.root.iter(SVG + "svg") if e.get("role") == "img"]
        names = sorted(os.listdir(figures))
        self.assertEqual(len(names), len(drawn))
        for name in names:
            with open(os.path.join(figures, name), encoding="utf-8") as file:
                text = file.read()
            root = xml.etree.ElementTree.fromstring(text)
            self.assertNotIn("var(", text)
            self.assertIn("<style>", text)
            self.assertTrue(root.get("width") and root.get("height"))
        with open(os.path.join(figures, "cost-ladder-1.svg"), encoding="utf-8") as file:
            words = [t.text for t in xml.etree.ElementTree.fromstring(file.read()).iter(SVG + "text")]
        self.assertLessEqual({"old", "patched", "mine", "mine_too"}, set(words))
        blocked = os.path.join(self.place, "file", "figures")
        with open(os.path.join(self.place, "file"), "w", encoding="utf-8"):
            pass
        self.assertIn("figures", self.page(REFERENCE, "--figures", blocked, code=3))

    def test_runs_stand_in_the_order_of_time(self):
        page = self.page(*several(os.path.join(self.place, "several")))
        (table,) = page.tables("trend")
        self.assertEqual(list(dict.fromkeys(row["name"] for row in table)), ["day2", "day5", "day7", "day9"])
        for svg in page.figure("trend").iter(SVG + "svg"):
            labels = [t.text for t in svg.iter(SVG + "text") if t.text in ("A", "B", "C", "D")]
            self.assertEqual(labels, ["B", "A", "D", "C"] if labels else [])

    def test_noise_stands_beside_the_answer(self):
        folder = copy_of_reference(self.place)

        def disturb(load, share):
            edit_json(folder, lambda run: (run["machine"].update(loadavg=f"{load} 1 1 1/9 9"), run["noise"].update(
                steal_ms=69 * 2 * 10 * share), run.update(started="2026-11-23T21:24:52Z",
                                                          finished="2026-11-23T21:26:01Z")))
            page = self.page(folder)
            return next((p.get("class"), p.text) for p in page.root.iter("p") if (p.get("class") or "").startswith("noise"))

        self.assertEqual(disturb(30, 4), ("noise busy", "busy: load 30 on 2 PUs, steal 4 %"))
        self.assertEqual(disturb(0.1, 0), ("noise", "quiet: load 0.1 on 2 PUs, steal 0 %"))
        edit_json(folder, lambda run: (run.pop("pu_layout"), run["machine"].update(cpus_online="0-3,8,10-11")))
        self.assertEqual(disturb(3.4, 0), ("noise", "quiet: load 3.4 on 7 PUs, steal 0 %"))

    def test_what_contradicts_a_declaration_is_in_the_figures(self):
        """A row that is violated happened: its kicks are in the answer and in the sums; its times are not."""
        folder = copy_of_reference(self.place)
        rows = rows_of("bench.csv")
        for row in rows:
            if row["scenario"] == "migrate" and row["backend"] == "patched" and row["repetition"] == "0":
                row.update(lost="7", verdict="violated", reason="lost, which nobody declared")
        write(folder, "bench.csv", rows)
        page = self.page(folder)
        same = [r for r in rows if r["scenario"] == "migrate" and r["backend"] == "patched" and
                float(r["migrations_per_s"]) > 0]
        for held in (False, True):
            lost, kicks = (sum(int(r[c]) for r in same if (r["widen"] != "none") == held) for c in ("lost", "kicks"))
            self.assertGreater(lost, 0)
            self.assertIn(f"by patched {lost} in {kicks}", "".join(page.root.itertext()))
        (table,) = page.tables("migration")
        self.assertEqual(sum(int(r["lost"]) for r in table if r["backend"] == "patched"),
                         sum(int(r["lost"]) for r in same))

    def test_what_shows_nothing_is_no_figure(self):
        """Inconclusive rows: their word and the reason, no zero in so many kicks."""
        folder, rows = os.path.join(self.place, "idle"), rows_of("stress.csv")
        os.mkdir(folder)
        write(folder, "stress.csv", [dict(r, verdict="inconclusive", reason="too few migrations", lost="0",
                                          poisoned="0", weak="0") for r in rows])
        shutil.copy(REFERENCE + "/run.json", folder)
        page = self.page(folder)
        answer = "".join(next(d for d in page.root.iter("div") if d.get("class") == "answer").itertext())
        self.assertIn("inconclusive", answer)
        self.assertIn("too few migrations", answer)
        self.assertNotRegex(answer, r"\d in \d")
        classes = {td.get("class") for td in page.figure("verdicts").iter("td") if "kicks" in "".join(td.itertext())}
        self.assertEqual(classes, {"v v-open"})
        write(folder, "bench.csv", [dict(r, verdict="inconclusive", reason="hardly met") for r in rows_of("bench.csv")])
        tiles = ["".join(t.itertext()) for t in self.page(folder).root.iter("section") if t.get("class") == "tile"]
        self.assertTrue(all("inconclusive" in t and "hardly met" in t for t in tiles[:2]), tiles)

    def test_the_kernel_s_figures_keep_their_own_axis(self):
        """Whatever was emulated, and whatever stands beside it."""
        def ticks(page, figure, n):
            return [[t.text for t in svg.iter(SVG + "text") if t.get("class") == "tick mid"]
                    for svg in page.figure(figure).iter(SVG + "svg") if svg.get("role") == "img"][n]

        slower = copy_of_reference(self.place, "slower")
        for name, columns in (("bench.csv", ("ns_per_op", "p50_ns")), ("latency.csv", ("bucket_low_ns",))):
            rows = rows_of(name)
            for row in rows:
                for column in columns:
                    row[column] = str(float(row[column]) * 100) if row[column] else ""
            write(slower, name, rows)
        alone = ticks(self.page(REFERENCE), "kvm", 0)
        beside = self.page(REFERENCE, slower, "--force")
        self.assertEqual(ticks(beside, "kvm", 0), alone)
        self.assertEqual(ticks(beside, "kvm", 1), alone)

    def test_a_round_trip_stands_on_its_own_floor(self):
        """A run from before there was one keeps the ping-pong."""
        for has in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                copy = copy_of_reference(folder)
                for name in () if has else ("bench.csv", "latency.csv"):
                    write(copy, name, [r for r in rows_of(name) if r["path"] != "handover"])
                self.assertEqual(report(copy, "--out", folder + "/page.html").returncode, 0)
                text = Page(folder + "/page.html").text
                drawn = set(re.findall(r"<(?:text|title)[^>]*>(handover|ping-pong)\b", text))
                self.assertEqual(drawn, {"handover" if has else "ping-pong"})

    def test_what_is_left_out_is_said(self):
        folder = copy_of_reference(self.place)
        rows = [row for row in rows_of("bench.csv") if row["scenario"] == "fastpath" and row["line"] == "stolen"]
        rows = [dict(row, vcpu_pu=str(n)) for n in range(1, 20) for row in rows]
        write(folder, "bench.csv", rows)
        self.assertRegex("".join(self.page(folder).figure("cost-ladder").itertext()), r"\d+ more cases are in the table")

    def test_json_names_page_and_headline(self):
        out = os.path.join(self.place, "page.html")
        done = json.loads(report(REFERENCE, "--json", "--out", out).stdout)
        self.assertEqual(done["report"], out)
        self.assertIn("extra cmpxchg", done["runs"][0]["headline"])


unittest.main()
