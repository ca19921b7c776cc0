#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# test_ioapic_bitmap.sh for every backend.
exec "$SRC/tests/impl/test_ioapic_bitmap.sh" --full
