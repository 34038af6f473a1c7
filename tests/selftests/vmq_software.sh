#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VMQ: where a port has a CPU but no queue, its frames are handed over to the CPU, bounded and counted, and nothing
# that happens meanwhile loses track of one.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/selftests/vmq_lib.sh
. "$TESTS/vmq_lib.sh"

(($(nproc) > 1)) || skip_all "there is only one CPU"

# nofilter [QUEUES]: a NIC without filters, whose queues CPU 0 serves, and a switch.
nofilter() {
	anew "${1:-1}"
	ethtool -K n0 ntuple off
	labnic "cpu n0 0 0"
}

# ran PORT CPU: frames that this CPU has run for the port.
ran() {
	local text
	text=$(vs -j vmq show vs0 "$1")
	json_number "${text#*\"served\":}" "$2"
}

# expect_handed NAME PORT N COUNT WANTED [WORD...]: how many of these frames are handed over.
expect_handed() {
	local before
	before=$(vmq_of "$2" handed)
	frames "$3" "$4" "${@:6}"
	expect_within "$1" 5 vmq_is "$2" "$((before + $5))" handed
}

# delivers PORT COUNT: for wait_for.
delivers() {
	output=$(delivered "$1")
	printf '%s\n' "$output"
	((output == $2))
}

# Which CPU.
nofilter
vmq_tap ann a vmq-cpu 1
expect_eq "a port with a CPU but no queue is served in software" "$(vmq_of ann mode reason asked-cpu queue)" \
	"software ntuple-off 1 -"
frames a 200
expect_within "its frames all arrive" 5 delivers ann 200
expect_eq "... run by its CPU, and no other" "$(ran ann 1) $(ran ann 0)" "200 0"
expect_eq "... because they were handed over" "$(vmq_of ann handed dropped)" "200 0"
expect_within "the CPU is observed" 5 vmq_is ann 1 cpu
expect_match "it is shown in the table" "$(vs vmq show vs0)" "ann +- +software +- +1 +1 +1:200 +0 +ntuple-off"
expect_handed "broadcasts stay where they arrive" ann a 50 0 dst=ff:ff:ff:ff:ff:ff
expect_handed "... and so do addresses that nobody has" ann a 50 0 dst=02:00:00:00:00:77
vs set-vmq vs0 ann cpu 0
expect_handed "what is on the right CPU already is not queued" ann a 50 0
expect_eq "... but run there" "$(ran ann 0)" 50
expect_eq "the move is counted" "$(vmq_of ann moves)" 1
vs set-vmq vs0 ann cpu auto
expect_eq "a port without a CPU is served where its frames arrive" "$(vmq_of ann mode handed)" "default -"
expect_delivered "... all of them" ann a 50
vmq_tap bob b vmq-cpu 1
vs set-vmq vs0 ann cpu 1
vs set-mac vs0 ann none
vs set-mac vs0 bob "${MAC[a]}"
expect_handed "an address that another port has had is handed over for its new one" bob a 50 50
expect_fail "there must be such a CPU" 2 "no such CPU" vs set-vmq vs0 ann cpu 8191

# Whatever the reason.
anew 2
vmq_tap ann a vmq-cpu 1
vmq_tap bob b vmq-cpu 1
labnic "cpu n0 0 0" "cpu n0 1 0"
expect_eq "with one queue for two, one is served in hardware, one in software" \
	"$(vmq_of ann mode) $(vmq_of bob mode reason)" "hardware software no-queue"
frames b 100
expect_within "what came for the second all arrives" 5 delivers bob 100
expect_eq "... by its CPU" "$(ran bob 1)" 100
frames a 50
vs set-vmq vs0 ann weight 0
expect_eq "what came by a queue of its own was not handed over" "$(vmq_of ann mode handed)" "software 0"
vs set-vmq vs0 ann off
expect_eq "when it gets the queue, it is served in hardware" "$(vmq_of bob mode queue)" "hardware 1"
expect_delivered "... and all arrive" bob b 100
vs set-vmq vs0 bob weight 0
expect_eq "who is never to have a queue can have a CPU" "$(vmq_of bob mode reason)" "software weight-zero"
frames b 100
expect_within "... which runs its frames" 5 delivers bob 300
anew 4 matches=2
labnic "cpu n0 0 0"
vmq_tap ann a vmq-cpu 1
frames a 100
expect_within "a driver that refuses makes no difference" 5 delivers ann 100
expect_eq "... to what the CPU runs" "$(vmq_of ann mode reason) $(ran ann 1)" "software refused 100"
anew 4 silent=1
labnic "cpu n0 0 0"
vmq_tap ann a vmq-cpu 1
found() {
	frames a 5
	vmq_is ann "software not-delivered" mode reason
}
expect_within "nor does one whose filters do nothing" 10 found
expect_handed "... once that is found out" ann a 100 100

