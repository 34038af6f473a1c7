/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Generic netlink interface of the vmswitch virtual switch.
 *
 * The same interface is described, for programs, by
 * Documentation/netlink/specs/vmswitch.yaml; "make style" compares the two.
 *
 * Requests that change something need CAP_NET_ADMIN in the user namespace
 * that owns the caller's network namespace.  Requests that read need nothing
 * and show only the caller's network namespace.  Every refusal carries an
 * extack message and, where one attribute is guilty, its offset.
 */
#ifndef _UAPI_LINUX_VMSWITCH_H
#define _UAPI_LINUX_VMSWITCH_H

#include <linux/types.h>

#define VMSWITCH_GENL_NAME	"vmswitch"
#define VMSWITCH_GENL_VERSION	1

/* The multicast group that carries the VMS_CMD_*_NTF messages. */
#define VMSWITCH_MCGRP_EVENTS	"events"

/* rtnl link kinds: "ip link add vs0 type vmswitch" and
 * "ip link add link vs0 name host0 type vmsnic".
 */
#define VMSWITCH_LINK_KIND	"vmswitch"
#define VMSWITCH_VNIC_KIND	"vmsnic"

/* Bytes of a name without the terminating NUL. */
#define VMS_SWITCH_NAME_MAX	15
#define VMS_PORT_NAME_MAX	31
/* MAC addresses that one port may own. */
#define VMS_PORT_MACS_MAX	64
/* A VID is 1..4094 (802.1Q-2022, 9.6: 0 is the priority tag, 4095 reserved). */
#define VMS_VID_MIN		1
#define VMS_VID_MAX		4094
/* Seconds after which a dynamic FDB entry that was not seen again is removed
 * (802.1Q-2022, table 8-6: 300 by default, 10..1,000,000).
 */
#define VMS_AGEING_MIN		10
#define VMS_AGEING_DEFAULT	300
#define VMS_AGEING_MAX		1000000
/* FDB entries that a switch may hold. */
#define VMS_FDB_MAX_MIN		64
#define VMS_FDB_MAX_DEFAULT	16384
#define VMS_FDB_MAX_MAX		1048576
/* Dynamic FDB entries of one port: a guest's default, and the uplink's. */
#define VMS_MAC_LIMIT_DEFAULT	1024
#define VMS_MAC_LIMIT_UPLINK	16384
/* Ports of one switch. */
#define VMS_PORTS_MAX		16384
/* Weight of a port for a receive queue of the uplink. */
#define VMS_VMQ_WEIGHT_MAX	100
#define VMS_VMQ_WEIGHT_DEFAULT	100
/* No CPU in particular. */
#define VMS_VMQ_CPU_ANY		4294967295

/**
 * enum vms_cmd - messages of the family
 * @VMS_CMD_UNSPEC: never sent
 * @VMS_CMD_SWITCH_GET: one switch by name, or a dump of all
 * @VMS_CMD_SWITCH_NEW: create a switch; its netdev comes up at once
 * @VMS_CMD_SWITCH_SET: change settings of a switch
 * @VMS_CMD_SWITCH_DEL: delete a switch with its ports and vNICs
 * @VMS_CMD_PORT_GET: one port, or a dump of all ports (of one switch, if named)
 * @VMS_CMD_PORT_NEW: create a port with its whole configuration
 * @VMS_CMD_PORT_SET: change settings of a port; those not named stay.
 *	&VMS_A_PORT_DEV binds (or, empty, unplugs and unbinds) its device; a
 *	vNIC that is unplugged is deleted
 * @VMS_CMD_PORT_DEL: delete a port, and its vNIC if it has one
 * @VMS_CMD_FDB_GET: the entry of one address (and VLAN), or a dump of the
 *	forwarding database of one switch, filtered by the attributes that the
 *	request names
 * @VMS_CMD_FDB_NEW: add a static entry (MAC, VLAN, port)
 * @VMS_CMD_FDB_DEL: delete the entry of one address in a VLAN (without: those
 *	in all VLANs) that is not owned by a port's MAC list
 * @VMS_CMD_FDB_FLUSH: delete the dynamic entries that the filter names
 * @VMS_CMD_STATS_GET: counters of one port, or a dump of all ports'
 *	(of one switch, if named), or, with &VMS_A_STATS_BY_VLAN, of all VLANs
 * @VMS_CMD_EXPLAIN: what would happen to a described frame, step by step.  The
 *	answer is one or more messages with NLM_F_MULTI, ended by NLMSG_DONE;
 *	there is no ACK
 * @VMS_CMD_TXN_BEGIN: from now on stage this socket's changes; one
 *	transaction a socket, 64 MiB and 60 seconds at most.  A message that is
 *	refused when it is staged spoils the transaction
 * @VMS_CMD_TXN_COMMIT: apply the staged changes, all or none.  If one is
 *	refused, a reply with &VMS_A_TXN_FAILED precedes the error
 * @VMS_CMD_TXN_ABORT: forget the staged changes
 * @VMS_CMD_SWITCH_ADD_NTF: event: a switch was created
 * @VMS_CMD_SWITCH_CHANGE_NTF: event: a switch's settings changed
 * @VMS_CMD_SWITCH_DEL_NTF: event: a switch is gone
 * @VMS_CMD_PORT_ADD_NTF: event: a port was created
 * @VMS_CMD_PORT_CHANGE_NTF: event: a port's settings changed, or what an
 *	uplink's device filters or refuses
 * @VMS_CMD_PORT_LINK_NTF: event: a port's NIC or link state changed
 * @VMS_CMD_PORT_DEL_NTF: event: a port is gone
 * @VMS_CMD_FDB_ADD_NTF: event: an FDB entry was learned or added
 * @VMS_CMD_FDB_MOVE_NTF: event: a dynamic entry moved to another port
 * @VMS_CMD_FDB_DEL_NTF: event: an FDB entry aged out or was deleted
 * @VMS_CMD_VMQ_GET: which receive queue of the uplink a port has, or a dump:
 *	for each switch (or the one that is named) the pool of queues, in a
 *	message without a port, and then the ports that want one
 * @VMS_CMD_VMQ_CHANGE_NTF: event: a port was given a queue, lost it, or keeps
 *	or misses it for another reason than before
 */
