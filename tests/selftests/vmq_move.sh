#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VMQ: a queue is served by the CPU that its port names, whatever moves it; a move that does not work, or that somebody
# undoes, is noticed, explained, and not fought over.

# Threads of the kernel can not be seen in the namespace that the script gets below: who moves them has to be outside.
if [[ -z ${VMS_ISOLATED:-} ]]; then
	exec 9> >(
		while read -r cpu; do
			for comm in /proc/[0-9]*/comm; do
				read -r name <"$comm" || continue
				[[ $name == napi/n0-* ]] || continue
				pid=${comm#/proc/}
				taskset -pc "$cpu" "${pid%/comm}"
			done
		done >/dev/null 2>&1
	)
fi
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/selftests/vmq_lib.sh
. "$TESTS/vmq_lib.sh"
(($(nproc) > 1)) || skip_all "one CPU"

# trickle N...: n0 goes on receiving frames for ${MAC[N]}.
trickle() {
	local n
	for n; do
		labnic "feed n0 src=02:00:00:00:ff:01 dst=${MAC[$n]} count=100000000 rate=400"
	done
}

# irq_of QUEUE: its interrupt.
irq_of() {
	local nic queue irq _
	while read -r nic queue _ irq _; do
		[[ $nic != n0 || $queue != "$1" ]] || printf '%s\n' "$irq"
	done </sys/kernel/debug/labnic/queues
}

# affine CPU: somebody else has the queue of ann served there.
affine() {
	if [[ $mover == irq ]]; then
		printf '%d\n' "$1" >"/proc/irq/$(irq_of 1)/smp_affinity_list"
	else
		printf '%d\n' "$1" >&9
	fi
}

# moved_by MOVER: the checks that are the same for each.
moved_by() {
	local mover=$1
	trickle a
	# Not every driver tells the NAPI of a queue, but its frames do.
	wait_for 8 vmq_is ann true verified
	vs set-vmq vs0 ann cpu 1
	expect_eq "$mover: a queue is moved as soon as its port says so" "$(vmq_of ann mover move asked-cpu)" "$mover pinned 1"
	expect_within "$mover: ... and its frames go there" 8 vmq_is ann 1 cpu
	vs set-vmq vs0 ann cpu 0
	expect_within "$mover: ... and elsewhere" 8 vmq_is ann "pinned 0 0" move asked-cpu cpu
	expect_match "$mover: moves are counted by reason" "$(vs -j vmq show vs0 ann)" '"cpu-moves":\{"pinned":2\}'
	fought_over
	labnic "feed-stop n0"
}

# fought_over: ann's queue is at CPU 0, where somebody else does not want it.
fought_over() {
	# No frame tells it.
	labnic "feed-stop n0"
	affine 1
	expect_within "$mover: somebody who moves it back is noticed" 8 vmq_is ann undone move
	trickle a
	expect_within "$mover: ... and it is tried again" 12 vmq_is ann "pinned 0" move cpu
	expect_within "$mover: after three times it is left to him" 30 fight
	expect_within "$mover: ... where he wants it" 8 vmq_is ann "yielded 1" move cpu
	expect_match "$mover: ... and he is counted" "$(vs -j vmq show vs0 ann)" '"pinned":4,"undone":2,"yielded":1'
	vs set-vmq vs0 ann cpu auto
	vs set-vmq vs0 ann cpu 0
	expect_within "$mover: another setting begins anew" 8 vmq_is ann "pinned 0" move cpu
	vs set-vmq vs0 ann cpu auto
	affine 1
	expect_within "$mover: without one it stays where others move it" 8 vmq_is ann 1 cpu
}

fight() {
	[[ $(vmq_of ann move) != pinned ]] || affine 1
	vmq_is ann yielded move
}

# By the thread of NAPI.
anew 2
echo 1 >/sys/class/net/n0/threaded
vmq_tap ann a
moved_by napi-thread

# Neither.
anew 2
knob irq=0
ip link set n0 down
ip link set n0 up
vmq_tap ann a
vs set-vmq vs0 ann cpu 1
expect_within "without an interrupt that is known nothing is moved" 8 vmq_is ann "- unable" mover move
expect_match "... and the reason is told" "$(vs vmq show vs0 ann)" 'CPU: it can not be moved'
expect_delivered "... nor is a frame lost" ann a 20
vs set-vmq vs0 ann cpu auto
expect_eq "without a wish nothing is looked at" "$(vmq_of ann move)" -

# One NAPI for two queues: there is nothing in the kernel that tells before 6.8.
shared_by() {
	anew 3
	knob no-napi=4
	ip link set n0 down
	ip link set n0 up
	[[ $1 == irq ]] || echo 1 >/sys/class/net/n0/threaded
	vmq_tap ann a
	vmq_tap bob b
	vs set-vmq vs0 ann cpu 1
	expect_within "$1: who comes first moves what serves two queues" 8 vmq_is ann "$1 pinned 1" mover move asked-cpu
	vs set-vmq vs0 bob cpu 0
	expect_within "$1: ... the other one does not" 8 vmq_is bob "- unable -" mover move asked-cpu
	expect_match "$1: ... and says why" "$(vs vmq show vs0 bob)" "Device or resource busy.*the queue of another port"
	vs del-port vs0 ann
	expect_within "$1: ... until it is alone" 20 vmq_is bob "$1 pinned 0" mover move asked-cpu
}
release=$(uname -r)
IFS=. read -r major minor _ <<<"${release%%-*}"
if ((major * 100 + minor >= 612)); then
	shared_by napi-thread
else
	skip "napi-thread: who comes first moves what serves two queues" "this kernel does not tell"
fi

# By the interrupt.
anew 2
vmq_tap ann a
if [[ $(irq_of 1) == 0 ]]; then
	skip "a queue is moved by its interrupt" "there are no interrupts here"
	finish
fi
moved_by irq
((major * 100 + minor < 612)) || shared_by irq
anew 2
vmq_tap ann a

# New interrupts.
vs set-vmq vs0 ann cpu 1
expect_eq "the interrupt is where the queue should be" "$(cat "/proc/irq/$(irq_of 1)/effective_affinity_list")" 1
ip link set n0 down
ip link set n0 up
vs set-vmq vs0 ann cpu 0
trickle a
expect_within "after down and up it is the new interrupt that is moved" 8 vmq_is ann "pinned 0" move cpu
expect_eq "... really" "$(cat "/proc/irq/$(irq_of 1)/effective_affinity_list")" 0

# Drivers that do not tell.
anew 2
knob no-napi=3
ip link set n0 down
ip link set n0 up
vmq_tap ann a
trickle a
vs set-vmq vs0 ann cpu 1
expect_within "an interrupt that the driver does not tell is found by its name" 8 vmq_is ann "irq pinned 1" mover move cpu

# NAPI that does not follow.
anew 2
vmq_tap ann a
vs set-vmq vs0 ann cpu 0
trickle a
wait_for 8 vmq_is ann "pinned 0" move cpu
knob sticky=60000
vs set-vmq vs0 ann cpu 1
expect_within "NAPI that does not follow its interrupt is noticed" 12 vmq_is ann "stuck 0" move cpu
stuck() {
	[[ $(values "$(vs -j vmq show vs0 ann)" stuck) == [2-9] ]]
}
expect_within "... and it is tried again" 20 stuck
knob sticky=0
expect_within "... until it does" 60 vmq_is ann 1 cpu
finish
