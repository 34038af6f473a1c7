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
if ethtool -S host0 >/dev/null 2>&1; then
	expect_match "ethtool -S counts" "$(ethtool -S host0)" '[a-z_]+: [0-9]+'
else
	skip "ethtool -S counts" "there are no such statistics"
fi
finish
