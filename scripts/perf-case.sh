# SPDX-License-Identifier: GPL-2.0-or-later
# For perf-stat, perf-record and perf-c2c: one case of `kickbench bench` under perf, which counts or
# samples its measured windows only.  Sourced, with the command line in $@ and events='' what perf is to
# look at by default.  Exit codes are kickbench's; 4: perf cannot be used here.

me=${0##*/}
: "${KICKBENCH:=$(cd "$(dirname "$0")/.." && pwd)/build/release/kickbench}"

say() {
	echo "$me: $*" >&2
}

# die CODE TEXT
die() {
	code=$1
	shift
	say "$@"
	exit "$code"
}

usage() {
	cat <<-EOF
	usage: scripts/$me [--event LIST] [--data FILE] DIR:ROW
	       scripts/$me [--event LIST] [--data FILE] OPTIONS OF kickbench bench
	One case: a row of a results folder, or options that leave one cell, for instance
	  scripts/$me --backend patched --scenario fastpath --path exiting --line hot --form kick
	$1
	  --event LIST  perf's events (default: $2)
	  --data FILE   keep perf's own file
	Exit: as kickbench bench; 2 not one case; 4 no perf, no permission, or no counter for it.
	EOF
}

# Is there a perf that may watch this program, and has the machine a PMU?  Sets pmu=yes or no.
look_at_perf() {
	command -v perf >/dev/null || die 4 "perf is not installed (Debian: apt-get install linux-perf)"
	[ -x "$KICKBENCH" ] || die 3 "no $KICKBENCH: build it by scripts/run, or set KICKBENCH"
	perf stat -e task-clock true >/dev/null 2>&1 ||
		die 4 "no permission: perf_event_paranoid is $(cat /proc/sys/kernel/perf_event_paranoid 2>/dev/null)"
	pmu=yes
	if perf stat -x, -e cycles:u true 2>&1 | grep -q '^<not'; then pmu=no; fi
}

# The options of kickbench bench for one case, into the array `bench`.
choose_case() {
	local cells
	case ${1-} in
	"") die 2 "no case: a row DIR:ROW, or options of kickbench bench (see --help)" ;;
	-*) bench=(--window 100ms "$@") ;;
	*) bench=(--replay "$1") ;;
	esac
	cells=$("$KICKBENCH" bench "${bench[@]}" --plan) || exit
	if [ "$(grep -c ' pu .* -> ' <<<"$cells")" != 1 ]; then
		grep ' pu .* -> ' <<<"$cells" | head -20 >&2
		die 2 "several cases: narrow it down by --path, --line, --form, --put, --loop until one is left"
	fi
}

# under_perf perf SUBCOMMAND...: runs the case; its own table is of no interest.
under_perf() {
	local fifo=$work/control,$work/ack
	mkfifo "$work/control" "$work/ack"
	"$@" -D -1 --control "fifo:$fifo" -- "$KICKBENCH" bench "${bench[@]}" --perf off \
		--out "$work/run" --perf-control "$fifo" >"$work/table" 2>"$work/log" && return
	code=$?
	cat "$work/log" >&2
	exit "$code"
}

# What of perf's tables people read: no comments, no empty lines, the first $1 lines.
lines() {
	grep -vE '^#|^$' | sed -n "1,$1p"
}

data=
given=()
while [ $# -gt 0 ]; do
	case $1 in
	--help) usage "$about" "$events" && exit 0 ;;
	--event | --data)
		[ $# -gt 1 ] || die 2 "$1 needs a value (see --help)"
		[ "$1" = --event ] && events=$2 || data=$2
		shift
		;;
	*) given+=("$1") ;;
	esac
	shift
done
look_at_perf
choose_case "${given[@]}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: "${data:=$work/perf.data}"