enum vms_cmd {
	VMS_CMD_UNSPEC,
	VMS_CMD_SWITCH_GET,
	VMS_CMD_SWITCH_NEW,
	VMS_CMD_SWITCH_SET,
	VMS_CMD_SWITCH_DEL,
	VMS_CMD_PORT_GET,
	VMS_CMD_PORT_NEW,
	VMS_CMD_PORT_SET,
	VMS_CMD_PORT_DEL,
	VMS_CMD_FDB_GET,
	VMS_CMD_FDB_NEW,
	VMS_CMD_FDB_DEL,
	VMS_CMD_FDB_FLUSH,
	VMS_CMD_STATS_GET,
	VMS_CMD_EXPLAIN,
	VMS_CMD_TXN_BEGIN,
	VMS_CMD_TXN_COMMIT,
	VMS_CMD_TXN_ABORT,
	VMS_CMD_SWITCH_ADD_NTF,
	VMS_CMD_SWITCH_CHANGE_NTF,
	VMS_CMD_SWITCH_DEL_NTF,
	VMS_CMD_PORT_ADD_NTF,
	VMS_CMD_PORT_CHANGE_NTF,
	VMS_CMD_PORT_LINK_NTF,
	VMS_CMD_PORT_DEL_NTF,
	VMS_CMD_FDB_ADD_NTF,
	VMS_CMD_FDB_MOVE_NTF,
	VMS_CMD_FDB_DEL_NTF,
	VMS_CMD_VMQ_GET,
	VMS_CMD_VMQ_CHANGE_NTF,

	/* private: */
	__VMS_CMD_MAX,
	VMS_CMD_MAX = (__VMS_CMD_MAX - 1)
};

/**
 * enum vms_switch_type - which NIC kinds may be plugged into a switch
 * @VMS_SWITCH_EXTERNAL: guests, the host and one uplink
 * @VMS_SWITCH_INTERNAL: guests and the host
 * @VMS_SWITCH_PRIVATE: guests only
 */
enum vms_switch_type {
	VMS_SWITCH_EXTERNAL,
	VMS_SWITCH_INTERNAL,
	VMS_SWITCH_PRIVATE,
};

/**
 * enum vms_nic_kind - what a port takes
 * @VMS_NIC_NETDEV: an Ethernet device that stands for a guest: tap, veth,
 *	VF representor
 * @VMS_NIC_EXTERNAL: the uplink: physical NIC, bond, VLAN or vxlan device
 * @VMS_NIC_INTERNAL: a vNIC that the switch makes itself (kind vmsnic)
 */
enum vms_nic_kind {
	VMS_NIC_NETDEV,
	VMS_NIC_EXTERNAL,
	VMS_NIC_INTERNAL,
};

/**
 * enum vms_vlan_mode - how a port takes part in VLANs
 * @VMS_VLAN_ACCESS: member of one VLAN, &VMS_A_PORT_PVID; its frames are
 *	untagged, frames that come tagged with a VID other than 0 are dropped
 * @VMS_VLAN_TRUNK: member of &VMS_A_PORT_VLANS, tagged, and of the native
 *	VLAN &VMS_A_PORT_PVID (0: none), which leaves untagged
 */
enum vms_vlan_mode {
	VMS_VLAN_ACCESS,
	VMS_VLAN_TRUNK,
};

/**
 * enum vms_tristate - a setting that can be left to the switch
 * @VMS_OFF: off
 * @VMS_ON: on
 * @VMS_AUTO: as the switch finds right; the attribute says when that is
 */
enum vms_tristate {
	VMS_OFF,
	VMS_ON,
	VMS_AUTO,
};

/**
 * enum vms_qdisc - whether frames to a device pass its queueing discipline
 * @VMS_QDISC_AUTO: yes, but for the untouched default one of a tap, which
 *	can not hold a frame (a tap never stops its queue)
 * @VMS_QDISC_HONOUR: always
 * @VMS_QDISC_BYPASS: never
 */
enum vms_qdisc {
	VMS_QDISC_AUTO,
	VMS_QDISC_HONOUR,
	VMS_QDISC_BYPASS,
};

/**
 * enum vms_down_mode - what an administratively down port does to its device
 * @VMS_DOWN_KEEP: nothing; frames are dropped
 * @VMS_DOWN_CLOSE: the device is closed (a veth peer or a VF sees its link
 *	go) and opened again when the port comes up
 */
enum vms_down_mode {
	VMS_DOWN_KEEP,
	VMS_DOWN_CLOSE,
};

/**
 * enum vms_filter_state - what became of &VMS_A_PORT_UPLINK_FILTER
 * @VMS_FILTER_OFF: it is off: the uplink's device is promiscuous
 * @VMS_FILTER_ON: the device receives unicast to the addresses that live at
 *	the other ports, and its own
 * @VMS_FILTER_UNABLE: promiscuous: the device does not filter unicast
 * @VMS_FILTER_LEARNS: promiscuous: another port learns addresses, or takes
 *	unicast to unknown ones
 * @VMS_FILTER_REFUSED: promiscuous: addresses were refused, or all of them as
 *	they are more than 4,096, see &VMS_A_PORT_MAC_REFUSED; tried again with
 *	each change of a port
 */
enum vms_filter_state {
	VMS_FILTER_OFF,
	VMS_FILTER_ON,
	VMS_FILTER_UNABLE,
	VMS_FILTER_LEARNS,
	VMS_FILTER_REFUSED,
};

/**
 * enum vms_port_state - bits of &VMS_A_PORT_STATE
 * @VMS_PORT_S_ADMIN: the port is administratively up
 * @VMS_PORT_S_PLUGGED: a NIC is plugged
 * @VMS_PORT_S_CARRIER: that NIC runs and has carrier
 * @VMS_PORT_S_LINK: frames pass: all of the above
 * @VMS_PORT_S_AUTO: made by "ip link set DEV master SWITCH"; goes with it
 * @VMS_PORT_S_LEARNING: the port learns source addresses now
 * @VMS_PORT_S_UNKNOWN: the port takes unknown unicast now
 */
enum vms_port_state {
	VMS_PORT_S_ADMIN	= 1 << 0,
	VMS_PORT_S_PLUGGED	= 1 << 1,
	VMS_PORT_S_CARRIER	= 1 << 2,
	VMS_PORT_S_LINK		= 1 << 3,
	VMS_PORT_S_AUTO		= 1 << 4,
	VMS_PORT_S_LEARNING	= 1 << 5,
	VMS_PORT_S_UNKNOWN	= 1 << 6,
};

/**
 * enum vms_fdb_type - why an FDB entry exists
 * @VMS_FDB_DYNAMIC: learned from a source address; ages
 * @VMS_FDB_STATIC: added by an admin for one VLAN
 * @VMS_FDB_PORT: in the MAC list of its port; valid in all the port's VLANs
 */
