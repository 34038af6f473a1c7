#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# uplink-filter on: the uplink's device is not promiscuous but has the static addresses of the other ports, as long as
# that is all there is (decision 6).
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

# A macvlan in passthru mode filters, as far as the stack can know, and brings every frame in spite of that.
rig tap wire
ip link set wire up
ip link add mv0 link wire type macvlan mode passthru nopromisc 2>/dev/null || skip_all "no macvlan here"
ip link set mv0 up
log=/dev/shm/uplink.$$
monitor=
cleanup() {
	[[ -z $monitor ]] || kill "$monitor" 2>/dev/null || :
	rm -f "$log"
	rig_stop
}
trap cleanup EXIT

# addresses [DEV]: the unicast addresses that the device was given, by the last byte.
addresses() {
	bridge fdb show dev "${1:-mv0}" | sed -n 's/^02:00:00:00:00:0*\([0-9a-f]*\) .*self.*/\1/p' | sort | paste -sd, -
}
promiscuity() {
	values "$(ip -j -d link show "${1:-mv0}")" promiscuity
}
# device: how promiscuous it is, its addresses, and what the port says of it.
device() {
	printf '%s %s %s\n' "$(promiscuity)" "$(addresses)" "$(port_of vs0 up filter-state)"
}

switch vs0
vs add-port vs0 up dev mv0 uplink
expect_eq "by default the device is promiscuous" "$(device) $(port_of vs0 up uplink-filter)" "1  off false"
expect_ok "the filter is switched on" vs set-port vs0 up uplink-filter on
expect_eq "... without a warning" "$output" ""
expect_eq "without other ports the device receives what is its own" "$(device)" "0  on"
tap ann mac "${MAC[a]}"
expect_eq "it is given the address of a port" "$(device)" "0 a on"
expect_match "... as show tells" "$(vs show vs0)" 'up +external.*[, ]filters'
expect_reach "a frame from the wire reaches that port" "wire src=99 dst=a" ann
expect_reach "... and broadcast" "wire src=99 dst=all" ann
expect_reach "... and multicast" "wire src=99 dst=01:00:5e:00:00:07" ann
expect_reach "... and its answer the wire" "ann src=a dst=99" wire
vs set-mac vs0 ann "${MAC[b]},${MAC[a]}"
expect_eq "set-mac adds" "$(device)" "0 a,b on"
vs set-mac vs0 ann "${MAC[b]}"
expect_eq "... and removes" "$(device)" "0 b on"
vs add-nic vs0 host0 mac "${MAC[c]}" mac-change on
expect_eq "a vNIC has an address too" "$(device)" "0 b,c on"
ip link set host0 address "${MAC[d]}"
expect_eq "... and another one when its holder changes it" "$(device)" "0 b,d on"
vs fdb add vs0 mac "${MAC[e]}" vlan 1 port ann
expect_eq "so has a static entry" "$(device)" "0 b,d,e on"
vs fdb add vs0 mac "${MAC[f]}" vlan 1 port up
expect_eq "... but not one of the uplink" "$(device)" "0 b,d,e on"
vs fdb del vs0 mac "${MAC[e]}"
expect_eq "... until it is deleted" "$(device)" "0 b,d on"
vs add-port vs0 cat mac "${MAC[b]}" vlan access 2
expect_eq "an address at two ports is one" "$(device)" "0 b,d on"
vs set-mac vs0 ann "${MAC[a]}"
expect_eq "... that stays while one port has it" "$(device)" "0 a,b,d on"
vs del-port vs0 cat
expect_eq "... and goes with the last" "$(device)" "0 a,d on"
vs disconnect vs0 ann
expect_eq "a port without a device keeps its place" "$(device)" "0 a,d on"
vs connect vs0 ann dev ann

