#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# man_page.sh SCDOC SOURCE PAGE: formats a manual page.  Its date is that of the source's last
# change, not of the build, so that the same tree gives the same page.
set -eu

changed=$(git -C "${2%/*}" log -1 --format=%ct -- "$2" 2>/dev/null) || changed=
: "${changed:=$(stat -c %Y "$2")}"
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$changed}"
mkdir -p "${3%/*}"
exec "$1" <"$2" >"$3"
