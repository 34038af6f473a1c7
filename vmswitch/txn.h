/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests, and transactions that apply any number of them all or nothing.
 */
#ifndef _VMSWITCH_TXN_H
#define _VMSWITCH_TXN_H

#include "vmswitch.h"

/**
 * struct vms_switch_req - arguments of VMS_CMD_SWITCH_NEW, _SET, _DEL
 * @type: &enum vms_switch_type, if VMS_A_SWITCH_TYPE is set
 * @ageing: seconds, if VMS_A_SWITCH_AGEING is set
 * @fdb_max: entries, if VMS_A_SWITCH_FDB_MAX is set
 */
struct vms_switch_req {
	u8 type;
	u32 ageing;
	u32 fdb_max;
};

/**
 * struct vms_port_req - arguments of VMS_CMD_PORT_NEW, _SET, _DEL
 * @name: of the port
 * @kind: see VMS_A_PORT_KIND; likewise all that follow, each valid only if
 *	the bit of its attribute is in &vms_req.set
 * @dev: device name, "" to unbind
 * @net: namespace of VMS_A_PORT_NETNS_FD; the requester holds the reference
 * @macs: addresses, 6 bytes each; stays valid while the request does
 * @n_macs: number of addresses
 * @vlans: ranges, checked: 1 <= first <= last <= 4094; stays valid likewise
 * @n_vlans: number of ranges
 * @vlan_mode: &enum vms_vlan_mode
 * @pvid: 0..4094
 * @mac_limit: 0: none
 * @admin: 0 or 1
 * @learning: &enum vms_tristate
 * @mac_guard: 0 or 1
 * @mac_change: 0 or 1
 * @unknown_flood: &enum vms_tristate
 * @mcast_flood: 0 or 1
 * @bcast_flood: 0 or 1
 * @priority: 0..7
 * @qdisc: &enum vms_qdisc
 * @autoup: 0 or 1
 * @down_mode: &enum vms_down_mode
 * @link_follow: 0 or 1
 * @uplink_filter: 0 or 1
 * @vmq: 0 or 1
 * @vmq_weight: 0..100
 * @vmq_cpu: a CPU, or VMS_VMQ_CPU_ANY
 * @vmq_dynamic: 0 or 1
 * @vmq_base_cpu: a CPU
 * @vmq_max_cpu: a CPU, or VMS_VMQ_CPU_ANY
 * @mtu: 68..65535
 * @slave: the device that "ip link set DEV master SWITCH" names: the port is
 *	new, marked auto and plugged with this very device
 * @vnic: the vNIC that "ip link add ... type vmsnic" has just registered: it
 *	is plugged into the new port as it is
 * @random_mac: address of a new internal port that was given none: a random
 *	one, that of @vnic if there is one; made by vms_txn_run()
 * @if_auto: VMS_CMD_PORT_DEL only if the port is still marked auto, else
 *	just unplug it
 */
struct vms_port_req {
	char name[VMS_PORT_NAME_MAX + 1];
	u8 kind;
	char dev[IFNAMSIZ];
	struct net *net;
	const u8 *macs;
	u32 n_macs;
	const struct vms_vlan_range *vlans;
	u32 n_vlans;
	u8 vlan_mode;
	u16 pvid;
	u32 mac_limit;
	u8 admin;
	u8 learning;
	u8 mac_guard;
	u8 mac_change;
	u8 unknown_flood;
	u8 mcast_flood;
	u8 bcast_flood;
	u8 priority;
	u8 qdisc;
	u8 autoup;
	u8 down_mode;
	u8 link_follow;
	u8 uplink_filter;
	u8 vmq;
	u8 vmq_weight;
	u32 vmq_cpu;
	u8 vmq_dynamic;
	u32 vmq_base_cpu;
	u32 vmq_max_cpu;
	u32 mtu;

	struct net_device *slave;
	struct vms_nic *vnic;
	u8 random_mac[ETH_ALEN];
	bool if_auto;
};

/**
 * struct vms_fdb_req - arguments of VMS_CMD_FDB_NEW, _DEL, _FLUSH
 * @mac: address, or 0
 * @vid: VLAN, or 0
 * @port: name of the port, or ""
 */