enum vms_fdb_type {
	VMS_FDB_DYNAMIC,
	VMS_FDB_STATIC,
	VMS_FDB_PORT,
};

/**
 * enum vms_drop_reason - why a frame was not delivered
 * @VMS_DROP_NONE: it was (never counted)
 * @VMS_DROP_SWITCH_DOWN: the switch's netdev is down
 * @VMS_DROP_PORT_DOWN: the source port is administratively down
 * @VMS_DROP_MALFORMED: shorter than its headers, or merged by LRO
 * @VMS_DROP_VLAN_TAGGED: tagged with a VID on an access port, or with a second
 *	tag inside that would become its VLAN at a trunk that it leaves untagged
 * @VMS_DROP_VLAN_UNTAGGED: untagged on a trunk without a native VLAN
 * @VMS_DROP_VLAN_FILTERED: the source port is no member of the frame's VLAN
 * @VMS_DROP_VLAN_RESERVED: VID 4095
 * @VMS_DROP_MAC_INVALID: the source address is a group address or zero
 * @VMS_DROP_MAC_GUARD: the source address is not in the port's MAC list
 * @VMS_DROP_RESERVED_ADDRESS: to 01-80-C2-00-00-00..0F (802.1Q-2022, 8.6.3)
 * @VMS_DROP_SAME_PORT: the destination is the source port
 * @VMS_DROP_NO_DESTINATION: no port takes it
 * @VMS_DROP_LINK_DOWN: the destination port has no NIC or no link
 * @VMS_DROP_EGRESS_FILTERED: the destination port is no member of the VLAN
 * @VMS_DROP_TOO_BIG: bigger than the destination device's MTU
 * @VMS_DROP_NO_MEMORY: no memory for a copy or a tag
 * @VMS_DROP_TX_BUSY: the destination device's transmit queue is stopped
 * @VMS_DROP_TX_REFUSED: the destination device or its qdisc dropped it
 * @VMS_DROP_QUEUE_FULL: the destination vNIC's receive queue is full
 * @VMS_DROP_LOOP: too many devices stacked on each other
 * @VMS_DROP_OFFLOAD: software could not do what the device lacks
 * @VMS_DROP_CPU_BUSY: the CPU that runs the destination port's frames has too
 *	many waiting, or the uplink was unplugged while they waited
 */
enum vms_drop_reason {
	VMS_DROP_NONE,
	VMS_DROP_SWITCH_DOWN,
	VMS_DROP_PORT_DOWN,
	VMS_DROP_MALFORMED,
	VMS_DROP_VLAN_TAGGED,
	VMS_DROP_VLAN_UNTAGGED,
	VMS_DROP_VLAN_FILTERED,
	VMS_DROP_VLAN_RESERVED,
	VMS_DROP_MAC_INVALID,
	VMS_DROP_MAC_GUARD,
	VMS_DROP_RESERVED_ADDRESS,
	VMS_DROP_SAME_PORT,
	VMS_DROP_NO_DESTINATION,
	VMS_DROP_LINK_DOWN,
	VMS_DROP_EGRESS_FILTERED,
	VMS_DROP_TOO_BIG,
	VMS_DROP_NO_MEMORY,
	VMS_DROP_TX_BUSY,
	VMS_DROP_TX_REFUSED,
	VMS_DROP_QUEUE_FULL,
	VMS_DROP_LOOP,
	VMS_DROP_OFFLOAD,
	VMS_DROP_CPU_BUSY,

	/* private: */
	__VMS_DROP_MAX,
	VMS_DROP_MAX = (__VMS_DROP_MAX - 1)
};

/**
 * enum vms_explain_stage - steps of &VMS_CMD_EXPLAIN, in the order of the
 *	data path
 * @VMS_STAGE_RECEIVE: state of the switch and of the source port
 * @VMS_STAGE_VLAN: VLAN classification and ingress filtering
 * @VMS_STAGE_GUARD: check of the source address
 * @VMS_STAGE_LEARN: what is learned from the source address
 * @VMS_STAGE_LOOKUP: where the destination address lives
 * @VMS_STAGE_FORWARD: one destination port: whether it gets the frame
 */
enum vms_explain_stage {
	VMS_STAGE_RECEIVE,
	VMS_STAGE_VLAN,
	VMS_STAGE_GUARD,
	VMS_STAGE_LEARN,
	VMS_STAGE_LOOKUP,
	VMS_STAGE_FORWARD,
};

/**
 * enum vms_lookup_result - &VMS_A_STEP_RESULT of &VMS_STAGE_LOOKUP
 * @VMS_LOOKUP_UNICAST: an FDB entry names one port
 * @VMS_LOOKUP_UNKNOWN: no entry: the ports that take unknown unicast
 * @VMS_LOOKUP_MULTICAST: a group address: the VLAN's members
 * @VMS_LOOKUP_BROADCAST: the broadcast address: the VLAN's members
 */
enum vms_lookup_result {
	VMS_LOOKUP_UNICAST,
	VMS_LOOKUP_UNKNOWN,
	VMS_LOOKUP_MULTICAST,
	VMS_LOOKUP_BROADCAST,
};

/**
 * enum vms_learn_result - &VMS_A_STEP_RESULT of &VMS_STAGE_LEARN
 * @VMS_LEARN_OFF: the port does not learn
 * @VMS_LEARN_KNOWN: the address is known on this port
 * @VMS_LEARN_NEW: it would be learned
 * @VMS_LEARN_MOVE: it would move here from &VMS_A_STEP_PORT
 * @VMS_LEARN_STATIC: it is static on &VMS_A_STEP_PORT and stays there
 * @VMS_LEARN_LIMIT: the port's MAC limit or the FDB is exhausted
 */
enum vms_learn_result {
	VMS_LEARN_OFF,
	VMS_LEARN_KNOWN,
	VMS_LEARN_NEW,
	VMS_LEARN_MOVE,
	VMS_LEARN_STATIC,
	VMS_LEARN_LIMIT,
};

/**
 * enum vms_vmq_mode - where the frames for a port arrive
 * @VMS_VMQ_DEFAULT: with all others, on the queues that RSS uses
 * @VMS_VMQ_HARDWARE: on a queue of the port's own, by a filter of the NIC
 * @VMS_VMQ_SOFTWARE: with all others, but they are handed over to the port's CPU
 */
enum vms_vmq_mode {
	VMS_VMQ_DEFAULT,
	VMS_VMQ_HARDWARE,
	VMS_VMQ_SOFTWARE,
};