# Too much: frames that have to be cut up are more work for the CPU than for the NIC.
# One poll is 64 of them, cut into 150 each: for a kernel that is debugged less will do, and RCU once told of a stall here.
mss=100
[[ -z ${VMS_DEBUG:-} ]] || mss=1000
nofilter
nic s1 1 txqueuelen 0
ethtool -K s1 tso off sg off tx off >/dev/null
ip link set s1 mtu 16000
vs add-port vs0 ann dev s1 mac "${MAC[a]}" vmq on vmq-cpu 1
vmq_tap bob b vmq-cpu 1
labnic "feed n0 src=02:00:00:00:ff:02 dst=${MAC[b]} rate=500 count=200"
labnic "feed n0 src=02:00:00:00:ff:01 dst=${MAC[a]} size=15000 mss=$mss count=4000 pause=1" "feed-wait n0"
labnic "feed-stop n0"
frames_of() {
	output="$(drop_of vs0 ann cpu-busy) dropped, $(stat_of vs0 ann tx-packets) delivered"
	printf '%s\n' "$output"
	(($(drop_of vs0 ann cpu-busy) + $(stat_of vs0 ann tx-packets) == 4000))
}
expect_within "what a CPU does not manage is dropped and counted" 20 frames_of
expect_match "... some of it, not all" "$output" "^[1-9][0-9]* dropped, [1-9][0-9]* delivered$"
expect_eq "... by vmq show, too" "$(vmq_of ann dropped)" "$(drop_of vs0 ann cpu-busy)"
expect_within "another port's frames for the same CPU come through" 5 delivers bob 200
expect_eq "... without a drop" "$(vmq_of bob dropped) $(drops_of vs0 bob)" "0 none"
before=$(delivered ann)
frames a 50
expect_within "when it is over, so do this one's" 5 delivers ann "$((before + 50))"

# Changes under way.
nofilter 2
ip link del s1
labnic "cpu n0 1 1"
vmq_tap bob b vmq-cpu 1
rate=$((100000 / PATIENCE))
[[ -z ${VMS_DEBUG:-} ]] || rate=2000
flood() {
	labnic "feed n0 src=02:00:00:00:ff:01 dst=${MAC[a]} ndst=2 flows=16 rate=$rate count=100000000"
}
flood
rig tap ann
churn_ports() {
	local i
	for ((i = 0; i < 10; i++)); do
		vs add-port vs0 ann dev ann mac "${MAC[a]}" vmq on vmq-cpu $((i % 2)) || return
		pause 5
		vs del-port vs0 ann || return
	done
}
expect_ok "ports come and go while their frames wait" churn_ports
vs add-port vs0 ann dev ann mac "${MAC[a]}" vmq on vmq-cpu 1
churn_vmq() {
	local i
	for ((i = 0; i < 10; i++)); do
		vs set-vmq vs0 ann off && vs set-vmq vs0 ann on || return
	done
}
expect_ok "... VMQ does" churn_vmq
churn_uplink() {
	local i
	for ((i = 0; i < 10; i++)); do
		vs disconnect vs0 up && vs connect vs0 up dev n0 || return
	done
}
expect_ok "... the uplink does" churn_uplink
expect_within "... and all goes on" 5 vmq_is ann "software 1" mode asked-cpu
hotplug=/sys/devices/system/cpu/cpu1/online
if [[ -e $hotplug ]]; then
	echo 0 >$hotplug
	before=$(ran ann 0)
	goes_on() {
		(($(ran ann 0) > before + 100))
	}
	expect_within "frames for a CPU that goes offline run elsewhere" 5 goes_on
	echo 1 >$hotplug
	handed=$(vmq_of ann handed)
	again() {
		(($(vmq_of ann handed) > handed))
	}
	expect_within "... until it comes back" 5 again
else
	skip "frames for a CPU that goes offline run elsewhere" "no CPU can go offline here"
fi
expect_ok "the switch goes" vs del-switch vs0
labnic "feed-stop n0"
switch vs0
vs add-port vs0 up dev n0 uplink
vs add-port vs0 ann dev ann mac "${MAC[a]}" vmq on vmq-cpu 1
flood
expect_ok "the NIC goes" ip link del n0
expect_eq "... which the port is told" "$(vmq_of ann mode reason)" "default no-uplink"
finish
