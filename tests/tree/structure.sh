# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of the tree itself: sourced, with SRC set.

complaints=0

complain() {
	echo "$*"
	complaints=$((complaints + 1))
}

# The end of a test: says how much it looked at, because nothing at all would pass, too.
verdict() {
	echo "$1 $2 looked at, $complaints complaints"
	[ "$complaints" = 0 ] && [ "$1" -gt 0 ]
	exit
}

# The project's files by shell pattern, relative to SRC; tracked ones if this is a git checkout.
files() {
	# A copy for a test may lie inside of a checkout.
	if [ "$(git -C "$SRC" rev-parse --show-toplevel 2>/dev/null)" -ef "$SRC" ]; then
		git -C "$SRC" ls-files -- "$@"
	else
		for pattern; do
			(cd "$SRC" && find . -path ./build -prune -o -path "./$pattern" -print)
		done | sed 's,^\./,,'
	fi | while read -r file; do
		if [ -f "$SRC/$file" ]; then echo "$file"; fi
	done
}