/**
 * enum vms_vmq_reason - why a port has a queue of its own, or has none
 * @VMS_VMQ_R_PENDING: it is being looked for
 * @VMS_VMQ_R_GRANTED: a queue was free
 * @VMS_VMQ_R_MOVED: the queue that it had went to other use; it got another
 * @VMS_VMQ_R_RESTORED: its filter was lost and was set again
 * @VMS_VMQ_R_WEIGHT_ZERO: its weight is 0
 * @VMS_VMQ_R_NO_MAC: it has no MAC addresses of its own
 * @VMS_VMQ_R_UNPLUGGED: nothing is plugged into it
 * @VMS_VMQ_R_NO_UPLINK: the switch has no uplink, or none is plugged
 * @VMS_VMQ_R_UPLINK_DOWN: the uplink is down
 * @VMS_VMQ_R_UNSUPPORTED: the uplink's driver has no filters
 * @VMS_VMQ_R_NTUPLE_OFF: filters are turned off (ethtool -K NIC ntuple on)
 * @VMS_VMQ_R_RSS: RSS may use all queues (ethtool -X NIC equal N)
 * @VMS_VMQ_R_NO_QUEUE: all queues are taken
 * @VMS_VMQ_R_OUTWEIGHED: its queue went to a port of more weight
 * @VMS_VMQ_R_NO_FILTER: the NIC has no room for its filters
 * @VMS_VMQ_R_REFUSED: the driver refused the filter with &VMS_A_VMQ_ERROR
 * @VMS_VMQ_R_NOT_DELIVERED: the driver took the filter, but the frames arrived
 *	elsewhere
 * @VMS_VMQ_R_MAC_SHARED: another port has its MAC address, and the VLAN, as
 *	seen on the wire, can not tell the two
 * @VMS_VMQ_R_NO_MEMORY: no memory
 * @VMS_VMQ_R_ADOPTED: the driver has no filters, but somebody has all frames for
 *	the port come by that queue, and hardly any others
 * @VMS_VMQ_R_RULE_EXISTS: the NIC has a rule for its address that is not the
 *	port's: somebody else's, or one that the driver has not deleted yet
 * @VMS_VMQ_R_RULE_QUEUES: the NIC has a rule of somebody else that may lead to
 *	any queue: into an RSS context, or one that can not be read
 */
enum vms_vmq_reason {
	VMS_VMQ_R_PENDING,
	VMS_VMQ_R_GRANTED,
	VMS_VMQ_R_MOVED,
	VMS_VMQ_R_RESTORED,
	VMS_VMQ_R_WEIGHT_ZERO,
	VMS_VMQ_R_NO_MAC,
	VMS_VMQ_R_UNPLUGGED,
	VMS_VMQ_R_NO_UPLINK,
	VMS_VMQ_R_UPLINK_DOWN,
	VMS_VMQ_R_UNSUPPORTED,
	VMS_VMQ_R_NTUPLE_OFF,
	VMS_VMQ_R_RSS,
	VMS_VMQ_R_NO_QUEUE,
	VMS_VMQ_R_OUTWEIGHED,
	VMS_VMQ_R_NO_FILTER,
	VMS_VMQ_R_REFUSED,
	VMS_VMQ_R_NOT_DELIVERED,
	VMS_VMQ_R_MAC_SHARED,
	VMS_VMQ_R_NO_MEMORY,
	VMS_VMQ_R_ADOPTED,
	VMS_VMQ_R_RULE_EXISTS,
	VMS_VMQ_R_RULE_QUEUES,
};

/**
 * enum vms_vmq_move_reason - why the CPU that serves a port's queue was
 *	changed, or was not
 * @VMS_VMQ_MOVE_NONE: there was no reason to
 * @VMS_VMQ_MOVE_PINNED: it was moved to &VMS_A_PORT_VMQ_CPU
 * @VMS_VMQ_MOVE_RANGE: it was moved off a CPU that queues may not be on: one
 *	that is offline, out of the range that is set, isolated, or not the
 *	first of its core
 * @VMS_VMQ_MOVE_SPREAD: it was moved off a CPU with more to do than others
 * @VMS_VMQ_MOVE_COALESCE: it was moved to others, because there is little to do
 * @VMS_VMQ_MOVE_STUCK: it was moved, but frames go on to come by the old CPU;
 *	tried again after a while that doubles
 * @VMS_VMQ_MOVE_UNDONE: somebody has undone the move; tried again after a while
 *	that doubles
 * @VMS_VMQ_MOVE_YIELDED: somebody has undone three moves: it stays with his,
 *	until link or features of the uplink, or one of the settings, change
 * @VMS_VMQ_MOVE_REFUSED: the kernel or the driver refused the move; tried again
 *	after a while that doubles
 * @VMS_VMQ_MOVE_UNABLE: it can not be moved: its interrupt is not known, or is
 *	managed by the kernel, or (EBUSY) it or the thread of NAPI serves the queue
 *	of another port, too, which moves it
 */
enum vms_vmq_move_reason {
	VMS_VMQ_MOVE_NONE,
	VMS_VMQ_MOVE_PINNED,
	VMS_VMQ_MOVE_RANGE,
	VMS_VMQ_MOVE_SPREAD,
	VMS_VMQ_MOVE_COALESCE,
	VMS_VMQ_MOVE_STUCK,
	VMS_VMQ_MOVE_UNDONE,
	VMS_VMQ_MOVE_YIELDED,
	VMS_VMQ_MOVE_REFUSED,
	VMS_VMQ_MOVE_UNABLE,

	/* private: */
	__VMS_VMQ_MOVE_MAX,
	VMS_VMQ_MOVE_MAX = (__VMS_VMQ_MOVE_MAX - 1)
};

/**
 * struct vms_vlan_range - element of &VMS_A_PORT_VLANS, host byte order
 * @first: lowest VID, 1..4094
 * @last: highest VID, @first..4094
 */
struct vms_vlan_range {
	__u16 first;
	__u16 last;
};

