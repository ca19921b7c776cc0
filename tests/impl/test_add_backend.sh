#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Adding a backend is adding one file: each judge gets a unit of it that compiles, the list of backends
# and ctest have its name, with nothing else touched.  (Its whole program: the full tier.)
set -eu
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$(dirname "$0")/add_backend.sh"

# Any target: the glob is looked at anew.
build build_info
while read -r template; do
	judge=${template##*/}
	folder=${template%%/*}
	units+=("CMakeFiles/kb_$folder.dir/gen/kb_$folder/${judge%_tmpl.c}_$name.c.o")
	n=$((n + 1))
done < <(files 'bench/*_tmpl.c' 'stress/*_tmpl.c' 'explore/*_tmpl.c')
build "${units[@]}"
shows 'the list of backends' cat "$copy/build/gen/kick_backends.def"
shows 'ctest -N' ctest -N --test-dir "$copy/build"
verdict $n places
