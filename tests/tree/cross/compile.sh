# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests that compile for other architectures: sourced, with SRC, BUILD and an empty folder $work.
# shellcheck disable=SC2154 # work

compiled=0

# What is the same for every architecture; not /usr/include itself, which is this one's.
mkdir "$work/include"
includes=$(pkg-config --variable=includedir ck)
ln -s "$includes"/ck*.h "$includes/gcc" "$includes/spinlock" "$work/include"
ln -s "$(pkg-config --variable=includedir libcjson)/cjson" "$work/include"
ln -s "$(pkg-config --variable=includedir benchmark)/benchmark" "$work/include"
# hwloc's configuration lies among this architecture's headers, but says nothing about it.
mkdir "$work/include/hwloc"
ln -s /usr/include/hwloc/*.h "$work/include/hwloc"
cp -r "$(dirname "$(find /usr/include -path '*/hwloc/autogen/config.h')")" "$work/include/hwloc"
ln -s /usr/include/hwloc.h "$work/include"
common="-Wall -Wextra -Wshadow -Werror -D_GNU_SOURCE -DKIT_FROM_BIN=\"kit\" -I$SRC -I$SRC/include -I$BUILD/gen -I$work/include"
flags="-std=gnu17 -Wmissing-prototypes -Wstrict-prototypes $common"

# The folders that the program is made of: those of which the build made a library.
program_folders() {
	find "$BUILD" -maxdepth 1 -name 'libkb_*.a' | sed 's,.*/libkb_,,; s,\.a$,,' |
		grep -vxE 'tests|cmake' | sort
}

# sources_of FOLDER BACKENDS: FOLDER's, and the units of its judges for the backends, names or "every".
sources_of() {
	find "$SRC/$1" \( -name '*.c' -o -name '*.cc' \) ! -name '*_tmpl.c' 2>/dev/null
	# Not what the build once made for a backend that is gone.
	sed 's/X(\(.*\))/\1/' "$BUILD/gen/kick_backends.def" | while read -r backend; do
		[ "$2" = every ] || grep -qw "$backend" <<<"$2" || continue
		find "$BUILD/gen/kb_$1" -regex ".*/[a-z]+_$backend\.c" 2>/dev/null
	done
}

# objects ARCHITECTURE FOLDER OPTION BACKENDS: compiles all that into $work/ARCHITECTURE/FOLDER; with
# -fsyntax-only for OPTION what has assembler in its text, and what the build generates for backends, in full.
objects() {
	local prefix=$1-linux-gnu- folder=$2 out=$work/$1/$2
	mkdir -p "$out"
	sources_of "$folder" "$4" | sort >"$out/sources"
	compiled=$((compiled + $(wc -l <"$out/sources")))
	# shellcheck disable=SC2016,SC2086 # expanded by the inner shell; lists of flags
	c_flags="$flags $3" cxx_flags="$common $3" xargs -P 2 -I{} sh -c '
		case $c_flags in
		*-fsyntax-only) case $3 in */gen/*) false ;; *) ! grep -q "asm" "$3" ;; esac ||
			c_flags="${c_flags%-fsyntax-only}-O0" ;;
		esac
		case $3 in
		*.cc) exec "$1"g++ $cxx_flags -c "$3" -o "$2/${3##*/}.o" ;;
		*) exec "$1"gcc $c_flags -c "$3" -o "$2/${3##*/}.o" ;;
		esac' sh "$prefix" "$out" {} <"$out/sources" 2>"$out/log" ||
		complain "$folder does not compile for $1: $(head -n 5 "$out/log")"
}