/**
 * enum vms_switch_attrs - attributes of the VMS_CMD_SWITCH_* messages
 * @VMS_A_SWITCH_UNSPEC: never used
 * @VMS_A_SWITCH_PAD: alignment only
 * @VMS_A_SWITCH_NAME: string, name of the switch's netdev
 * @VMS_A_SWITCH_CHECK: flag, validate the request and change nothing
 * @VMS_A_SWITCH_TYPE: u8, &enum vms_switch_type, default external
 * @VMS_A_SWITCH_AGEING: u32, seconds, 10..1,000,000, default 300
 * @VMS_A_SWITCH_FDB_MAX: u32, FDB entries, 64..1,048,576, default 16,384
 * @VMS_A_SWITCH_IFINDEX: u32, read only
 * @VMS_A_SWITCH_UP: u8, read only: 1 if the netdev is up and so forwards
 * @VMS_A_SWITCH_PORTS: u32, read only, number of ports
 * @VMS_A_SWITCH_FDB_COUNT: u32, read only, FDB entries in use
 * @VMS_A_SWITCH_UPLINK: string, read only, name of the uplink port, if any
 */
enum vms_switch_attrs {
	VMS_A_SWITCH_UNSPEC,
	VMS_A_SWITCH_PAD,
	VMS_A_SWITCH_NAME,
	VMS_A_SWITCH_CHECK,
	VMS_A_SWITCH_TYPE,
	VMS_A_SWITCH_AGEING,
	VMS_A_SWITCH_FDB_MAX,
	VMS_A_SWITCH_IFINDEX,
	VMS_A_SWITCH_UP,
	VMS_A_SWITCH_PORTS,
	VMS_A_SWITCH_FDB_COUNT,
	VMS_A_SWITCH_UPLINK,

	/* private: */
	__VMS_A_SWITCH_MAX,
	VMS_A_SWITCH_MAX = (__VMS_A_SWITCH_MAX - 1)
};

/**
 * enum vms_port_attrs - attributes of the VMS_CMD_PORT_* messages
 * @VMS_A_PORT_UNSPEC: never used
 * @VMS_A_PORT_PAD: alignment only
 * @VMS_A_PORT_SWITCH: string, name of the switch
 * @VMS_A_PORT_NAME: string, name of the port, 1..31 bytes, unique in its switch
 * @VMS_A_PORT_CHECK: flag, validate the request and change nothing
 * @VMS_A_PORT_KIND: u8, &enum vms_nic_kind, only when created; default netdev
 * @VMS_A_PORT_DEV: string, name of the device that the port is bound to; it
 *	is plugged as soon as it exists.  Empty: unplug and unbind.  For a port
 *	of kind internal the name of its vNIC, by default the port's name;
 *	setting it makes the vNIC again if it is gone
 * @VMS_A_PORT_NETNS_FD: u32, file descriptor of the network namespace in which
 *	the vNIC is made; needs CAP_NET_ADMIN there too
 * @VMS_A_PORT_MACS: binary, 0..64 MAC addresses of 6 bytes that live at the
 *	port.  None: the port learns.  An internal port always has at least one.
 *	Absent from replies if there are none
 * @VMS_A_PORT_VLAN_MODE: u8, &enum vms_vlan_mode
 * @VMS_A_PORT_PVID: u16, VID of an access port, or native VLAN (0: none)
 * @VMS_A_PORT_VLANS: binary, array of &struct vms_vlan_range, trunk only
 * @VMS_A_PORT_ADMIN: u8, 0 down or 1 up, default up
 * @VMS_A_PORT_LEARNING: u8, &enum vms_tristate, default auto: a port without
 *	MACs learns; the uplink learns while another port takes unknown unicast
 * @VMS_A_PORT_MAC_LIMIT: u32, dynamic FDB entries of the port, 0: only the
 *	FDB's own bound; default 1,024, uplink 16,384.  A full uplink forgets
 *	the entry that was unseen for longest, another port learns no more
 * @VMS_A_PORT_MAC_GUARD: u8, default 1: a port with MACs sends from them only
 * @VMS_A_PORT_MAC_CHANGE: u8, default 0: whether who holds the vNIC may
 *	change its address
 * @VMS_A_PORT_UNKNOWN_FLOOD: u8, &enum vms_tristate, default auto: the uplink
 *	and ports without MACs take unknown unicast
 * @VMS_A_PORT_MCAST_FLOOD: u8, default 1: the port takes multicast
 * @VMS_A_PORT_BCAST_FLOOD: u8, default 1: the port takes broadcast
 * @VMS_A_PORT_PRIORITY: u8, 0..7, PCP of frames that come untagged, default 0
 * @VMS_A_PORT_QDISC: u8, &enum vms_qdisc
 * @VMS_A_PORT_AUTOUP: u8, default 1: a netdev is set up when it is plugged
 * @VMS_A_PORT_DOWN_MODE: u8, &enum vms_down_mode
 * @VMS_A_PORT_LINK_FOLLOW: u8, default 0: the vNIC's carrier also follows the
 *	uplink's
 * @VMS_A_PORT_MTU: u32, of the vNIC when created, 68..65535, default 1500;
 *	in replies the plugged device's
 * @VMS_A_PORT_ID: u32, read only, 1..16384, of this port while it lives
 * @VMS_A_PORT_IFINDEX: u32, read only, of the plugged device
 * @VMS_A_PORT_STATE: u32, read only, bits of &enum vms_port_state
 * @VMS_A_PORT_FDB_COUNT: u32, read only, dynamic entries of the port
 * @VMS_A_PORT_NETNSID: s32, read only, of the vNIC's namespace, if another
 * @VMS_A_PORT_UPLINK_FILTER: u8, default 0, only of an uplink: its device is
 *	not promiscuous but told the addresses that live at the other ports,
 *	if and while that will do
 * @VMS_A_PORT_FILTER_STATE: u8, read only, &enum vms_filter_state, of an
 *	uplink's plugged device
 * @VMS_A_PORT_VLAN_REFUSED: u32, read only, VIDs that the VLAN filter of an
 *	uplink's plugged device has refused
 * @VMS_A_PORT_MAC_REFUSED: u32, read only, addresses that could not be added
 *	to the filter of an uplink's plugged device
 * @VMS_A_PORT_VMQ: u8, default 0: whether the port wants a receive queue of the
 *	uplink for itself; it needs MACs of its own for that
 * @VMS_A_PORT_VMQ_WEIGHT: u8, 0..100, default 100: who has more goes first
 *	when queues are short; 0: never
 * @VMS_A_PORT_VMQ_CPU: u32, default &VMS_VMQ_CPU_ANY: the CPU that is to serve
 *	the port's queue; this and the three below take CAP_NET_ADMIN over the host
 * @VMS_A_PORT_VMQ_DYNAMIC: u8, default 0, only of an uplink: whether queues
 *	are moved between CPUs as the load changes
 * @VMS_A_PORT_VMQ_BASE_CPU: u32, default 0, only of an uplink: the first CPU
 *	that queues may be moved to
 * @VMS_A_PORT_VMQ_MAX_CPU: u32, default &VMS_VMQ_CPU_ANY: the last there is,
 *	only of an uplink: the last CPU that queues may be moved to
 * @VMS_A_PORT_VLANS_TAKEN: array of &struct vms_vlan_range, read only, VLANs
 *	that VLAN devices on the plugged device take before the switch; not in
 *	events
 */
