#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# On one day of four: 2
# The Debian package: the same bytes when it is built again from a copy of the tree elsewhere (of the units that are
# made for each backend those of every sixth one are, others each day), and in a root of nothing but its declared
# dependencies dpkg installs it over an older one, it runs, and dpkg removes it.
set -eu
. "$(dirname "$0")/structure.sh"

skip() {
	echo "skipped: $*"
	exit 4
}
for tool in dpkg dpkg-deb dpkg-shlibdeps; do
	command -v $tool >/dev/null || skip "no $tool here (Debian package dpkg-dev)"
done

n=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset SOURCE_DATE_EPOCH

# package BUILD TO: the package of that build directory, without its debug files.
package() {
	(cd "$1" && SOURCE_DATE_EPOCH=1700000000 cpack -G DEB -B "$work/$2") >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
	ls "$work/$2"/*.deb
}

# build DIR: what the package holds, up to date.
build() {
	cmake --build "$1" --target kickbench gbench-c man >"$work/log" 2>&1 || { tail "$work/log"; exit 1; }
}

rebuilt=$work/elsewhere/tree
mkdir -p "$rebuilt"
tar -C "$SRC" --exclude=./build --exclude=./results/runs -cf - . | tar -C "$rebuilt" -xf -
type=$(sed -n "s/^CMAKE_BUILD_TYPE:[A-Z]*=//p" "$BUILD/CMakeCache.txt")
build "$BUILD"
others=$(sed 's/X(\(.*\))/\1/' "$BUILD/gen/kick_backends.def" |
	awk -v day=$(($(date +%s) / 86400)) '(NR + day) % 6 != 0 { printf "%s%s", sep, $0; sep = "|" }')
export TAKE="gen/kb_[a-z]+/[a-z]+_($others)\\.c\\.o\$" COMPILE='^$'
cmake -S "$rebuilt" -B "$work/rebuild" -G Ninja -DCMAKE_BUILD_TYPE="$type" -DBUILD_TESTING=OFF \
	-DCCACHE="$SRC/tests/tree/reuse.sh" >"$work/log" 2>&1
build "$work/rebuild"
first=$(package "$BUILD" first)
second=$(package "$work/rebuild" second)
n=$((n + 1))
cmp "$first" "$second" || {
	dpkg-deb -R "$first" "$work/first/x"
	dpkg-deb -R "$second" "$work/second/x"
	complain "built again elsewhere, the package differs: $(diff -rq "$work/first/x" "$work/second/x")"
}

[ "$(stat -c %u /proc/self)" = 0 ] || skip "$n packages compared; only root can install into another root"

# The installed packages that the package needs, and what those need; `essential` ones need no mention.
closure() {
	local todo=("$@") seen=" " name
	while [ ${#todo[@]} -gt 0 ]; do
		name=${todo[0]%%[ :(]*}
		todo=("${todo[@]:1}")
		case $seen in *" $name "*) continue ;; esac
		dpkg-query -W "$name" >/dev/null 2>&1 || continue
		seen="$seen$name "
		mapfile -t -O ${#todo[@]} todo < <(dpkg-query -W -f '${Depends},${Pre-Depends}' "$name" |
			tr '|' ',' | tr ',' '\n' | sed 's/^ *//; /^$/d')
	done
	echo "$seen"
}

mapfile -t needs < <(dpkg-deb -f "$first" Depends | tr ',' '\n' | sed 's/^ *//')
root=$work/root
mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates" "$root/tmp"
mkdir -p "$root/dev" "$root/usr/bin"
for name in $(closure "${needs[@]}" dash libc-bin coreutils gcc libc6-dev); do
	{ dpkg-query -s "$name"; echo; } >>"$root/var/lib/dpkg/status"
	dpkg-query -L "$name" | while read -r file; do
		if [ ! -d "$file" ] || [ -L "$file" ]; then echo "$file"; fi
	done
done >"$work/files"
# Merged or not: every file under /usr, and links to where it was.
for dir in bin sbin lib lib64; do
	mkdir -p "$root/usr/$dir"
	ln -s usr/$dir "$root/$dir"
done
sed -E 's,^/(bin|sbin|lib|lib64)/,/usr/\1/,' "$work/files" | sort -u | while read -r file; do
	if [ -e "$file" ]; then echo "${file#/}"; fi
done | tar -C / -T - -cf - | tar -C "$root" --keep-directory-symlink -xf -