# What makes it impossible, and possible again.
"$VSWCTL" -j monitor >>"$log" &
monitor=$!
ready() {
	vs add-switch probe && vs del-switch probe
	grep -q probe "$log"
}
wait_for 5 ready
# told STATE: an event said so, since the last time.
told() {
	grep -q "\"event\":\"port-change\".*\"filter-state\":\"$1\"" "$log" && : >"$log"
}
: >"$log"
check_output vs add-port vs0 bob
expect_match "a port that learns is possible, with a warning" "$output" 'promiscuous.*learns'
expect_eq "... makes the device promiscuous" "$(device)" "1  learns"
expect_match "... as show tells" "$(vs show vs0)" 'up +external.*[, ]promisc'
expect_within "... and an event" 3 told learns
vs set-port vs0 bob learning off unknown-flood off
expect_eq "when it learns no more the device is not any more" "$(device)" "0 a,d on"
expect_within "... which is an event, too" 3 told on
vs set-port vs0 bob unknown-flood on
expect_eq "taking unknown unicast has the same effect" "$(device)" "1  learns"
vs del-port vs0 bob
expect_eq "... until the port is gone" "$(device)" "0 a,d on"
vs set-port vs0 ann learning on
expect_eq "learning beside the own addresses, too" "$(device)" "1  learns"
vs set-port vs0 ann learning auto
expect_eq "... until it ends" "$(device)" "0 a,d on"
vs set-port vs0 up learning on unknown-flood on
expect_eq "what the uplink itself learns needs nothing" "$(device)" "0 a,d on"
ip link add guest0 type veth peer name guest1
ip link set guest0 master vs0
expect_eq "a device with the switch as master has a port that learns" "$(device)" "1  learns"
ip link del guest0
expect_eq "... which goes with it" "$(device)" "0 a,d on"
expect_ok "many changes at once" vs batch - < <(
	echo "add-port vs0 bob"
	for ((i = 16; i < 48; i++)); do
		printf 'add-port vs0 p%d mac 02:00:00:00:00:%02x\n' "$i" "$i"
	done
	echo "del-port vs0 bob"
)
expect_eq "... are one for the device" "$(device | tr ' ' '\n' | sed -n 2p | tr , '\n' | grep -c .)" 34
expect_eq "... that is still not promiscuous" "$(promiscuity)" 0
batch=$(for ((i = 16; i < 48; i++)); do echo "del-port vs0 p$i"; done)
vs batch - <<<"$batch"
expect_eq "... and back" "$(device)" "0 a,d on"

# entries add|del: 4,100 static entries.
entries() {
	local i
	for ((i = 0; i < 4100; i++)); do
		printf 'fdb %s vs0 mac 02:00:00:07:%02x:%02x vlan 1%s\n' "$1" $((i >> 8)) $((i & 255)) "${2:-}"
	done
}
check_output vs batch - < <(entries add " port ann")
expect_match "more addresses than 4096 are too many, with a warning" "$output" 'promiscuous.*4096'
expect_eq "... the device is promiscuous instead" "$(promiscuity) $(addresses) $(port_of vs0 up filter-state)" "1  refused"
expect_match "... and show tells how many there are" "$(vs -j show vs0 up)" '"mac-refused": *4102'
vs batch - < <(entries del)
expect_eq "... and not with fewer" "$(device)" "0 a,d on"

# What must change nothing.
expect_ok "--check" vs --check add-port vs0 bob
expect_ok "... of a setting" vs --check set-port vs0 up uplink-filter off
expect_fail "a transaction that is refused" 0 'nosuch' vs batch - <<<$'add-port vs0 bob\nset-mac vs0 nosuch none'
expect_fail "a switch's user without privilege" 0 'permi|privil|denied|Operation' \
	setpriv --reuid 65534 --regid 65534 --clear-groups -- "$VSWCTL" set-port vs0 up uplink-filter off
expect_fail "a guest has no filter" 2 'only an uplink' vs set-port vs0 ann uplink-filter on
expect_eq "... change nothing" "$(device)" "0 a,d on"

# Coming and going.
bridge fdb add "${MAC[77]}" dev mv0 self
bridge fdb add "${MAC[a]}" dev mv0 self 2>/dev/null || :
vs set-port vs0 up uplink-filter off
expect_eq "switched off, the device is promiscuous and the admin's address stays" "$(device)" "1 77 off"
vs set-port vs0 up uplink-filter on
expect_eq "switched on again it is not" "$(device)" "0 77,a,d on"
vs disconnect vs0 up
expect_eq "unplugging takes back the addresses" "$(addresses)" 77
expect_eq "... and the promiscuity" "$(promiscuity)" 0
vs connect vs0 up dev mv0
expect_eq "plugging gives them again" "$(device)" "0 77,a,d on"
vs disconnect vs0 up
ip link add veth0 type veth peer name veth1
check_output vs connect vs0 up dev veth0
expect_match "a device that does not filter unicast is plugged with a warning" "$output" 'does not filter'
expect_eq "... promiscuous" "$(promiscuity veth0) $(addresses veth0) $(port_of vs0 up filter-state)" "1  unable"
ip link del veth0
wait_for 3 has_no_link vs0 up
vs connect vs0 up dev mv0
expect_eq "a device that filters has what it should" "$(device)" "0 77,a,d on"
vs del-switch vs0
expect_eq "the end of the switch leaves the device as it was" "$(promiscuity) $(addresses)" "0 77"

# No memory for an address.
if ! can_fail; then
	skip "an address that the device does not take" "no fault injection here"
	finish
fi
switch vs0
vs add-port vs0 ann dev ann mac "${MAC[a]}"
vs add-port vs0 up dev mv0 uplink
fail_in dev_uc_add
check_output vs set-port vs0 up uplink-filter on
fail_no_more
expect_match "an address that the device does not take is told as a warning" "$output" 'more addresses than its device'
expect_eq "... and the device is promiscuous" "$(device) $(port_of vs0 up mac-refused)" "1 77 refused 1"
vs set-mac vs0 ann "${MAC[a]},${MAC[b]}"
expect_eq "the next change tries again" "$(device) $(port_of vs0 up mac-refused)" "0 77,a,b on 0"
finish
