#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VMQ with a stock driver: virtio-net, which has no filters. The host chooses the queue by the last byte of the destination
# address, and sends back what the guest sends: tests/lab/vm --queues 4.
if [[ -z ${VMS_ISOLATED:-} ]]; then
	/sbin/modprobe -q virtio_net
	for driver in /sys/class/net/*/device/driver; do
		[[ $(readlink "$driver") != */virtio_net ]] || virtio_nic=$(basename "${driver%/device/driver}")
	done
	exec {first_netns}</proc/self/ns/net
	export virtio_nic first_netns
fi
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/selftests/vmq_lib.sh
. "$TESTS/vmq_lib.sh"

[[ -n ${virtio_nic:-} ]] || skip_all "there is no virtio-net NIC (tests/lab/vm --queues 4)"
# The namespace that it is moved to ends with the script, which gives it back.
nsenter --net="/proc/self/fd/$first_netns" ip link set "$virtio_nic" down netns $$
ip link set "$virtio_nic" name n0
trap 'ip link del vs0 || :; ip link set n0 down; ip link set n0 name "$virtio_nic" || :; rig_stop' EXIT
ethtool -L n0 combined 4 2>/dev/null || skip_all "the NIC has not four queues (tests/lab/vm --queues 4)"
ip link set n0 up

# talk N COUNT: the guest with address N sends so many, which come back to it.
talk() {
	local before
	before=$(delivered "p$1")
	send "p$1" "src=$1 dst=ff01 count=$2"
	came_back() {
		(($(delivered "p$1") - before >= $2))
	}
	wait_for 3 came_back "$@" || return
	# Reads them, too: a tap has room for 500.
	rig count "p$1"
}

# by_driver QUEUE: frames that the driver has received from a queue.
by_driver() {
	local counts
	# Older kernels call it by the longer name.
	counts=$(nic_stat n0 "rx_queue_$1_packets" "rx$1_packets")
	printf '%s\n' "${counts//[ -]/}"
}

# talks N "WORD..." KEY...: while it talks, vmq show says this.
talks() {
	talk "$1" 20
	vmq_is "p$1" "${@:2}"
}

# irq_of QUEUE: number of its interrupt.
irq_of() {
	sed -nE "s/^ *([0-9]+):.* virtio[0-9]+-input\.$1\$/\1/p" /proc/interrupts
}

switch vs0
vs add-port vs0 up dev n0 uplink
wait_for 3 has_link vs0 up
for i in 1 2 3; do
	vmq_tap "p$i" "$i"
done
expect_eq "a driver without filters gives no queue" "$(vmq_of p1 mode queue reason)" "default - unsupported"
for i in 1 2 3; do
	before=$(by_driver "$i")
	talk "$i" 40 || :
	if [[ -n $before ]]; then
		expect_eq "frames for address $i come by queue $i" "$(($(by_driver "$i") - before))" 40
	else
		skip "frames for address $i come by queue $i" "this driver does not count them for ethtool"
	fi
done
for i in 1 2 3; do
	expect_within "port p$i is seen to have that queue" 5 talks "$i" "hardware $i adopted" mode queue reason
done
before=$(served p1)
talk 1 50
expect_eq "frames of the queue are counted for the port" "$(($(served p1) - before))" 50
expect_eq "the pool of queues is none the bigger" "$(values "$(vs -j vmq show vs0)" queues pool free)" "4 0 0"

# Another guest of which the host has the frames come by a queue that is taken.
vmq_tap p5 5
for ((i = 0; i < 6; i++)); do
	talk 5 10
	talk 1 10
	pause 1000
done
expect_eq "who shares a queue does not have it" "$(vmq_of p5 queue reason)" "- unsupported"

# The interrupt is found, moved, and what counts is where frames come then.
irq=$(irq_of 2)
expect_match "the queue's interrupt is there" "$irq" '^[0-9]+$'
for cpu in 0 1 0; do
	echo "$cpu" >"/proc/irq/$irq/smp_affinity_list"
	expect_within "an interrupt that the admin moves to CPU $cpu is seen there" 3 talks 2 "$cpu" cpu
done
for cpu in 1 0; do
	expect_ok "the port's queue is to be served by CPU $cpu" vs set-vmq vs0 p2 cpu "$cpu"
	expect_within "... its frames come there" 5 talks 2 "$cpu hardware irq" cpu mode mover
	expect_eq "... because its interrupt does" "$(<"/proc/irq/$irq/smp_affinity_list")" "$cpu"
done

# The host changes its mind: the address of a guest is another.
vs set-mac vs0 p3 "${MAC[13]}"
expect_eq "another address, and nothing is known" "$(vmq_of p3 mode)" default
vs set-mac vs0 p3 "${MAC[3]}"
expect_within "the old one, and it is as before" 5 talks 3 "hardware 3 adopted" mode queue reason
expect_eq "nothing was dropped" "$(drops_of vs0 p1) $(drops_of vs0 p2)" "none none"
finish
