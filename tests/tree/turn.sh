#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# turn.sh TURN TEST: runs a test that is run on one day of four only (docs/testing.md), if this is the day.
case ${KICK_TURN:-$(($(date +%s) / 86400 % 4))} in
"$1" | all) exec "$2" ;;
esac
echo "skipped: it is another's turn today (KICK_TURN=$1 scripts/test --full)"
exit 4
