#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The user-space twin of the KCSAN report that started the patch.  With upstream's plain reads left
# plain, ThreadSanitizer reports old, in the kick and in the vCPU's load, and not patched; with them
# marked it reports nobody.
set -u
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${BUILD:=${SRC:-$PWD}/build/release}"
cc=${CC:-cc}
folder=$(mktemp -d) || exit 3
trap 'rm -rf "$folder"' EXIT
marked="old patched mainline packed locked_mutex locked_ticket locked_mcs always"
flags="-std=gnu17 -O1 -g -pthread -fsanitize=thread -D_GNU_SOURCE -w -I$SRC -I$SRC/include -I$folder"

run() {
	local aslr=
	setarch -R true 2>/dev/null && aslr='setarch -R'
	TSAN_OPTIONS='halt_on_error=0 exitcode=66 history_size=4' timeout 200 $aslr "$@" 2>&1
}

echo 'int main(void) { return 0; }' >"$folder/can.c"
if ! $cc $flags "$folder/can.c" -o "$folder/can" 2>/dev/null || ! run "$folder/can"; then
	echo "skipped: $cc builds nothing here that runs under ThreadSanitizer"
	exit 4
fi

# program NAME FLAG BACKENDS: stress with those backends
program() {
	local name=$1 flag=$2 backend units=()
	shift 2
	mkdir "$folder/$name"
	for backend; do
		echo "X($backend)"
		printf '#define KICK_STRESS 1\n#define KICK_BACKEND %s\n#define KICK_BACKEND_FILE "impl/%s.h"\n%s\n' \
			"$backend" "$backend" '#include "stress/stress_tmpl.c"' >"$folder/$name/$backend.c"
		units+=("$folder/$name/$backend.c")
	done >"$folder/$name/kick_backends.def"
	$cc $flags $flag -I"$folder/$name" "${units[@]}" $(ls "$SRC"/stress/*.c | grep -v _tmpl) \
		"$SRC"/machine/*.c "$SRC"/topo/*.c "$SRC"/results/*.c "$SRC"/apart/*.c "$BUILD/gen/build_info.c" \
		"$SRC/tests/stress/tsan/stress_main.c" -lhwloc -lcjson -lm \
		-o "$folder/$name/stress" || exit 3
}

program plain -DKICK_PLAIN_IS_PLAIN old patched
for try in 1 2 3; do
	report=$(run "$folder/plain/stress" 3 old)
	grep -q 'data race' <<<"$report" && break
done
grep -q 'WARNING: ThreadSanitizer: data race' <<<"$report" || { echo "$report" | tail -20; echo "old: no data race"; exit 1; }
grep -q kick_send <<<"$report" && grep -q kick_vcpu_load <<<"$report" ||
	{ echo "$report" | head -60; echo "old: the race is not that of kick_send and kick_vcpu_load"; exit 1; }
echo "old: a data race in kick_send and kick_vcpu_load"
report=$(run "$folder/plain/stress" 3 patched) || { echo "$report" | head -60; echo "patched: not clean"; exit 1; }
echo "$report"

program marked '' $marked
report=$(run "$folder/marked/stress" 2 $marked) || { echo "$report" | head -80; exit 1; }
echo "$report"
