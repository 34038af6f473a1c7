#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# 01-80-C2-00-00-00..0F are for the bridge itself and never forwarded (802.1Q-2022, 8.6.3).
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
taps ann,bob
vs add-nic vs0 host0 mac "${MAC[f]}"
ip link set host0 up
outside up0
rig packet wire dev=up0 late
rig packet host0

for n in 0 1 2 3 e f; do
	expect_reach "01:80:c2:00:00:0$n is not forwarded" "ann src=a dst=01:80:c2:00:00:0$n" -
done
expect_eq "each is counted as reserved-address" "$(drop_of vs0 ann reserved-address)" 6
expect_reach "01:80:c2:00:00:10 is an ordinary group" "ann src=a dst=01:80:c2:00:00:10" "bob up0 host0"
expect_reach "01:80:c2:00:01:00 is an ordinary group" "ann src=a dst=01:80:c2:00:01:00" "bob up0 host0"
expect_reach "a vNIC's are not forwarded either" "host0 src=f dst=01:80:c2:00:00:0e" -
expect_eq "... and counted" "$(drop_of vs0 host0 reserved-address)" 1
expect_reach "those of the wire end at the uplink's own device" "up0 src=77 dst=01:80:c2:00:00:0e" wire
expect_eq "what comes to such an address is not learned" "$(fdb_of vs0 mac "${MAC[77]}")" ""
finish