enum vms_port_attrs {
	VMS_A_PORT_UNSPEC,
	VMS_A_PORT_PAD,
	VMS_A_PORT_SWITCH,
	VMS_A_PORT_NAME,
	VMS_A_PORT_CHECK,
	VMS_A_PORT_KIND,
	VMS_A_PORT_DEV,
	VMS_A_PORT_NETNS_FD,
	VMS_A_PORT_MACS,
	VMS_A_PORT_VLAN_MODE,
	VMS_A_PORT_PVID,
	VMS_A_PORT_VLANS,
	VMS_A_PORT_ADMIN,
	VMS_A_PORT_LEARNING,
	VMS_A_PORT_MAC_LIMIT,
	VMS_A_PORT_MAC_GUARD,
	VMS_A_PORT_MAC_CHANGE,
	VMS_A_PORT_UNKNOWN_FLOOD,
	VMS_A_PORT_MCAST_FLOOD,
	VMS_A_PORT_BCAST_FLOOD,
	VMS_A_PORT_PRIORITY,
	VMS_A_PORT_QDISC,
	VMS_A_PORT_AUTOUP,
	VMS_A_PORT_DOWN_MODE,
	VMS_A_PORT_LINK_FOLLOW,
	VMS_A_PORT_MTU,
	VMS_A_PORT_ID,
	VMS_A_PORT_IFINDEX,
	VMS_A_PORT_STATE,
	VMS_A_PORT_FDB_COUNT,
	VMS_A_PORT_NETNSID,
	VMS_A_PORT_UPLINK_FILTER,
	VMS_A_PORT_FILTER_STATE,
	VMS_A_PORT_VLAN_REFUSED,
	VMS_A_PORT_MAC_REFUSED,
	VMS_A_PORT_VMQ,
	VMS_A_PORT_VMQ_WEIGHT,
	VMS_A_PORT_VMQ_CPU,
	VMS_A_PORT_VMQ_DYNAMIC,
	VMS_A_PORT_VMQ_BASE_CPU,
	VMS_A_PORT_VMQ_MAX_CPU,
	VMS_A_PORT_VLANS_TAKEN,

	/* private: */
	__VMS_A_PORT_MAX,
	VMS_A_PORT_MAX = (__VMS_A_PORT_MAX - 1)
};

/**
 * enum vms_fdb_attrs - attributes of the VMS_CMD_FDB_* messages
 * @VMS_A_FDB_UNSPEC: never used
 * @VMS_A_FDB_PAD: alignment only
 * @VMS_A_FDB_SWITCH: string, name of the switch
 * @VMS_A_FDB_CHECK: flag, validate the request and change nothing
 * @VMS_A_FDB_MAC: binary, 6 bytes
 * @VMS_A_FDB_VLAN: u16, VID 1..4094; absent in a reply: all of the port's
 * @VMS_A_FDB_PORT: string, name of the port
 * @VMS_A_FDB_TYPE: u8, &enum vms_fdb_type; in a dump request a filter
 * @VMS_A_FDB_AGE: u32, read only, seconds since a dynamic entry was last seen,
 *	to within 1/32 of the ageing time
 * @VMS_A_FDB_OLD_PORT: string, in &VMS_CMD_FDB_MOVE_NTF: where it was
 */
enum vms_fdb_attrs {
	VMS_A_FDB_UNSPEC,
	VMS_A_FDB_PAD,
	VMS_A_FDB_SWITCH,
	VMS_A_FDB_CHECK,
	VMS_A_FDB_MAC,
	VMS_A_FDB_VLAN,
	VMS_A_FDB_PORT,
	VMS_A_FDB_TYPE,
	VMS_A_FDB_AGE,
	VMS_A_FDB_OLD_PORT,

	/* private: */
	__VMS_A_FDB_MAX,
	VMS_A_FDB_MAX = (__VMS_A_FDB_MAX - 1)
};

/**
 * enum vms_stats_attrs - attributes of &VMS_CMD_STATS_GET
 * @VMS_A_STATS_UNSPEC: never used
 * @VMS_A_STATS_PAD: alignment only
 * @VMS_A_STATS_SWITCH: string, name of the switch
 * @VMS_A_STATS_PORT: string, name of the port; absent for a VLAN's counters
 * @VMS_A_STATS_BY_VLAN: flag, in a request: counters of VLANs, not of ports
 * @VMS_A_STATS_VLAN: u16, the VLAN that the counters are of
 * @VMS_A_STATS_RX_PACKETS: u64, frames accepted from the port (or VLAN)
 * @VMS_A_STATS_RX_BYTES: u64, their bytes from the MAC header on, the VLAN tag
 *	not counted, as by a device that strips it
 * @VMS_A_STATS_TX_PACKETS: u64, frames delivered to the port (or VLAN)
 * @VMS_A_STATS_TX_BYTES: u64, their bytes, likewise
 * @VMS_A_STATS_MOVES: u64, MAC addresses that moved here from another port
 * @VMS_A_STATS_LIMITED: u64, addresses that were not learned for a limit
 * @VMS_A_STATS_DROP: nest of &enum vms_drop_attrs, one for each reason with a
 *	count other than 0
 */
enum vms_stats_attrs {
	VMS_A_STATS_UNSPEC,
	VMS_A_STATS_PAD,
	VMS_A_STATS_SWITCH,
	VMS_A_STATS_PORT,
	VMS_A_STATS_BY_VLAN,
	VMS_A_STATS_VLAN,
	VMS_A_STATS_RX_PACKETS,
	VMS_A_STATS_RX_BYTES,
	VMS_A_STATS_TX_PACKETS,
	VMS_A_STATS_TX_BYTES,
	VMS_A_STATS_MOVES,
	VMS_A_STATS_LIMITED,
	VMS_A_STATS_DROP,

	/* private: */
	__VMS_A_STATS_MAX,
	VMS_A_STATS_MAX = (__VMS_A_STATS_MAX - 1)
};