# What Debian's hwloc recommends brings X11 along, and what its libc6-dev does: neither may come by us.
n=$((n + 1))
! dpkg-deb -f "$first" Depends Recommends | grep -E '(^|[ ,])(libhwloc|libc6-dev|gcc|clang)' ||
	complain "what it depends on or recommends brings X11 along"

# runs TEXT COMMAND: in the root it succeeds, and prints TEXT.
runs() {
	local text=$1
	shift
	n=$((n + 1))
	env -i PATH=/usr/bin:/bin:/usr/sbin HOME=/tmp chroot "$root" "$@" >"$work/out" 2>&1 || complain "$*: exit $?: $(head -n 3 "$work/out")"
	grep -qE -- "$text" "$work/out" || complain "$*: no '$text' in $(head -n 3 "$work/out")"
}

# That dpkg looks at the dependencies is seen from a root without one of them.
mkdir "$work/poor"
cp -a "$root/var" "$work/poor/var"
sed -i '/^Package: libcjson1$/,/^$/d' "$work/poor/var/lib/dpkg/status"
n=$((n + 1))
! dpkg --root="$work/poor" --no-triggers -i "$first" >"$work/log" 2>&1 ||
	complain "dpkg installs it without cJSON"
grep -q 'depends on libcjson1' "$work/log" || complain "dpkg does not miss cJSON: $(tail -n 3 "$work/log")"

# An older one, which had a file more.
dpkg-deb -R "$first" "$work/older"
sed -i 's/^Version: .*/Version: 0.0.1/' "$work/older/DEBIAN/control"
echo gone >"$work/older/usr/share/kickbench-gone"
dpkg-deb --root-owner-group -b "$work/older" "$work/older.deb" >"$work/log"
dpkg --root="$root" -i "$work/older.deb" >"$work/log" 2>&1 || { cat "$work/log"; complain "dpkg refuses an older one"; }
dpkg --root="$root" -i "$first" >"$work/log" 2>&1 || { cat "$work/log"; complain "dpkg refuses it"; }
n=$((n + 1))
[ ! -e "$root/usr/share/kickbench-gone" ] || complain "a file of the older package stays"
! find "$root" -name '*.dpkg-*' | grep . || complain "an upgrade leaves files behind"
runs '^kickbench [0-9]' kickbench --version
runs '^  patched' kickbench list
runs 'l3' kickbench topo --synthetic 'pack:2 l3:2 core:4 pu:2'
runs 'rows' kickbench bench --plan --synthetic 'pack:2 l3:2 core:4 pu:2'
runs 'LOST' sh -c 'kickbench explore --backend old --scenario two-kicks --model sc || [ $? = 1 ]'
# Beyond the package there is a compiler, and nothing else.
cp "$SRC/impl/patched.h" "$root/tmp/mine.h"
sed 's/READ_ONCE(vcpu->cpu)/READ_ONC(vcpu->cpu)/' "$SRC/impl/patched.h" >"$root/tmp/typo.h"
runs 'mine: no violation was found' kickbench judge /tmp/mine.h --time 2 --stress-time 0 --bench-time 0
runs 'typo.h:[0-9]*:[0-9]*: .*READ_ONC' sh -c 'kickbench judge /tmp/typo.h || [ $? = 2 ]'
for object in bin/kickbench lib/libgbench-c.so.0; do
	runs 'libbenchmark' /lib64/ld-linux-x86-64.so.2 --list "/usr/$object"
	! grep 'not found' "$work/out" || complain "$object lacks a library"
done
for file in man/man1/kickbench.1.gz doc/kickbench/changelog.gz doc/kickbench/docs/backends.md bash-completion/completions/kickbench doc/kickbench/copyright; do
	n=$((n + 1))
	[ -s "$root/usr/share/$file" ] || complain "no /usr/share/$file"
done
# Removed, installed again, and purged.
for step in "-r kickbench" "-i $first" "-P kickbench"; do
	# shellcheck disable=SC2086 # words
	dpkg --root="$root" $step >>"$work/log" 2>&1 || { cat "$work/log"; complain "dpkg $step fails"; }
done
# This root has no lists of others' files, which is why folders that are shared stay.
! grep -i warning "$work/log" | grep -vE 'files list file for package|not empty so not removed' || complain "dpkg warns"
find "$root" -path '*kickbench*' -o -path '*gbench*' | grep . && complain "files are left behind"
if command -v lintian >/dev/null; then
	n=$((n + 1))
	lintian --allow-root --fail-on error "$first" >"$work/out" 2>&1 || complain "lintian: $(grep '^E' "$work/out")"
fi
verdict $n "packages, programs and files"
