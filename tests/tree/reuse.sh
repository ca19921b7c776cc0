#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A compiler's launcher (cmake -DCCACHE=reuse.sh) for trees that are built beside $BUILD: objects that match $TAKE, and
# not $COMPILE, are those of $BUILD, where that is the same text with the same options; the compiler makes the others.
set -eu
for word; do
	[ "${last-}" != -o ] || object=$word
	last=$word
done
if [[ ${object-} =~ $TAKE && ! $object =~ $COMPILE && -e $BUILD/$object ]]; then
	cp "$BUILD/$object" "$object"
	echo "$object:" >"$object.d"
	exit
fi
exec "$@"