/**
 * enum vms_drop_attrs - attributes of &VMS_A_STATS_DROP
 * @VMS_A_DROP_UNSPEC: never used
 * @VMS_A_DROP_PAD: alignment only
 * @VMS_A_DROP_REASON: u32, &enum vms_drop_reason
 * @VMS_A_DROP_PACKETS: u64, frames dropped for it
 */
enum vms_drop_attrs {
	VMS_A_DROP_UNSPEC,
	VMS_A_DROP_PAD,
	VMS_A_DROP_REASON,
	VMS_A_DROP_PACKETS,

	/* private: */
	__VMS_A_DROP_MAX,
	VMS_A_DROP_MAX = (__VMS_A_DROP_MAX - 1)
};

/**
 * enum vms_explain_attrs - attributes of &VMS_CMD_EXPLAIN
 * @VMS_A_EXPLAIN_UNSPEC: never used
 * @VMS_A_EXPLAIN_SWITCH: string, name of the switch
 * @VMS_A_EXPLAIN_PORT: string, source port
 * @VMS_A_EXPLAIN_SRC: binary, 6 bytes, source address
 * @VMS_A_EXPLAIN_DST: binary, 6 bytes, destination address
 * @VMS_A_EXPLAIN_VLAN: u16, VID 0..4095 of the frame's tag; absent: untagged
 * @VMS_A_EXPLAIN_PCP: u8, 0..7, PCP of the frame's tag
 * @VMS_A_EXPLAIN_SIZE: u32, bytes from the MAC header on without the tag,
 *	14..65549, default 60
 * @VMS_A_EXPLAIN_STEP: nest of &enum vms_step_attrs, in a reply, one for each
 *	step; a reply of more than one message goes on with the next steps
 * @VMS_A_EXPLAIN_COPIES: u32, in the last message of a reply: ports that
 *	would get the frame
 */
enum vms_explain_attrs {
	VMS_A_EXPLAIN_UNSPEC,
	VMS_A_EXPLAIN_SWITCH,
	VMS_A_EXPLAIN_PORT,
	VMS_A_EXPLAIN_SRC,
	VMS_A_EXPLAIN_DST,
	VMS_A_EXPLAIN_VLAN,
	VMS_A_EXPLAIN_PCP,
	VMS_A_EXPLAIN_SIZE,
	VMS_A_EXPLAIN_STEP,
	VMS_A_EXPLAIN_COPIES,

	/* private: */
	__VMS_A_EXPLAIN_MAX,
	VMS_A_EXPLAIN_MAX = (__VMS_A_EXPLAIN_MAX - 1)
};

/**
 * enum vms_step_attrs - attributes of &VMS_A_EXPLAIN_STEP
 * @VMS_A_STEP_UNSPEC: never used
 * @VMS_A_STEP_STAGE: u8, &enum vms_explain_stage
 * @VMS_A_STEP_DROP: u32, &enum vms_drop_reason, 0: the frame goes on
 * @VMS_A_STEP_RESULT: u8, &enum vms_learn_result or &enum vms_lookup_result
 * @VMS_A_STEP_PORT: string, the port that the step is about; a step of
 *	&VMS_STAGE_FORWARD without it tells of a frame that no port takes
 * @VMS_A_STEP_VLAN: u16, VID that the frame has been given
 * @VMS_A_STEP_PCP: u8, PCP that the frame has been given
 * @VMS_A_STEP_TAGGED: u8, 1 if the frame leaves the port tagged
 */
enum vms_step_attrs {
	VMS_A_STEP_UNSPEC,
	VMS_A_STEP_STAGE,
	VMS_A_STEP_DROP,
	VMS_A_STEP_RESULT,
	VMS_A_STEP_PORT,
	VMS_A_STEP_VLAN,
	VMS_A_STEP_PCP,
	VMS_A_STEP_TAGGED,

	/* private: */
	__VMS_A_STEP_MAX,
	VMS_A_STEP_MAX = (__VMS_A_STEP_MAX - 1)
};

/**
 * enum vms_vmq_attrs - attributes of the VMS_CMD_VMQ_* messages
 * @VMS_A_VMQ_UNSPEC: never used
 * @VMS_A_VMQ_PAD: alignment only
 * @VMS_A_VMQ_SWITCH: string, name of the switch
 * @VMS_A_VMQ_PORT: string, name of the port; absent in the message about the
 *	pool of queues
 * @VMS_A_VMQ_UPLINK: string, the uplink's device, if one is plugged
 * @VMS_A_VMQ_QUEUES: u32, receive queues that the uplink has
 * @VMS_A_VMQ_POOL: u32, those of them that ports may be given
 * @VMS_A_VMQ_FREE: u32, those of them that no port has
 * @VMS_A_VMQ_MODE: u8, &enum vms_vmq_mode
 * @VMS_A_VMQ_REASON: u8, &enum vms_vmq_reason, of the last change
 * @VMS_A_VMQ_ERROR: u32, errno of &VMS_VMQ_R_REFUSED
 * @VMS_A_VMQ_QUEUE: u32, the port's queue, if it has one
 * @VMS_A_VMQ_WEIGHT: u8, 0..100
 * @VMS_A_VMQ_VERIFIED: u8, 1 if frames for the port were seen on its queue
 * @VMS_A_VMQ_CPU: u32, the CPU that served the queue, or ran the port's frames,
 *	when it was last looked at, if a frame has come
 * @VMS_A_VMQ_MOVES: u64, how often the port's queue changed, or the CPU that
 *	its frames are handed over to
 * @VMS_A_VMQ_ELSEWHERE: u64, frames for the port that arrived on another queue
 *	than its own since the port wants one
 * @VMS_A_VMQ_FILTER: nest of &enum vms_vmq_filter_attrs, one for each filter
 * @VMS_A_VMQ_SERVED: nest of &enum vms_vmq_served_attrs, one for each CPU that
 *	received frames from the port's queue since the port has it, or has run
 *	frames for the port since it has a CPU
 * @VMS_A_VMQ_TX_QUEUE: u32, transmit queue of the uplink that a frame of the
 *	port was last seen on, of those that are looked at, if one was
 * @VMS_A_VMQ_HANDED: u64, frames that were handed over; this and below only of
 *	&VMS_VMQ_SOFTWARE
 * @VMS_A_VMQ_DROPPED: u64, frames that were not for &VMS_DROP_CPU_BUSY, or for
 *	want of memory
 * @VMS_A_VMQ_FORCED: u64, moves to another CPU for which frames were dropped
 *	until the old one had run those that it had
 * @VMS_A_VMQ_MOVER: string, by what the queue is moved to another CPU: irq,
 *	napi-thread or software; absent if it can not be
 * @VMS_A_VMQ_MOVE: u8, &enum vms_vmq_move_reason, what was done last about the
 *	CPU; this and those below only while the uplink is dynamic, or the
 *	port names a CPU
 * @VMS_A_VMQ_MOVE_ERROR: u32, errno of &VMS_VMQ_MOVE_REFUSED or
 *	&VMS_VMQ_MOVE_UNABLE
 * @VMS_A_VMQ_ASKED: u32, the CPU that the queue was moved to, as long as that
 *	holds; of &VMS_VMQ_SOFTWARE, always, the CPU that frames are handed over to
 * @VMS_A_VMQ_LOAD: u32, what the queue costs, in 1/10,000 of a CPU's time,
 *	moving average
 * @VMS_A_VMQ_MOVED: nest of &enum vms_vmq_moved_attrs, one for each
 *	&VMS_A_VMQ_MOVE that has been there
 */
