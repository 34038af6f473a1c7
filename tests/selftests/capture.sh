#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# tcpdump -i vs0 sees each forwarded frame once, with its VLAN; -i any sees none twice for that (decision 19).
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
taps ann,bob,eve vlan access 10
tap tom vlan trunk 10,20
rig packet vs0 all
expect_reach "a frame that goes to many is seen once, with the VLAN that no port shows" "ann src=a dst=all" \
	"bob eve tom:10 vs0:10"
expect_reach "a unicast frame is seen" "bob src=b dst=a" "ann vs0:10"
expect_reach "a tagged one has its PCP" "tom src=1 dst=a vlan=10 pcp=5" "ann vs0:10p5"
expect_reach "an inner tag is behind it" "ann src=a dst=b tag=88a8:7" "bob:s7 vs0:10/s7"
expect_reach "a frame that is dropped is not seen" "ann src=a dst=all vlan=20" -
expect_reach "... nor one without a destination" "tom src=1 dst=all vlan=20" -
rig close vs0
rig packet any all
expect_reach "-i any sees a frame where it comes in and where it goes out, no more" "bob src=b dst=a" "ann any*2"
rig close any
rig packet side dev=ann all
expect_reach "a capture on a port's device sees what is sent to it" "bob src=b dst=a" "ann side"
rig close side
if command -v tcpdump >/dev/null; then
	text=/dev/shm/tcpdump.$$
	tcpdump -i vs0 -e -n -c 1 --immediate-mode 2>"$text.err" >"$text" &
	tcpdump=$!
	listening() {
		grep -q 'listening on' "$text.err"
	}
	wait_for 10 listening
	send ann src=a dst=all
	ended() {
		! kill -0 "$tcpdump" 2>/dev/null
	}
	wait_for 10 ended || kill "$tcpdump"
	expect_match "tcpdump -i vs0 prints the VLAN" "$(<"$text")" 'vlan 10'
	rm -f "$text" "$text.err"
else
	skip "tcpdump -i vs0 prints the VLAN" "no tcpdump"
fi
finish
