#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# With uplink-filter on, frames for foreign addresses stay in the NIC's filter: the host does not even see them (decision 6).
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

need_labnic
nic n0 1
switch vs0
vs add-port vs0 up dev n0 uplink
tap ann mac "${MAC[a]}"
wait_for 3 has_link vs0 up || :
promiscuity() {
	values "$(ip -j -d link show n0)" promiscuity
}
# expect_taken NAME "FRAMES" NOT_MINE TAKEN: of these frames the NIC counts so many as not its own, and the switch gets so many.
expect_taken() {
	local before
	before=$(stat_of vs0 up rx-packets)
	expect_fed "$1" "$2" rx_not_mine "$3"
	expect_eq "... and the switch sees $4" "$(($(stat_of vs0 up rx-packets) - before))" "$4"
}
foreign="dst=${MAC[77]} count=10"
own="dst=${MAC[a]} count=10"
expect_eq "without the filter the NIC is promiscuous" "$(promiscuity) $(port_of vs0 up filter-state)" "1 off"
expect_taken "... and takes what is foreign" "$foreign" 0 10
expect_ok "the filter is switched on" vs set-port vs0 up uplink-filter on
expect_eq "... and the NIC is not promiscuous" "$(promiscuity) $(port_of vs0 up filter-state)" "0 on"
expect_taken "what is foreign stays outside" "$foreign" 10 0
before=$(stat_of vs0 ann tx-packets)
expect_taken "what is for a port comes in" "$own" 0 10
expect_eq "... and to the port" "$(($(stat_of vs0 ann tx-packets) - before))" 10
expect_taken "so does broadcast" "dst=ff:ff:ff:ff:ff:ff count=3" 0 3
vs set-mac vs0 ann "${MAC[a]},${MAC[77]}"
expect_taken "an address is foreign no more when a port has it" "$foreign" 0 10
vs set-mac vs0 ann "${MAC[77]}"
expect_taken "... and is again when none has it any more" "$own" 10 0
vs add-port vs0 bob 2>/dev/null
expect_eq "a port that learns may have any" "$(promiscuity)" 1
expect_taken "... so everything comes in" "$own" 0 10
vs del-port vs0 bob
expect_taken "... until it is gone" "$own" 10 0
vs set-port vs0 up uplink-filter off
expect_taken "without the filter all come in again" "$own" 0 10
vs del-switch vs0
expect_eq "the end of the switch ends the promiscuity" "$(promiscuity)" 0
ip link del n0
finish