enum vms_vmq_attrs {
	VMS_A_VMQ_UNSPEC,
	VMS_A_VMQ_PAD,
	VMS_A_VMQ_SWITCH,
	VMS_A_VMQ_PORT,
	VMS_A_VMQ_UPLINK,
	VMS_A_VMQ_QUEUES,
	VMS_A_VMQ_POOL,
	VMS_A_VMQ_FREE,
	VMS_A_VMQ_MODE,
	VMS_A_VMQ_REASON,
	VMS_A_VMQ_ERROR,
	VMS_A_VMQ_QUEUE,
	VMS_A_VMQ_WEIGHT,
	VMS_A_VMQ_VERIFIED,
	VMS_A_VMQ_CPU,
	VMS_A_VMQ_MOVES,
	VMS_A_VMQ_ELSEWHERE,
	VMS_A_VMQ_FILTER,
	VMS_A_VMQ_SERVED,
	VMS_A_VMQ_TX_QUEUE,
	VMS_A_VMQ_HANDED,
	VMS_A_VMQ_DROPPED,
	VMS_A_VMQ_FORCED,
	VMS_A_VMQ_MOVER,
	VMS_A_VMQ_MOVE,
	VMS_A_VMQ_MOVE_ERROR,
	VMS_A_VMQ_ASKED,
	VMS_A_VMQ_LOAD,
	VMS_A_VMQ_MOVED,

	/* private: */
	__VMS_A_VMQ_MAX,
	VMS_A_VMQ_MAX = (__VMS_A_VMQ_MAX - 1)
};

/**
 * enum vms_vmq_filter_attrs - attributes of &VMS_A_VMQ_FILTER
 * @VMS_A_VMQ_FILTER_UNSPEC: never used
 * @VMS_A_VMQ_FILTER_MAC: binary, 6 bytes, destination address
 * @VMS_A_VMQ_FILTER_VLAN: u16, VID of the tag; absent: any tag or none
 * @VMS_A_VMQ_FILTER_LOCATION: u32, where "ethtool -n" shows the rule
 */
enum vms_vmq_filter_attrs {
	VMS_A_VMQ_FILTER_UNSPEC,
	VMS_A_VMQ_FILTER_MAC,
	VMS_A_VMQ_FILTER_VLAN,
	VMS_A_VMQ_FILTER_LOCATION,

	/* private: */
	__VMS_A_VMQ_FILTER_MAX,
	VMS_A_VMQ_FILTER_MAX = (__VMS_A_VMQ_FILTER_MAX - 1)
};

/**
 * enum vms_vmq_served_attrs - attributes of &VMS_A_VMQ_SERVED
 * @VMS_A_VMQ_SERVED_UNSPEC: never used
 * @VMS_A_VMQ_SERVED_PAD: alignment only
 * @VMS_A_VMQ_SERVED_CPU: u32, the CPU
 * @VMS_A_VMQ_SERVED_PACKETS: u64, frames
 */
enum vms_vmq_served_attrs {
	VMS_A_VMQ_SERVED_UNSPEC,
	VMS_A_VMQ_SERVED_PAD,
	VMS_A_VMQ_SERVED_CPU,
	VMS_A_VMQ_SERVED_PACKETS,

	/* private: */
	__VMS_A_VMQ_SERVED_MAX,
	VMS_A_VMQ_SERVED_MAX = (__VMS_A_VMQ_SERVED_MAX - 1)
};

/**
 * enum vms_vmq_moved_attrs - attributes of &VMS_A_VMQ_MOVED
 * @VMS_A_VMQ_MOVED_UNSPEC: never used
 * @VMS_A_VMQ_MOVED_PAD: alignment only
 * @VMS_A_VMQ_MOVED_REASON: u8, &enum vms_vmq_move_reason
 * @VMS_A_VMQ_MOVED_COUNT: u64, how often
 */
enum vms_vmq_moved_attrs {
	VMS_A_VMQ_MOVED_UNSPEC,
	VMS_A_VMQ_MOVED_PAD,
	VMS_A_VMQ_MOVED_REASON,
	VMS_A_VMQ_MOVED_COUNT,

	/* private: */
	__VMS_A_VMQ_MOVED_MAX,
	VMS_A_VMQ_MOVED_MAX = (__VMS_A_VMQ_MOVED_MAX - 1)
};

/**
 * enum vms_txn_attrs - attributes of the VMS_CMD_TXN_* messages
 * @VMS_A_TXN_UNSPEC: never used
 * @VMS_A_TXN_CHECK: flag, with COMMIT: validate all and change nothing
 * @VMS_A_TXN_FAILED: u32, in a reply: which staged message, from 0, was refused
 * @VMS_A_TXN_BAD_ATTR: u32, in a reply: offset of the guilty attribute in
 *	it, counted from the beginning of its struct nlmsghdr
 * @VMS_A_TXN_COUNT: u32, with COMMIT: how many messages the sender has sent
 *	for it.  If another number is staged the commit is refused: one that the
 *	netlink core has refused, as malformed, does not spoil the transaction
 */
enum vms_txn_attrs {
	VMS_A_TXN_UNSPEC,
	VMS_A_TXN_CHECK,
	VMS_A_TXN_FAILED,
	VMS_A_TXN_BAD_ATTR,
	VMS_A_TXN_COUNT,

	/* private: */
	__VMS_A_TXN_MAX,
	VMS_A_TXN_MAX = (__VMS_A_TXN_MAX - 1)
};

#endif /* _UAPI_LINUX_VMSWITCH_H */
