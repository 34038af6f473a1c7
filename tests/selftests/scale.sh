#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Room for thousands of ports; one batch makes them and one deletes them, in time where time can be told.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

count=4096
limit=2000
if [[ -n ${VMS_DEBUG:-} ]]; then
	count=512
	limit=
elif [[ -n ${VMS_EMULATED:-} ]]; then
	count=1024
	limit=
fi
[[ ${VMSWITCH_LAB_VENUE:-} == uml ]] || limit=
# timed NAME CMD...: CMD succeeds, within the limit if there is one.
timed() {
	local name=$1 start took
	shift
	start=$(now_ms)
	if ! check_output "$@"; then
		fail "$name" "$output"
		return 0
	fi
	took=$(($(now_ms) - start))
	if [[ -n $limit ]] && ((took > limit)); then
		fail "$name" "it took $took ms"
	else
		pass "$name"
		printf '# %d ms\n' "$took"
	fi
}
switch vs0
taps ann,bob
for ((i = 0; i < count; i++)); do
	printf 'add-port vs0 p%d vlan access %d\n' "$i" $((1 + i % 4094))
done >/dev/shm/add.$$
for ((i = 0; i < count; i++)); do
	printf 'del-port vs0 p%d\n' "$i"
done >/dev/shm/del.$$
timed "$count ports are made by one batch" vs batch /dev/shm/add.$$
vs -j show vs0 | grep -o '"port":[^,]*' >/dev/shm/ports.$$
expect_eq "... all of them" "$(wc -l </dev/shm/ports.$$)" $((count + 2))
expect_eq "... each once" "$(sort -u /dev/shm/ports.$$ | wc -l)" $((count + 2))
expect_reach "they hinder no frame" "ann src=a dst=all" bob
timed "$count ports are deleted by one batch" vs batch /dev/shm/del.$$
expect_eq "... all of them" "$(ports_of vs0)" "ann bob"
expect_reach "the others are unhurt" "ann src=a dst=all" bob
timed "... and can be made again" vs batch /dev/shm/add.$$
timed "a switch with $count ports is deleted" vs del-switch vs0

# Many ports in all VLANs: flood sets of 4,094 VLANs.
trunks=$((count / 16))
switch vs0
for ((i = 0; i < trunks; i++)); do
	printf 'add-port vs0 t%d vlan trunk 1-4094 mac 02:00:00:01:%02x:%02x\n' "$i" $((i >> 8)) $((i & 255))
done >/dev/shm/add.$$
timed "$trunks trunks of all VLANs, with an address each, are made by one batch" vs batch /dev/shm/add.$$
expect_eq "an address takes one entry, however many VLANs" "$(values "$(vs -j show vs0)" fdb-count)" "$trunks"
vs set-port vs0 t0 dev ann
vs set-port vs0 t1 dev bob
expect_reach "the last VLAN floods" "ann src=10000 dst=all vlan=4094" "bob:4094"
expect_reach "... and the first" "ann src=10000 dst=10001 vlan=1" "bob:1"
timed "a switch with them is deleted" vs del-switch vs0

# In no order: each leaves 4,094 flood sets from somewhere in the middle.
if [[ -n $limit ]]; then
	switch vs0
	for ((i = 0; i < count / 4; i++)); do
		printf 'add-port vs0 t%d vlan trunk 1-4094\n' "$i"
	done >/dev/shm/add.$$
	sed 's/add-port vs0 \(t[0-9]*\).*/del-port vs0 \1/' /dev/shm/add.$$ | shuf >/dev/shm/del.$$
	vs batch /dev/shm/add.$$
	timed "$((count / 4)) trunks of all VLANs are deleted in any order" vs batch /dev/shm/del.$$
	expect_eq "... all of them" "$(ports_of vs0)" ""
	vs del-switch vs0
fi

