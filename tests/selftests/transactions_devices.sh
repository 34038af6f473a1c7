#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What a batch says of a port's device takes effect at its end: it is attached, or made, once, and --check sees it coming.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

lines() {
	printf '%s\n' "$@" | vs batch -
}
check() {
	printf '%s\n' "$@" | vs --check batch -
}
master_of() {
	ip -j link show "$1" | jq -r '.[0].master // "none"'
}
switch vs1
vs add-port vs1 first
for i in 1 2 3; do
	ip link add "dummy$i" type dummy
done

# Only the last request for a port has a device attached, or made.
file=/dev/shm/links.$$
ip -o monitor link >"$file" &
monitor=$!
# Only a change is told.
told() {
	ip link set dummy1 mtu $(($1 - 1))
	ip link set dummy1 mtu "$1"
	grep -q "dummy1.*mtu $1" "$file"
}
wait_for 5 told 1400
back_and_forth=()
for ((i = 0; i < 20; i++)); do
	back_and_forth+=('connect vs1 first dev dummy1' 'connect vs1 first dev dummy3')
done
expect_ok "a port may be connected to and fro" lines "${back_and_forth[@]}"
expect_eq "... the last device is in it" "$(port_of vs1 first dev) $(master_of dummy1) $(master_of dummy3)" "dummy3 none vs1"
wait_for 5 told 1300
expect_eq "... and the other one was not touched" "$(grep -c 'dummy1.*master' "$file" || :)" 0
kill "$monitor"
wait "$monitor" 2>/dev/null || :
rm -f "$file"
expect_ok "a vNIC may be made, deleted and made" lines 'add-nic vs1 nic1' 'del-port vs1 nic1' \
	'add-nic vs1 nic1 mac 02:00:00:00:02:01' 'set-mac vs1 nic1 02:00:00:00:02:02'
expect_eq "... with the address of the last line" "$(cat /sys/class/net/nic1/address 2>&1)" 02:00:00:00:02:02
ip link del nic1
wait_for 3 has_no_link vs1 nic1
expect_ok "a port whose vNIC is gone may be deleted and made anew" lines 'del-port vs1 nic1' 'add-nic vs1 nic1'
expect_no_match "... with an address of its own" "$(port_of vs1 nic1 mac)" '^(-|02:00:00:00:02:02)$'
vs set-mac vs1 nic1 02:00:00:00:02:02
expect_fail "a port has one vNIC" 2 ':2: .*has its vNIC' lines 'add-nic vs1 nic2' 'connect vs1 nic2 dev nic3'
vs del-port vs1 first || :
ip link del dummy3
expect_ok "a batch may connect the uplink that it makes" lines 'add-port vs1 up1 uplink' 'connect vs1 up1 dev dummy2'
expect_eq "... at once" "$(port_of vs1 up1 dev kind) $(values "$(ip -j -d link show dummy2)" promiscuity)" "dummy2 external 1"

# What would be refused is, with --check, before anything is made.
expect_fail "--check: a vNIC whose name is taken" 2 ':1: .*exists' check 'add-nic vs1 dummy1'
expect_fail "--check: a device that can not be plugged" 2 ':1: .*dev.*loopback' check 'add-port vs1 lo dev lo'
expect_fail "--check: ... into a switch of the same batch" 2 ':2: .*dev.*loopback' check 'add-switch vs2' 'add-port vs2 lo dev lo'
expect_fail "--check: one name for two switches" 2 ':2: .*already' check 'add-switch vs2' 'add-switch vs2'
expect_ok "--check: none of it" check 'add-switch vs2' 'add-port vs2 one dev dummy1' 'add-nic vs2 nic2'
expect_fail "who is to blame is the line about addresses" 2 ':1: .*address' lines 'set-mac vs1 up1 02:00:00:00:02:02' \
	'set-port vs1 up1 priority 3'
finish
