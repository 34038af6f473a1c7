#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A port is bound to a device by name: it is plugged when it appears, and the port stays when it goes (decision 8).
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
tap bob
vs add-port vs0 ann dev nic7 mac "${MAC[a]}" vlan access 1
expect_eq "a port waits for its device" "$(link_of vs0 ann)" false
expect_fail "a device name is bound once" 2 'dev.*(bound|busy|use)' vs add-port vs0 ann2 dev nic7
rig tap ann dev=nic7
expect_within "a device that appears is plugged" 3 has_link vs0 ann
expect_match "... and the switch is its master" "$(ip link show nic7)" 'master vs0'
expect_reach "... and it has the port's policy" "ann src=b dst=all" -
expect_reach "... and its address" "bob src=b dst=a" ann
rig close ann
expect_within "the port stays when the device goes" 3 has_no_link vs0 ann
expect_eq "... with its address" "$(port_of vs0 ann mac)" "${MAC[a]}"
rig tap ann dev=nic7
expect_within "a device that comes back is plugged again" 3 has_link vs0 ann
expect_reach "... and works as before" "bob src=b dst=a" ann

ip link set nic7 down
ip link set nic7 name nic8
ip link set nic8 up
expect_within "a plugged device that is renamed stays plugged" 3 has_dev vs0 ann nic8
expect_within "... with its link" 3 has_link vs0 ann
expect_reach "... and its traffic" "bob src=b dst=a" ann
expect_fail "the binding has the new name" 2 'dev.*(bound|busy|use)' vs add-port vs0 other dev nic8
vs add-port vs0 eve dev nic7
rig tap eve dev=nic7
expect_within "... and the old one is free for another" 3 has_link vs0 eve
rig close eve

rig tap cid dev=wrong0
vs add-port vs0 cid dev right0
expect_eq "a device of another name is left alone" "$(link_of vs0 cid)" false
if ip link property add dev wrong0 altname right0 2>/dev/null; then
	expect_eq "an alternative name does not count" "$(link_of vs0 cid)" false
	vs add-port vs0 alt
	vs set-port vs0 alt dev right1
	ip link property add dev wrong0 altname right2
	vs set-port vs0 alt dev right2
	expect_eq "... nor when a port is bound to it" "$(link_of vs0 alt)" false
	vs del-port vs0 alt
	ip link property del dev wrong0 altname right2
	ip link property del dev wrong0 altname right0
else
	skip "an alternative name does not count" "no alternative names here"
	skip "... nor when a port is bound to it" "no alternative names here"
fi
ip link set wrong0 name right0
expect_within "a device that is renamed to the bound name is plugged" 3 has_link vs0 cid

ip link add vic type veth peer name vicpeer
ip link set vicpeer up
vs add-port vs0 vic dev vic
expect_within "a device that is there is plugged and set up" 3 has_link vs0 vic
ip netns add elsewhere
ip link set vic netns elsewhere
expect_within "a device that leaves the namespace is unplugged" 3 has_no_link vs0 vic
expect_no_match "... wholly" "$(ip -n elsewhere -d link show vic)" 'master|promiscuity [1-9]'
ip -n elsewhere link set vic netns $$
expect_within "... and plugged when it comes back" 3 has_link vs0 vic

vs set-port vs0 vic autoup off
vs disconnect vs0 vic
ip link set vic down
vs connect vs0 vic dev vic
expect_no_match "autoup off: the device is plugged and stays down" "$(ip link show vic)" '[<,]UP[,>]'
expect_match "... but is plugged" "$(ip link show vic)" 'master vs0'
vs disconnect vs0 vic
expect_eq "disconnect ends the binding" "$(port_of vs0 vic dev)" -
vs connect vs0 vic dev future0
expect_ok "connect binds a name that does not exist yet" ip link add future0 type veth peer name future1
plugged() {
	[[ $(ip link show "$1") == *master* ]]
}
expect_within "... and it is plugged when it does" 3 plugged future0
vs del-port vs0 vic
ip link del future0
ip link add future0 type veth peer name future1
expect_no_match "a deleted port binds no more" "$(ip link show future0)" 'master'

# A VLAN device can not be set up while the one below is down.
ip link add below type dummy
ip link add link below name below.5 type vlan id 5
logged=$(dmesg | grep -c 'can not be opened' || :)
expect_ok "a device that can not be set up is plugged" vs add-port vs0 five dev below.5
expect_match "... with a warning" "$output" 'can not be set up'
expect_eq "... and not a word in the log" "$(dmesg | grep -c 'can not be opened' || :)" "$logged"
finish
