#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# judge.sh REPORTS PROTOCOL.h...: a CI's step.  Judges each protocol beside a base, and leaves in REPORTS what the
# CI shows: NAME.tap (KTAP), NAME.xml (JUnit), NAME.txt (the page), and counter-examples in REPORTS/corpus, which are
# run again the next time if the CI keeps that folder.  Exit: the worst of kickbench judge; see `kickbench judge
# --help`.  BASE, JUDGE_OPTIONS: more to say to it.
set -u

if [ $# -lt 2 ]; then
	echo "usage: judge.sh REPORTS PROTOCOL.h..." >&2
	exit 2
fi
reports=$1
shift
mkdir -p "$reports" || exit 3

worst=0
for file in "$@"; do
	name=$(basename "$file" .h)
	# shellcheck disable=SC2086 # options are words
	kickbench judge "$file" --base "${BASE:-patched}" --corpus "$reports/corpus" --ktap \
		--junit "$reports/$name.xml" ${JUDGE_OPTIONS:-} >"$reports/$name.tap" 2>"$reports/$name.txt"
	code=$?
	cat "$reports/$name.txt"
	[ $code -eq 0 ] || echo "judge.sh: $file: exit $code"
	[ $code -le $worst ] || worst=$code
done
exit $worst
