/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a running transaction does to switches, ports and the FDB.
 */
#ifndef _VMSWITCH_TXN_STAGE_H
#define _VMSWITCH_TXN_STAGE_H

#include "txn.h"

/**
 * struct vms_port_staged - what a transaction does to one port
 * @node: in &vms_txn.ports
 * @port: the port
 * @policy: its policy to be, or NULL: as it is
 * @req: the last request about addresses or VLANs, else the first one
 * @bind_req: the last request that binds the port to a device, or NULL
 * @reserved: VLANs and FDB slots of @policy are reserved
 * @is_new: the transaction makes the port
 * @is_del: the transaction deletes the port
 * @unplug: the NIC that the port has goes
 * @nic: the NIC that is plugged, or NULL
 * @old_dev: &vms_port.dev_name before the transaction
 * @clear_auto: a setter makes the port the admin's own
 */
struct vms_port_staged {
	struct list_head node;
	struct vms_port *port;
	struct vms_policy *policy;
	const struct vms_req *req;
	struct vms_req *bind_req;
	bool reserved;
	bool is_new;
	bool is_del;
	bool unplug;
	struct vms_nic *nic;
	char old_dev[IFNAMSIZ];
	bool clear_auto;
};

/* The policy that the port with this id will have; NULL if it goes.
 * &vms_net.lock held.
 */
const struct vms_policy *vms_port_planned(struct vms_switch *sw, u32 id);

/**
 * struct vms_fdb_staged - what a transaction does to the FDB
 * @node: in &vms_txn.fdbs
 * @by_key: in &vms_fdb.staged
 * @key: the entry, vms_fdb_key(); 0: dynamic entries are flushed
 * @sw: the switch
 * @filter: the entry, or what is flushed
 * @port: the port where the entry will be static; NULL: it goes
 * @reserver: the port that the entry was reserved with, or NULL: it was not
 */
struct vms_fdb_staged {
	struct list_head node;
	struct rb_node by_key;
	u64 key;
	struct vms_switch *sw;
	struct vms_fdb_filter filter;
	struct vms_port *port;
	struct vms_port *reserver;
};

static inline bool vms_req_is_port(const struct vms_req *req)
{
	return req->cmd == VMS_CMD_PORT_NEW || req->cmd == VMS_CMD_PORT_SET ||
	       req->cmd == VMS_CMD_PORT_DEL;
}

static inline bool vms_req_is_switch(const struct vms_req *req)
{
	return req->cmd == VMS_CMD_SWITCH_NEW ||
	       req->cmd == VMS_CMD_SWITCH_SET || req->cmd == VMS_CMD_SWITCH_DEL;
}

/* txn_switch.c; &vms_net.lock held for all but vms_txn_make_switch(). */
u8 vms_txn_type(const struct vms_txn *txn, const struct vms_switch *sw);
struct vms_switch *vms_txn_switch(struct vms_txn *txn,
				  const struct vms_req *req);
int vms_txn_switch_new(struct vms_txn *txn, struct vms_req *req);
int vms_txn_switch_set(struct vms_txn *txn, struct vms_req *req);
int vms_txn_switch_del(struct vms_txn *txn, struct vms_req *req);
int vms_txn_make_switch(struct vms_txn *txn, struct vms_req *req);
int vms_txn_switches_reserve(struct vms_txn *txn);
void vms_txn_switches_abort(struct vms_txn *txn);
void vms_txn_switches_commit(struct vms_txn *txn);

/* txn.c */
int vms_txn_count_walk(struct vms_txn *txn, const struct vms_req *req,
		       u32 attr);
void vms_txn_blame(struct vms_txn *txn, const struct vms_req *guilty,
		   u32 attr);

/* txn_fdb.c; &vms_net.lock held for all. */
const struct vms_fdb_staged *vms_fdb_staged_find(struct vms_switch *sw,
						 u64 mac, u16 vid);
int vms_txn_fdb(struct vms_txn *txn, struct vms_req *req);
void vms_txn_fdbs_abort(struct vms_txn *txn);
void vms_txn_fdbs_commit(struct vms_txn *txn);

/* policy.c */
struct vms_policy *vms_policy_edit(const struct vms_policy *old, u8 kind,
				   const struct vms_req *req,
				   struct netlink_ext_ack *extack);
bool vms_policies_overlap(const struct vms_policy *a,
			  const struct vms_policy *b);

/* txn_port.c; &vms_net.lock held for all. */
int vms_txn_port_new(struct vms_txn *txn, struct vms_switch *sw,
		     struct vms_req *req);
int vms_txn_port_set(struct vms_txn *txn, struct vms_switch *sw,
		     struct vms_req *req);
int vms_txn_port_del(struct vms_txn *txn, struct vms_switch *sw,
		     struct vms_req *req);
int vms_txn_ports_reserve(struct vms_txn *txn);
int vms_txn_ports_check(struct vms_txn *txn);
void vms_txn_ports_abort(struct vms_txn *txn);
void vms_txn_ports_commit(struct vms_txn *txn);

#endif /* _VMSWITCH_TXN_STAGE_H */
