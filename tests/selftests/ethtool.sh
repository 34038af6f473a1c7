#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# ethtool on a vNIC works and means what it says.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
need ethtool

switch vs0
vs add-nic vs0 host0
vs add-nic vs0 host1
ip link set host0 up
ip link set host1 up
expect_match "ethtool shows the link" "$(ethtool host0)" 'Link detected: yes'
vs set-port vs0 host0 admin down
no_link() {
	[[ $(ethtool host0) == *"Link detected: no"* ]]
}
expect_within "... also when there is none" 3 no_link
vs set-port vs0 host0 admin up
expect_match "ethtool -i names a driver" "$(ethtool -i host0)" 'driver: vms'
features=$(ethtool -k host0)
for feature in tx-checksumming scatter-gather tcp-segmentation-offload receive-hashing; do
	expect_match "ethtool -k: $feature is on" "$features" "$feature: on"
done
expect_match "ethtool -k: GRO is off by default" "$features" 'generic-receive-offload: off'
expect_ok "ethtool -K switches GRO on" ethtool -K host0 gro on
expect_match "... and shows it" "$(ethtool -k host0)" 'generic-receive-offload: on'
expect_no_match "... on that vNIC only" "$(ethtool -k host1)" 'generic-receive-offload: on'
expect_ok "ethtool -K switches TSO off" ethtool -K host0 tso off
expect_match "... and shows it" "$(ethtool -k host0)" 'tcp-segmentation-offload: off'
expect_match "ethtool -l shows the queues" "$(ethtool -l host0)" '(RX|Combined):[[:space:]]*[1-9]'
expect_match "ethtool -i of the switch names it" "$(ethtool -i vs0)" 'driver: vmswitch'

# What ethtool -T promises: a sender is told when its datagram was sent, once, wherever it goes.
expect_match "ethtool -T has time stamps of what is sent" "$(ethtool -T host0)" 'software-transmit'
netns guest
vs add-nic vs0 eth0 netns guest
ip -n guest address add 10.7.0.2/24 dev eth0
ip -n guest link set eth0 up
ip address add 10.7.0.1/24 dev host1
ip link add wire0 type veth peer name wire1
ip link set wire0 up
ip link set wire1 up
vs add-port vs0 wire0 dev wire0
ip neighbour add 10.7.0.3 lladdr "${MAC[33]}" dev host1
wait_for 3 has_link vs0 eth0
wait_for 3 has_link vs0 wire0
vs fdb add vs0 mac "${MAC[33]}" vlan 1 port wire0
expect_eq "... of what goes to a vNIC" "$("$TESTS/stamp" 10.7.0.2)" 1
expect_eq "... and to another device" "$("$TESTS/stamp" 10.7.0.3)" 1
if ethtool -S host0 >/dev/null 2>&1; then
	expect_match "ethtool -S counts" "$(ethtool -S host0)" '[a-z_]+: [0-9]+'
else
	skip "ethtool -S counts" "there are no such statistics"
fi
finish