# The biggest FDB.
if [[ -n $limit ]]; then
	expect_ok "an FDB of 1,048,576 entries can be had" vs add-switch vs0 fdb-max 1048576
	rig close ann
	tap ann mac-limit 0
	send ann src=100000 dst=all srcs=200000
	expect_eq "200,000 addresses are learned" "$(values "$(vs -j show vs0)" fdb-count)" 200000
	expect_eq "... and all shown" "$(vs -j fdb show vs0 | jq length)" 200000
	timed "... and flushed" vs fdb flush vs0
	expect_eq "... all" "$(values "$(vs -j show vs0)" fdb-count)" 0
	# Each has something to forget there, for which the table is walked once, not once for each.
	for ((i = 0; i < count; i++)); do
		printf 'add-port vs0 p%d\nfdb add vs0 mac 02:00:00:02:%02x:%02x vlan 1 port p%d\n' "$i" $((i >> 8)) $((i & 255)) "$i"
	done >/dev/shm/add.$$
	for ((i = 0; i < count; i++)); do
		printf 'del-port vs0 p%d\n' "$i"
	done >/dev/shm/del.$$
	expect_ok "$count ports get a static entry each in it" vs batch /dev/shm/add.$$
	timed "... and are deleted by one batch" vs batch /dev/shm/del.$$
	expect_eq "... with their entries" "$(values "$(vs -j show vs0)" fdb-count)" 0
	vs batch /dev/shm/add.$$
	timed "... or with the switch" vs del-switch vs0

	# One batch is one transaction, of 64 MiB at most.
	static() {
		awk -v n="$2" -v verb="$1" -v rest="$3" 'BEGIN {
			for (i = 0; i < n; i++)
				printf "fdb %s vs0 mac 02:00:00:%02x:%02x:%02x vlan 1%s\n", verb, i / 65536, i / 256 % 256, i % 256, rest
		}'
	}
	static add 100000 ' port p0' >/dev/shm/add.$$
	static del 100000 '' >/dev/shm/del.$$
	static add 200000 ' port p0' >/dev/shm/more.$$
	vs add-switch vs0 fdb-max 1048576
	vs add-port vs0 p0
	timed "100,000 static addresses are added by one batch" vs batch /dev/shm/add.$$
	expect_eq "... all" "$(values "$(vs -j show vs0)" fdb-count)" 100000
	timed "... and deleted by one" vs batch /dev/shm/del.$$
	expect_eq "... all" "$(values "$(vs -j show vs0)" fdb-count)" 0
	expect_fail "a batch that takes more than 64 MiB is refused" 2 "more than 64 MiB" vs batch /dev/shm/more.$$
	expect_eq "... all of it" "$(values "$(vs -j show vs0)" fdb-count)" 0
	vs del-switch vs0

	# Guests that lose their links, or get other ones, are forgotten by one walk, too. Each says its address when it
	# comes up, in a VLAN of its own.
	guests=$((count / 2))
	netns many
	in_ns many sh -c 'echo 1 >/proc/sys/net/ipv4/conf/default/arp_notify'
	for ((i = 0; i < guests; i++)); do
		printf 'link add g%d up type veth peer name g%d netns many\n' "$i" "$i" >&3
		printf 'address add 10.%d.%d.1/24 dev g%d\nlink set g%d up\n' $((i >> 8)) $((i & 255)) "$i" "$i" >&4
		printf 'link set g%d down\n' "$i" >&5
		printf 'add-port vs0 g%d dev g%d vlan access %d\n' "$i" "$i" $((i + 1)) >&6
		printf 'set-port vs0 g%d admin down\n' "$i" >&7
		printf 'disconnect vs0 g%d\nconnect vs0 g%d dev g%d\n' "$i" "$i" "$i" >&8
	done 3>/dev/shm/make.$$ 4>/dev/shm/up.$$ 5>/dev/shm/down.$$ 6>/dev/shm/add.$$ 7>/dev/shm/admin.$$ 8>/dev/shm/again.$$
	# ip keeps a file open for each namespace that it is told.
	(ulimit -n $((2 * guests)) && ip -batch /dev/shm/make.$$)
	vs add-switch vs0 fdb-max 1048576
	expect_ok "$guests guests are plugged" vs batch /dev/shm/add.$$
	knows() {
		[[ $(values "$(vs -j show vs0)" fdb-count) == "$1" ]]
	}
	ip -n many -batch /dev/shm/up.$$
	expect_within "all are known" 5 knows "$guests"
	timed "they are plugged again" vs batch /dev/shm/again.$$
	expect_ok "... and forgotten" knows 0
	ip -n many -batch /dev/shm/down.$$
	sed -i /address/d /dev/shm/up.$$
	ip -n many -batch /dev/shm/up.$$
	expect_within "they are known once more" 5 knows "$guests"
	lose_links() {
		vs batch /dev/shm/admin.$$ && wait_for 10 knows 0
	}
	timed "they lose their links, and are forgotten" lose_links
	vs del-switch vs0
fi
rm -f /dev/shm/*.$$
finish
