#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Dynamic entries go when they were not seen for the ageing time, and only then.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0 ageing 10
taps ann,bob,eve
vs fdb add vs0 mac "${MAC[50]}" vlan 1 port eve
start=$(now_ms)
send ann src=a dst=all
send bob src=b dst=all
expect_eq "both are known at first" "$(fdb_of vs0 dynamic | wc -l)" 2
knows() {
	[[ -n $(fdb_of vs0 mac "$(mac "$1")") ]]
}
# Keep one of the two alive until the other is gone, and see how long that takes.
gone=
while (($(now_ms) - start < 16000 + 2000 * PATIENCE)); do
	send bob src=b dst=all
	knows a || gone=$(($(now_ms) - start))
	[[ -z $gone ]] || break
	pause 200
done
expect_match "an entry that is not seen goes" "$gone" '^[0-9]+$'
if ((${gone:-0} >= 9500)); then
	pass "... not before its time"
else
	fail "... not before its time" "gone after ${gone:-?} ms of 10000"
fi
expect_ok "an entry that is seen stays" knows b
expect_ok "a static entry stays" knows 50
expect_reach "what has aged out is unknown" "bob src=b dst=a" "ann eve"
expect_reach "what was seen is known" "eve src=e dst=b" bob
finish
