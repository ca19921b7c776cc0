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

# configure_like_build TREE ARGUMENTS: a copy of the tree in TREE/build, with what $BUILD knows of the compilers and
# the libraries here: to find it out again takes the longest.
configure_like_build() {
	local tree=$1
	shift
	mkdir -p "$tree/build/CMakeFiles"
	if [ -f "${BUILD-}/build.ninja" ]; then
		# Twice, since the copy may lie in one of them.
		sed "s|$BUILD|@BUILD@|g; s|$SRC|@SRC@|g; s|@BUILD@|$tree/build|g; s|@SRC@|$tree|g" \
			"$BUILD/CMakeCache.txt" >"$tree/build/CMakeCache.txt"
		cp -r "$BUILD"/CMakeFiles/[0-9]* "$tree/build/CMakeFiles"
	fi
	cmake -G Ninja -S "$tree" -B "$tree/build" "$@" >/dev/null
}
