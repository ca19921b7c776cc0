#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# examples/ci: the step that a workflow runs is green for a sound protocol and red for a broken one, and leaves what a
# CI shows; the hosted runner's workflow runs that step.
set -eu
. "$(dirname "$0")/../tree/structure.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$(dirname "$KICKBENCH"):$PATH
mkdir "$work/ci" "$work/protocols"
cp "$SRC/examples/ci/judge.sh" "$work/ci/"
cd "$work"
n=0

# What stands behind `run:` in the step of that name.
step() {
	awk -v step="$1" '/- (name|uses):/ { here = $0 ~ "name: " step "$" } here && /run: / { sub(/.*run: /, ""); print }' \
		"$SRC/examples/ci/github.yml"
}

# runs CODE: the step ends so.
runs() {
	local code=0
	n=$((n + 1))
	JUDGE_OPTIONS='--time 3 --stress-time 1 --bench-time 0' sh -c "$(step judge)" >out 2>&1 || code=$?
	[ $code = "$1" ] || complain "the workflow's step: exit $code, not $1: $(tail -n 5 out)"
}

[ "$(step judge)" = 'ci/judge.sh reports protocols/*.h' ] || complain "the workflow runs '$(step judge)'"
cp "$SRC/impl/patched.h" protocols/sound.h
runs 0
for file in sound.tap sound.xml sound.txt; do
	[ -s reports/$file ] || complain "no reports/$file"
done
grep -q '^ok .*judge/sound' reports/sound.tap || complain "sound.tap does not say that it is"
sed 's/kvm_exiting_guest_mode(vcpu);/(enum kick_outcome)xchg(\&vcpu->mode, EXITING_GUEST_MODE);/' protocols/sound.h >protocols/broken.h
runs 1
grep -q '^not ok .*judge/broken' reports/broken.tap || complain "broken.tap does not say that it is"
ls reports/corpus/broken-*.replay >/dev/null || complain "no counter-example was kept"
echo 'int x' >>protocols/sound.h
rm protocols/broken.h
runs 2
grep -q '^not ok 1 judge/sound' reports/sound.tap || complain "what does not compile is no failed test"
verdict $n "runs of the workflow's step"
