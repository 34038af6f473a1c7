#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# explain runs the data path's own decisions on a described frame: what it says is what happens, and it sends nothing.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
outside wire
tap ann mac "${MAC[a]}" vlan access 10
tap bob vlan access 10
tap eve vlan access 20
tap tom vlan trunk 10,20 native 20
send bob src=b dst=all
send tom src=1 dst=all vlan=10

# explained FROM FRAME: what explain says of a frame, in the words of reach.
explained() {
	local from=$1 word key
	local -a words=()
	for word in "${@:2}"; do
		key=${word%%=*}
		word=${word#*=}
		case $key in
		src | dst)
			case $word in
			all) word=ff:ff:ff:ff:ff:ff ;;
			*:*) ;;
			*) word=$(mac "$word") ;;
			esac
			;;
		len)
			key=size
			word=$((word + 14))
			;;
		esac
		words+=("$key" "$word")
	done
	vs -j explain vs0 port "$from" "${words[@]}"
}
# step TEXT STAGE: the first step of that stage.
step() {
	local text=${1#*\"stage\":\""$2"\"}
	printf '%s\n' "${text%%\}*}"
}
sorted() {
	tr ',' '\n' <<<"$1" | sort | paste -sd,
}
# agree NAME "FROM FRAME" WANTED: explain and the switch itself say WANTED. Ports that a flood passes over are not told of.
agree() {
	local name=$1 said ports wanted word copies=0
	# shellcheck disable=SC2086  # a frame is words
	said=$(explained $2)
	wanted=
	for word in $3; do
		wanted+=,${word%%[:*]*}
		[[ $word == - ]] || copies=$((copies + 1))
	done
	ports=$(values "$said" to)
	expect_eq "$name: explain says so" "$(sorted "${ports:--}")" "$(sorted "${wanted#,}")"
	expect_eq "... and how many" "$(values "$said" copies)" "$copies"
	((!copies)) || expect_eq "... and nothing of others" "$(all_values "$said" drop)" ""
	expect_reach "$name: it is so" "$2" "$3"
}
before=$(vs -j stats vs0)
explained ann src=a dst=b >/dev/null
expect_eq "explain sends and counts nothing" "$(vs -j stats vs0)" "$before"
expect_eq "... and learns nothing" "$(explained bob src=77 dst=all >/dev/null; fdb_of vs0 mac "${MAC[77]}")" ""
agree "known unicast" "ann src=a dst=b" bob
agree "broadcast" "bob src=b dst=all" "wire:10 ann tom:10"
agree "unknown unicast" "bob src=b dst=55" "wire:10 tom:10"
agree "a tagged frame" "tom src=1 dst=all vlan=20" "wire:20 eve"
agree "an untagged one on a trunk" "tom src=1 dst=all" "wire:20 eve"
agree "too big a frame" "ann src=a dst=b len=1501" -
for case in "vlan-tagged ann src=a dst=b vlan=3" "mac-guard ann src=66 dst=b" "vlan-filtered tom src=1 dst=b vlan=30" \
	"reserved-address bob src=b dst=01:80:c2:00:00:01" "same-port bob src=b dst=b" "too-big ann src=a dst=b len=1501" \
	"vlan-reserved tom src=1 dst=b vlan=4095" "mac-invalid bob src=01:00:5e:00:00:01 dst=a"; do
	# shellcheck disable=SC2086
	said=$(explained ${case#* })
	expect_eq "it names the reason: ${case%% *}" "$(all_values "$said" drop)" "${case%% *}"
	expect_eq "... and copies go to nobody" "$(values "$said" copies)" 0
done
vs set-port vs0 bob admin down
said=$(explained bob src=b dst=a)
expect_match "a port that is down: the first step says so" "$(step "$said" receive)" 'port-down'
vs set-port vs0 bob admin up
send bob src=b dst=all
said=$(explained tom src=1 dst=a vlan=10 pcp=3)
expect_eq "the steps are in the order of the pipeline" "$(all_values "$said" stage)" "receive vlan guard learn lookup forward"
expect_eq "the VLAN step names VLAN and PCP" "$(values "$(step "$said" vlan)" vlan pcp)" "10 3"
said=$(explained bob src=99 dst=all)
expect_eq "the learn step says what would be learned" "$(values "$(step "$said" learn)" result)" new
said=$(explained eve src=b dst=all)
expect_eq "... in its VLAN" "$(values "$(step "$said" learn)" result)" new
said=$(explained tom src=b dst=all vlan=10)
expect_eq "... or what would move" "$(values "$(step "$said" learn)" result)" move
expect_eq "the lookup step names its result" "$(values "$(step "$said" lookup)" result)" broadcast
said=$(explained ann src=a dst=1)
expect_eq "the forward step tells whether the frame leaves tagged" \
	"$(values "$(step "$said" forward)" port tagged)" "tom true"
expect_match "for people it says why" "$(vs explain vs0 port ann src "${MAC[66]}" dst "${MAC[b]}")" 'mac-guard'
expect_fail "an unknown port is refused" 2 'nosuch' vs explain vs0 port nosuch src "${MAC[a]}" dst "${MAC[b]}"
finish
