# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The peers: how each of them is made to carry frames from one device to another. What is to be done is gathered and
# then done at once, for a process costs an emulated machine a tenth of a second.

LABNIC=/sys/kernel/debug/labnic
# Each case makes devices and switches of its own, and leaves them there: deleting thousands takes minutes, and they end
# with the kernel.
case_number=0

ip_lines=()
bridge_lines=()
vswctl_lines=()
labnic_lines=()

# The names of a peer's devices begin with its letter.
declare -A LETTER=([floor]=f [null]=n [bridge]=b [bridge-vlan]=v [ovs]=o [vmswitch]=s [macvlan]=m
	[veth+bridge-vlan]=w [veth+ovs]=y [veth]=x)

# dev PEER N: the name of its Nth device, in $dev.
dev=
dev() {
	dev=${LETTER[$1]}${case_number}_$2
}

# labnic COMMAND...: at once, each with a write of its own (bash cuts what is longer than 1,008 bytes).
labnic() {
	printf '%s\n' "$@" >"$LABNIC/control"
}

# nics PEER FROM TO [SETTING...]: its devices with these numbers, up.
nics() {
	local peer=$1 i
	for ((i = $2; i <= $3; i++)); do
		dev "$peer" "$i"
		ip_lines+=("link add name $dev up ${*:4} type labnic")
	done
}

# dpctl COMMAND...: the kernel's part of Open vSwitch; its daemon is not needed where the flows are known.
dpctl() {
	ovs-dpctl -vconsole:err "$@"
}

# commit: do what was gathered.
commit() {
	local IFS=$'\n'
	if ((${#ip_lines[@]})); then
		ip -batch - <<<"${ip_lines[*]}"
	fi
	if ((${#bridge_lines[@]})); then
		bridge -batch - <<<"${bridge_lines[*]}"
	fi
	if ((${#vswctl_lines[@]})); then
		vswctl batch - <<<"${vswctl_lines[*]}"
	fi
	if ((${#labnic_lines[@]})); then
		labnic "${labnic_lines[@]}"
	fi
	ip_lines=()
	bridge_lines=()
	vswctl_lines=()
	labnic_lines=()
}

# switch PEER [SETTING...]: an empty one; settings are vmswitch's.
switch() {
	case $1 in
	bridge)
		ip_lines+=("link add name br-b$case_number up type bridge")
		;;
	bridge-vlan)
		ip_lines+=("link add name br-v$case_number up type bridge vlan_filtering 1 vlan_default_pvid 0")
		;;
	ovs)
		modprobe openvswitch
		dpctl add-dp "dp-o$case_number"
		;;
	vmswitch)
		vswctl_lines+=("add-switch vs-s$case_number type internal ${*:2}")
		;;
	esac
}

# port PEER DEV MODE VID...: a port of it; MODE is access or trunk.
port() {
	local peer=$1 name=$2 mode=$3 vid
	local -a vids=("${@:4}")
	case $peer in
	bridge)
		ip_lines+=("link set dev $name master br-b$case_number")
		;;
	bridge-vlan)
		ip_lines+=("link set dev $name master br-v$case_number")
		for vid in "${vids[@]}"; do
			if [[ $mode == access ]]; then
				bridge_lines+=("vlan add dev $name vid $vid pvid untagged")
			else
				bridge_lines+=("vlan add dev $name vid $vid")
			fi
		done
		;;
	ovs)
		commit
		dpctl add-if "dp-o$case_number" "$name"
		;;
	vmswitch)
		local IFS=,
		vswctl_lines+=("add-port vs-s$case_number $name dev $name vlan $mode ${vids[*]}")
		;;
	esac
}
