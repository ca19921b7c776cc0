#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A VMM's threads in bench, by their books: each signal that was sent ended a stint, found none, or was merged
with another; what has no place says why; and a pause stops everybody.  Needs every backend: a build with some
of them leaves this out."""
import unittest

from bench_folder import Folder, n_pus, select, skip

RIGHT, WRONG = "chv_7428", "chv_7427"
BOOKS = ("ipis_useful", "ipis_stale", "ipis_spurious", "ipis_double", "ipis_dropped")


class Vmm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Folder("bench", "--backend", f"old,{RIGHT},chv_pause,chv_8092,s390_exit_sie", "--scenario",
                            "fastpath,entry,roundtrip,contend,migrate,pause", "--loop", "closed", "--vcpus", "1,3",
                            "--kickers", "1,2", "--migrations-per-s", "1k", "--window", "200us")

    def rows(self, **want):
        rows = select(self.folder.rows, **want)
        self.assertTrue(rows, want)
        return rows

    def reasons(self, **want):
        return {row["reason"] for row in self.rows(verdict="na", **want)}

    def test_the_books_of_signals_add_up(self):
        for backend in RIGHT, "chv_pause", "s390_exit_sie":
            for scenario in "roundtrip", "contend":
                for row in self.rows(backend=backend, scenario=scenario):
                    self.assertNotEqual(row["verdict"], "violated", row["reason"])
                    self.assertEqual(row["transport"], "signal")
                    self.assertEqual(int(row["ipis_sent"]), sum(int(row[book]) for book in BOOKS), row)
                    self.assertEqual(row["ipis_stale"], "0")

    def test_a_kick_of_a_right_protocol_is_never_lost(self):
        for row in self.rows(backend=RIGHT, scenario="roundtrip"):
            self.assertEqual(row["lost"], "0")

    def test_a_kick_is_counted(self):
        for row in self.rows(backend=RIGHT, scenario="roundtrip"):
            if row["verdict"] == "ok":
                self.assertEqual((row["locked_rmws_per_kick"], row["fences_per_kick"]), ("1", "0"))

    def test_what_has_no_place_says_why(self):
        self.assertEqual(self.reasons(backend=RIGHT, scenario="migrate"),
                         {"a signal follows its thread, wherever that moves"})
        self.assertEqual(self.reasons(backend=RIGHT, scenario="fastpath", path="self"),
                         {"its vCPU is a thread of a VMM: it has no pCPU number"})
        self.assertEqual(self.reasons(backend=RIGHT, scenario="pause"), {"it has no pause"})
        self.assertEqual(self.reasons(backend="chv_8092", scenario="pause"),
                         {"its pause may never end, as it declares"})
        self.assertEqual(self.reasons(backend="old", scenario="pause"),
                         {"no VMM's: there is nothing that stops all vCPUs"})

    def test_a_pause_stops_all(self):
        for row in self.rows(backend="chv_pause", scenario="pause"):
            self.assertIn(row["vcpus"], ("1", "3"))
            self.assertNotEqual(row["verdict"], "violated", row["reason"])
            self.assertEqual(int(row["ipis_sent"]), int(row["vcpus"]) * int(row["ops"]))

    def test_floors_stand_beside_each(self):
        for scenario in "fastpath", "roundtrip", "contend", "pause":
            self.assertEqual({row["path"] for row in self.rows(backend="floor", scenario=scenario)},
                             {"tgkill", "futex"})

    def test_a_handler_is_counted_by_itself(self):
        counts = "locked_rmws_per_kick", "fences_per_kick", "loads_per_kick", "stores_per_kick"
        for backend, stores in (RIGHT, "1"), ("chv_8092", "1"), ("s390_exit_sie", "0"):
            for row in self.rows(backend=backend, scenario="entry", path="handler"):
                self.assertEqual([row[name] for name in counts], ["0", "0", "0", stores], row)
        self.assertEqual(self.reasons(backend="old", scenario="entry"),
                         {"no VMM's: no signal is sent to its vCPU's thread"})


class Transport(unittest.TestCase):
    def test_of_a_vmm_it_is_the_signal(self):
        folder = Folder("bench", "--backend", WRONG, "--scenario", "roundtrip", "--loop", "closed", "--transport",
                        "doorbell,signal", "--window", "100us")
        self.assertEqual({row["reason"] for row in select(folder.rows, verdict="na")},
                         {"its vCPU is a thread of a VMM: transport signal"})


if __name__ == "__main__":
    if n_pus() < 2:
        skip("two threads need 2 PUs")
    unittest.main()
