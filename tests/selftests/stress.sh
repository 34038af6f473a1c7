#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Everything at once: ports, devices, VLANs, the FDB and whole switches come and go under traffic on all CPUs. The
# kernel's own checks say whether it went well; here only that frames flow before and after.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

seconds=6
[[ -z ${VMS_DEBUG:-} ]] || seconds=12
[[ -z ${VMS_EMULATED:-} ]] || seconds=10
switch vs0
taps ann,bob
outside wire
vs add-nic vs0 host0
ip link set host0 up
end=$((${EPOCHREALTIME%.*} + seconds))
busy() {
	((${EPOCHREALTIME%.*} < end))
}
# Each of these does one thing over and over; that it is refused at times is in the nature of it.
churn_ports() {
	while busy; do
		vs batch - <<<$'add-port vs0 x1 dev x1 vlan access 2\nadd-port vs0 x2 vlan trunk 1-4094\nadd-port vs0 x3 mac 02:00:00:00:03:00'
		vs set-vlan vs0 x1 access 1
		vs set-mac vs0 x1 02:00:00:00:04:00
		vs del-port vs0 x2
		vs batch - <<<$'del-port vs0 x1\ndel-port vs0 x3'
	done
}
churn_devices() {
	while busy; do
		"$TESTS/frame" "tap x1" "send x1 src=500 dst=all count=20"
		ip link add y1 type veth peer name y2
		ip link set y2 up
		ip link set y1 master vs0
		ip link set y1 up
		ip link del y1
	done
}
churn_vnics() {
	while busy; do
		vs add-nic vs0 v1
		ip link set v1 up
		ip netns add churn
		ip link set v1 netns churn
		vs set-port vs0 v1 admin down
		ip netns del churn
		vs del-port vs0 v1
	done
}
churn_switches() {
	while busy; do
		vs add-switch vs1
		vs add-nic vs1 w1
		ip link set w1 up
		vs set-switch vs1 fdb-max 64
		vs fdb flush vs0
		ip link del vs1
	done
}
churn_settings() {
	while busy; do
		vs set-port vs0 bob vlan trunk 1-4094 native 1 priority 3
		vs -j show >/dev/null
		vs set-port vs0 bob vlan access 1 priority 0
		vs -j fdb show vs0 >/dev/null
		vs stats vs0 >/dev/null
		vs set-port vs0 ann admin down
		vs set-port vs0 ann admin up
	done
}
jobs=()
for sender in "wire src=1000 dst=all srcs=300" "noise src=2000 dst=5 srcs=300"; do
	name=${sender%% *}
	[[ $name != wire ]] || rig close wire
	"$TESTS/frame" "tap $name" "sleep 100" "blast $sender ms=$((seconds * 1000 + 2000 * PATIENCE))" >/dev/null 2>&1 &
	jobs+=($!)
done
sleeping() {
	ip link set wire up 2>/dev/null && ip link show noise >/dev/null
}
wait_for 5 sleeping
vs add-port vs0 noise dev noise
for job in churn_ports churn_devices churn_vnics churn_switches churn_settings; do
	"$job" >/dev/null 2>&1 &
	jobs+=($!)
done
wait "${jobs[@]}" || :
expect_eq "the senders have sent" "$(($(stat_of vs0 noise rx-packets) > 1000))" 1
expect_eq "the switch is what it was" "$(ports_of vs0 | tr ' ' '\n' | grep -vE '^[xyv][0-9]$' | sort | paste -sd' ')" \
	"ann bob host0 noise wire"
vs set-port vs0 bob vlan access 1
vs fdb flush vs0
expect_reach "frames pass after all this" "ann src=a dst=all" bob
expect_reach "... in order" "ann src=a dst=b count=100" "bob*100"
expect_ok "the switch is deleted" vs del-switch vs0
finish
