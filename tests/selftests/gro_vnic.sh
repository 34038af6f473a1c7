#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Flood copies into vNICs with GRO on must stay intact (decision 2): the copies share their data, and GRO writes to it.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
need ethtool busybox

switch vs0
tap ann
for name in one two six; do
	netns "$name"
	vs add-nic vs0 "$name" netns "$name"
	vs set-port vs0 "$name" unknown-flood on
	ip -n "$name" link set "$name" up
	in_ns "$name" ethtool -K "$name" gro on
	# What comes in one after the other is merged, not only what comes in one poll.
	echo 2 | in_ns "$name" tee "/sys/class/net/$name/napi_defer_hard_irqs" >/dev/null
	echo 20000000 | in_ns "$name" tee "/sys/class/net/$name/gro_flush_timeout" >/dev/null
done
in_ns six ethtool -K six gro off
for name in one two six; do
	wait_for 3 has_link vs0 "$name"
	rig packet "$name" "netns=/run/netns/$name"
done
expect_match "GRO is on" "$(in_ns one ethtool -k one)" 'generic-receive-offload: on'
merged=
for round in 1 2 3 4 5; do
	reach ann "src=a dst=77 tcp=1200 count=20 loose" "one(24000) two(24000) six(24000)"
	said=$rig_answer
	# However many were merged, each vNIC has each byte once, right and in order.
	plain=$(sed -E 's/\*[0-9]+//g; s/\+csum//g; s/\+gso//g' <<<"$said")
	expect_eq "flood copies into GRO vNICs are whole, round $round" "$plain" "one(24000) two(24000) six(24000)"
	[[ $said == *six\*20* ]] || fail "a vNIC without GRO gets them as they were sent, round $round" "$said"
	[[ $said == *one\*20* ]] || merged=yes
done
if [[ -n $merged ]]; then
	pass "GRO does merge what comes to a vNIC"
else
	fail "GRO does merge what comes to a vNIC" "got: $said"
fi
expect_eq "no copy was dropped" "$(drops_of vs0 one) $(drops_of vs0 two)" "none none"

# A socket's frames are clones of what it keeps for retransmission; data and pure ACKs take one way.
ip -n one -batch - <<<$'address add 10.7.0.1/24 dev one'
ip -n two -batch - <<<$'address add 10.7.0.2/24 dev two'
bytes=4000000
[[ -z ${VMS_EMULATED:-} ]] || bytes=1000000
head -c "$bytes" /dev/urandom >/dev/shm/sent.$$
trap 'rm -f /dev/shm/*.$$; rig_stop' EXIT
for name in one two; do
	rig close "$name"
	echo 0 | in_ns "$name" tee "/sys/class/net/$name/gro_flush_timeout" >/dev/null
	in_ns "$name" ethtool -K "$name" tso off gso off
done
listening() {
	[[ -n $(in_ns two ss -Hltn 'sport = :5000') ]]
}
ip netns exec two busybox nc -l -p 5000 >/dev/shm/got.$$ <&"$pause_fd" &
server=$!
wait_for 5 listening
in_ns one timeout "$((20 * PATIENCE))" busybox nc 10.7.0.2 5000 </dev/shm/sent.$$ >/dev/null || kill "$server"
wait "$server" || :
expect_ok "TCP between vNICs with GRO comes equal" cmp /dev/shm/sent.$$ /dev/shm/got.$$
# Frames that overtake each other are seen by TCP as out of order.
disorder=$(in_ns two cat /proc/net/netstat | awk '
	/^TcpExt: [A-Z]/ { n = split($0, names) }
	/^TcpExt: [0-9]/ { for (i = 1; i <= n; i++) if (names[i] == "TCPOFOQueue") print $i }')
expect_eq "... in order" "$disorder" 0
finish
