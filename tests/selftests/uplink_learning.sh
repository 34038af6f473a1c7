#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A never-learning uplink must not leak unicast to third guests (decision 1): it learns while any port takes unknown
# unicast, and not when all ports are static.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
outside wire
taps ann,bob,eve
learns() {
	[[ $(port_of vs0 wire state) == *learning* ]]
}
expect_ok "with learning guests the uplink learns" learns
expect_reach "the first frame to an unknown host goes everywhere" "ann src=a dst=99" "wire bob eve"
expect_reach "the host's answer goes to who asked" "wire src=99 dst=a" ann
expect_reach "once it has answered, no third guest sees the conversation" "ann src=a dst=99" wire
expect_reach "... in either direction" "wire src=99 dst=a count=10" "ann*10"
expect_reach "... also not another guest's with the same host" "eve src=e dst=99 count=10" "wire*10"
expect_eq "the host is learned at the uplink" "$(fdb_of vs0 mac "${MAC[99]}")" "${MAC[99]} 1 wire dynamic"
expect_reach "many hosts behind the uplink are all found" "wire src=1000 dst=a srcs=200" "ann*200"
expect_reach "... the last too" "ann src=a dst=10c7" wire

vs set-mac vs0 ann "${MAC[a]}"
vs set-mac vs0 bob "${MAC[b]}"
expect_ok "as long as one guest learns, the uplink does" learns
vs set-mac vs0 eve "${MAC[e]}"
expect_fail "when all are static it does not" 0 '' learns
vs fdb flush vs0
send wire src=98 dst=all
expect_eq "... really" "$(fdb_of vs0 dynamic)" ""
expect_reach "a guest's miss goes to the uplink alone" "ann src=a dst=98" wire
expect_reach "what comes from outside for nobody goes nowhere" "wire src=98 dst=77" -
vs add-port vs0 newone
expect_ok "a new learning port makes it learn again" learns
vs del-port vs0 newone
vs set-port vs0 eve unknown-flood on
expect_ok "... and so does a static port that takes unknown unicast" learns
vs set-port vs0 eve unknown-flood auto
vs set-port vs0 wire learning on
expect_ok "learning on: always" learns
send wire src=98 dst=all
expect_eq "... really" "$(fdb_of vs0 mac "${MAC[98]}")" "${MAC[98]} 1 wire dynamic"
vs set-port vs0 wire learning auto
expect_eq "what it has learned goes with the permission" "$(fdb_of vs0 dynamic)" ""
vs set-port vs0 wire learning off
vs add-port vs0 newone
expect_fail "learning off: never" 0 '' learns
finish