struct vms_fdb_req {
	u64 mac;
	u16 vid;
	char port[VMS_PORT_NAME_MAX + 1];
};

/**
 * struct vms_bind - the device that a request binds a port to
 * @dev: its name
 * @kind: &enum vms_nic_kind of the port
 * @mac: of a vNIC: the address that its port will have
 * @last: no later request binds the port to another device, or deletes it
 * @given_up: the device is in a port that gives it up in the same transaction
 * @handed: likewise, and the port is one of the same switch and kind: the NIC
 *	is handed over as it is
 */
struct vms_bind {
	char dev[IFNAMSIZ];
	u8 kind;
	u64 mac;
	bool last;
	bool given_up;
	bool handed;
};

/**
 * struct vms_req - one request
 * @node: in &vms_txn.reqs
 * @cmd: &enum vms_cmd
 * @set: bits BIT_ULL(VMS_A_...) of the attributes that the request names
 * @attrs: the request's attributes by type, for marking the guilty one in an
 *	error; NULL for a request that did not come by this family
 * @sw_name: name of the switch, by VMS_A_..._SWITCH or _NAME
 * @sw: arguments for a switch
 * @port: arguments for a port
 * @fdb: arguments for the FDB
 * @bind: what is found out of the device that it wants, when it is prepared
 * @nic: the NIC that the transaction has attached for this request
 * @made: the switch that the transaction has registered for this request
 */
struct vms_req {
	struct list_head node;
	u8 cmd;
	u64 set;
	struct nlattr **attrs;
	char sw_name[IFNAMSIZ];
	union {
		struct vms_switch_req sw;
		struct vms_port_req port;
		struct vms_fdb_req fdb;
	};
	struct vms_bind bind;
	struct vms_nic *nic;
	struct vms_switch *made;
};

/**
 * struct vms_txn - a transaction
 * @vn: the namespace
 * @extack: where a refusal is explained; may be NULL
 * @check: validate and change nothing
 * @rtnl_held: the caller holds RTNL
 * @reqs: the requests by &vms_req.node, in order; the caller's
 * @n_done: index of the request that was refused, if vms_txn_run() fails
 * @ports: &vms_port_staged of the ports that it changes
 * @switches: &vms_switch_staged of the switches that it makes or changes
 * @fdbs: &vms_fdb_staged, static entries that it makes or removes
 * @dead: &vms_port by node, to free after the last reader
 * @nics: &vms_nic by node, to detach after the fact
 * @rehearsal: what is being prepared is going to be undone
 * @n_walks: requests so far that walk the whole FDB
 * @need_rtnl: a request may touch a device
 * @need_sync: readers must be waited for before memory goes
 */
struct vms_txn {
	struct vms_net *vn;
	struct netlink_ext_ack *extack;
	bool check;
	bool rtnl_held;
	struct list_head reqs;
	u32 n_done;

	/* private to txn.c */
	struct list_head ports;
	struct list_head switches;
	struct list_head fdbs;
	struct list_head dead;
	struct list_head nics;
	u32 n_walks;
	bool rehearsal;
	bool need_rtnl;
	bool need_sync;
};

void vms_txn_init(struct vms_txn *txn, struct vms_net *vn,
		  struct netlink_ext_ack *extack);
int vms_txn_run(struct vms_txn *txn);

/* One request as a transaction of its own. */
int vms_req_run(struct vms_net *vn, struct vms_req *req, bool check,
		bool rtnl_held, struct netlink_ext_ack *extack);

/* Refuse @req for attribute @attr (0: none in particular) with a fixed text. */
#define vms_refuse(extack, req, attr, msg)				\
do {									\
	struct netlink_ext_ack *_vms_extack = (extack);			\
	const struct vms_req *_vms_req = (req);				\
	u32 _vms_attr = (attr);						\
									\
	NL_SET_ERR_MSG(_vms_extack, msg);				\
	if (_vms_attr && _vms_req->attrs)				\
		NL_SET_BAD_ATTR(_vms_extack,				\
				_vms_req->attrs[_vms_attr]);		\
} while (0)

#endif /* _VMSWITCH_TXN_H */
