// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions: any number of requests, all or nothing.
 *
 * A run has four steps.  (1) With the mutex held, every request is prepared:
 * validated against the state that those before it have led to, with all
 * memory taken; nothing of it is visible to the data path.  If devices are
 * concerned this is a rehearsal that is undone at once, so that a request with
 * a mistake never touches a device.  (2) Without the mutex, as device
 * functions demand, devices are attached; their frames still go by the switch.
 * (3) With the mutex held, requests are prepared for good and committed, which
 * can not fail.  (4) Without the mutex, devices that were unplugged are
 * detached and, after one grace period for all, memory is freed.
 */
#include <linux/etherdevice.h>

#include "event.h"
#include "txn_port.h"
#include "dataplane/vlan.h"

/* Flushes of a large FDB in one transaction, which may hold RTNL meanwhile. */
#define VMS_TXN_WALKS	64

/**
 * struct vms_switch_staged - what a transaction does to one switch
 * @node: in &vms_txn.switches
 * @sw: the switch
 * @is_new: made for the rehearsal, not registered
 * @is_del: the transaction deletes it
 * @is_set: its settings change
 * @type: &enum vms_switch_type to be
 * @ageing: seconds to be
 * @old_fdb_max: bound of FDB entries before
 */
struct vms_switch_staged {
	struct list_head node;
	struct vms_switch *sw;
	bool is_new;
	bool is_del;
	bool is_set;
	u8 type;
	u32 ageing;
	u32 old_fdb_max;
};

/**
 * struct vms_fdb_staged - a change of the FDB
 * @node: in &vms_txn.fdbs
 * @cmd: VMS_CMD_FDB_*
 * @sw: the switch
 * @port: the port of a new entry
 * @filter: what is new, or what goes
 */
struct vms_fdb_staged {
	struct list_head node;
	u8 cmd;
	struct vms_switch *sw;
	struct vms_port *port;
	struct vms_fdb_filter filter;
};

/**
 * vms_txn_init() - begin a transaction without requests
 * @txn: the transaction
 * @vn: its namespace
 * @extack: where a refusal is explained; may be NULL
 */
void vms_txn_init(struct vms_txn *txn, struct vms_net *vn,
		  struct netlink_ext_ack *extack)
{
	memset(txn, 0, sizeof(*txn));
	txn->vn = vn;
	txn->extack = extack;
	INIT_LIST_HEAD(&txn->reqs);
	INIT_LIST_HEAD(&txn->ports);
	INIT_LIST_HEAD(&txn->switches);
	INIT_LIST_HEAD(&txn->fdbs);
	INIT_LIST_HEAD(&txn->dead);
	INIT_LIST_HEAD(&txn->nics);
}

/* Attributes whose change concerns devices: VLAN filters, addresses, links. */
#define VMS_DEVICE_ATTRS						\
	(BIT_ULL(VMS_A_PORT_DEV) | BIT_ULL(VMS_A_PORT_MACS) |		\
	 BIT_ULL(VMS_A_PORT_VLAN_MODE) | BIT_ULL(VMS_A_PORT_PVID) |	\
	 BIT_ULL(VMS_A_PORT_VLANS) | BIT_ULL(VMS_A_PORT_ADMIN) |	\
	 BIT_ULL(VMS_A_PORT_DOWN_MODE) | BIT_ULL(VMS_A_PORT_AUTOUP) |	\
	 BIT_ULL(VMS_A_PORT_LINK_FOLLOW))

static bool vms_req_is_port(const struct vms_req *req)
{
	return req->cmd == VMS_CMD_PORT_NEW || req->cmd == VMS_CMD_PORT_SET ||
	       req->cmd == VMS_CMD_PORT_DEL;
}

static bool vms_req_needs_rtnl(const struct vms_req *req)
{
	switch (req->cmd) {
	case VMS_CMD_SWITCH_NEW:
	case VMS_CMD_SWITCH_DEL:
	case VMS_CMD_PORT_DEL:
		return true;
	case VMS_CMD_PORT_NEW:
		if (req->port.kind == VMS_NIC_INTERNAL || req->port.slave)
			return true;
		fallthrough;
	case VMS_CMD_PORT_SET:
		return req->set & VMS_DEVICE_ATTRS;
	default:
		return false;
	}
}

/* The switch that a request names, as those before it leave it. */
static struct vms_switch *vms_txn_switch(struct vms_txn *txn,
					 const struct vms_req *req)
{
	struct vms_switch_staged *staged;
	struct vms_switch *sw;

	list_for_each_entry(staged, &txn->switches, node) {
		if (strcmp(vms_switch_name(staged->sw), req->sw_name))
			continue;
		if (staged->is_del)
			break;
		return staged->sw;
	}
	if (!list_entry_is_head(staged, &txn->switches, node))
		sw = NULL;
	else
		sw = vms_switch_find(txn->vn, req->sw_name);
	if (!sw)
		vms_refuse(txn->extack, req, vms_req_is_port(req) ?
			   VMS_A_PORT_SWITCH : VMS_A_SWITCH_NAME,
			   "there is no switch of this name");
	return sw;
}

static struct vms_switch_staged *vms_txn_stage_switch(struct vms_txn *txn,
						      struct vms_switch *sw)
{
	struct vms_switch_staged *staged;

	list_for_each_entry(staged, &txn->switches, node)
		if (staged->sw == sw)
			return staged;
	staged = kzalloc(sizeof(*staged), GFP_KERNEL_ACCOUNT);
	if (!staged)
		return NULL;
	staged->sw = sw;
	staged->type = sw->type;
	staged->ageing = sw->ageing;
	staged->old_fdb_max = sw->fdb.max;
	list_add_tail(&staged->node, &txn->switches);
	return staged;
}

/**
 * vms_txn_type() - the type that a switch will have
 * @txn: the transaction; &vms_net.lock is held
 * @sw: the switch
 *
 * Return: &enum vms_switch_type.
 */
u8 vms_txn_type(const struct vms_txn *txn, const struct vms_switch *sw)
{
	const struct vms_switch_staged *staged;

	list_for_each_entry(staged, &txn->switches, node)
		if (staged->sw == sw)
			return staged->type;
	return sw->type;
}

static void vms_switch_configure(struct vms_switch *sw,
				 const struct vms_req *req)
{
	if (req->set & BIT_ULL(VMS_A_SWITCH_TYPE))
		sw->type = req->sw.type;
	if (req->set & BIT_ULL(VMS_A_SWITCH_AGEING))
		sw->ageing = req->sw.ageing;
	if (req->set & BIT_ULL(VMS_A_SWITCH_FDB_MAX))
		sw->fdb.max = req->sw.fdb_max;
}

/* In a rehearsal a new switch is made but not registered. */
static int vms_txn_switch_new(struct vms_txn *txn, struct vms_req *req)
{
	struct vms_switch_staged *staged;
	struct vms_switch *sw;
	int err = -ENOMEM;

	if (req->made)
		return 0;
	if (!dev_valid_name(req->sw_name)) {
		vms_refuse(txn->extack, req, VMS_A_SWITCH_NAME,
			   "not a valid name of a device");
		return -EINVAL;
	}
	if (__dev_get_by_name(txn->vn->net, req->sw_name)) {
		vms_refuse(txn->extack, req, VMS_A_SWITCH_NAME,
			   "a device of this name exists");
		return -EEXIST;
	}
	sw = vms_switch_alloc(txn->vn->net, req->sw_name);
	if (!sw)
		return -ENOMEM;
	vms_switch_configure(sw, req);
	err = sw->dev->netdev_ops->ndo_init(sw->dev);
	if (err)
		goto err_dev;
	err = -ENOMEM;
	staged = vms_txn_stage_switch(txn, sw);
	if (!staged)
		goto err_init;
	staged->is_new = true;
	return 0;

err_init:
	sw->dev->priv_destructor(sw->dev);
err_dev:
	free_netdev(sw->dev);
	return err;
}

static int vms_txn_check_type(struct vms_txn *txn, struct vms_switch *sw,
			      const struct vms_req *req)
{
	struct vms_port *port;

	list_for_each_entry(port, &sw->port_list, node) {
		if (port->kind == VMS_NIC_EXTERNAL &&
		    req->sw.type != VMS_SWITCH_EXTERNAL) {
			vms_refuse(txn->extack, req, VMS_A_SWITCH_TYPE,
				   "the switch has an uplink");
			return -EBUSY;
		}
		if (port->kind == VMS_NIC_INTERNAL &&
		    req->sw.type == VMS_SWITCH_PRIVATE) {
			vms_refuse(txn->extack, req, VMS_A_SWITCH_TYPE,
				   "the switch has a vNIC, a port of kind internal");
			return -EBUSY;
		}
	}
	return 0;
}

static int vms_txn_switch_set(struct vms_txn *txn, struct vms_req *req,
			      bool rehearsal)
{
	struct vms_switch *sw = vms_txn_switch(txn, req);
	struct vms_switch_staged *staged;
	int err;

	if (!sw)
		return -ENODEV;
	staged = vms_txn_stage_switch(txn, sw);
	if (!staged)
		return -ENOMEM;
	staged->is_set = true;
	if (req->set & BIT_ULL(VMS_A_SWITCH_TYPE)) {
		err = vms_txn_check_type(txn, sw, req);
		if (err)
			return err;
		staged->type = req->sw.type;
	}
	if (req->set & BIT_ULL(VMS_A_SWITCH_AGEING))
		staged->ageing = req->sw.ageing;
	if (!(req->set & BIT_ULL(VMS_A_SWITCH_FDB_MAX)))
		return 0;
	/* A rehearsal makes the room that later requests may need, but makes
	 * nothing be forgotten.
	 */
	if (rehearsal && req->sw.fdb_max <= sw->fdb.max)
		return 0;
	/* The bound may change before the rest is known to succeed: all that
	 * the data path sees is that it has to learn some addresses again.
	 */
	err = vms_fdb_resize(sw, req->sw.fdb_max);
	if (err == -ENOSPC)
		vms_refuse(txn->extack, req, VMS_A_SWITCH_FDB_MAX,
			   "the static entries do not fit");
	return err;
}

static int vms_txn_switch_del(struct vms_txn *txn, struct vms_req *req)
{
	struct vms_switch *sw = vms_txn_switch(txn, req);
	struct vms_switch_staged *staged;

	if (!sw)
		return -ENODEV;
	staged = vms_txn_stage_switch(txn, sw);
	if (!staged)
		return -ENOMEM;
	staged->is_del = true;
	return 0;
}

static struct vms_fdb_staged *vms_txn_stage_fdb(struct vms_txn *txn,
						struct vms_switch *sw,
						const struct vms_req *req)
{
	struct vms_fdb_staged *staged;
	struct vms_port *port = NULL;

	if (*req->fdb.port) {
		port = vms_port_find(sw, req->fdb.port);
		if (!port) {
			vms_refuse(txn->extack, req, VMS_A_FDB_PORT,
				   "the switch has no port of this name");
			return ERR_PTR(-ENOENT);
		}
	}
	staged = kzalloc(sizeof(*staged), GFP_KERNEL_ACCOUNT);
	if (!staged)
		return ERR_PTR(-ENOMEM);
	staged->cmd = req->cmd;
	staged->sw = sw;
	staged->port = port;
	staged->filter.mac = req->fdb.mac;
	staged->filter.vid = req->fdb.vid;
	staged->filter.port = port ? port->id : 0;
	staged->filter.type = BIT(VMS_FDB_DYNAMIC);
	return staged;
}

static int vms_txn_fdb_new(struct vms_txn *txn, const struct vms_req *req,
			   struct vms_fdb_staged *staged)
{
	const struct vms_fdb_filter *f = &staged->filter;
	const struct vms_policy *pol;
	int err;

	if (!staged->port) {
		vms_refuse(txn->extack, req, VMS_A_FDB_PORT,
			   "an entry needs a port");
		return -EINVAL;
	}
	pol = vms_port_planned(staged->sw, staged->port->id);
	if (!pol || !vms_policy_member(pol, f->vid)) {
		vms_refuse(txn->extack, req, VMS_A_FDB_VLAN,
			   "the port is not a member of the VLAN");
		return -EINVAL;
	}
	if (vms_fdb_taken(staged->port, f->mac, f->vid)) {
		vms_refuse(txn->extack, req, VMS_A_FDB_MAC,
			   "the address is static at another port of the VLAN already");
		return -EADDRINUSE;
	}
	err = vms_fdb_reserve(staged->port, f->mac, f->vid);
	if (err)
		vms_refuse(txn->extack, req, VMS_A_FDB_MAC,
			   "the FDB is full (fdb-max)");
	return err;
}

static int vms_txn_fdb_del(struct vms_txn *txn, const struct vms_req *req,
			   struct vms_fdb_staged *staged)
{
	struct vms_fdb_filter *f = &staged->filter;
	struct vms_fdb_entry entry;
	u32 slot = 0;

	f->type |= BIT(VMS_FDB_STATIC);
	/* One entry is found by its key, those of all VLANs by a walk. */
	if (f->vid ? vms_fdb_find(staged->sw, f->mac, f->vid, &entry) :
		     vms_fdb_next(staged->sw, &slot, f, &entry))
		return 0;
	if (vms_fdb_find(staged->sw, f->mac, VMS_FID_ANY, &entry)) {
		vms_refuse(txn->extack, req, VMS_A_FDB_MAC,
			   "the address is in its port's MAC list (set-mac)");
		return -EBUSY;
	}
	vms_refuse(txn->extack, req, VMS_A_FDB_MAC, "there is no such entry");
	return -ENOENT;
}

static bool vms_req_walks_fdb(const struct vms_req *req)
{
	return req->cmd == VMS_CMD_FDB_FLUSH ||
	       (req->cmd == VMS_CMD_FDB_DEL && !req->fdb.vid);
}

static int vms_txn_fdb(struct vms_txn *txn, struct vms_req *req)
{
	struct vms_switch *sw = vms_txn_switch(txn, req);
	struct vms_fdb_staged *staged;
	int err = 0;

	if (!sw)
		return -ENODEV;
	if (vms_req_walks_fdb(req) && txn->n_walks++ >= VMS_TXN_WALKS) {
		vms_refuse(txn->extack, req, 0,
			   "too many walks of the FDB in one transaction");
		return -E2BIG;
	}
	staged = vms_txn_stage_fdb(txn, sw, req);
	if (IS_ERR(staged))
		return PTR_ERR(staged);
	if (req->cmd == VMS_CMD_FDB_NEW)
		err = vms_txn_fdb_new(txn, req, staged);
	else if (req->cmd == VMS_CMD_FDB_DEL)
		err = vms_txn_fdb_del(txn, req, staged);
	if (err) {
		kfree(staged);
		return err;
	}
	list_add_tail(&staged->node, &txn->fdbs);
	return 0;
}

static int vms_txn_port(struct vms_txn *txn, struct vms_req *req)
{
	struct vms_switch *sw = vms_txn_switch(txn, req);

	if (!sw)
		return -ENODEV;
	switch (req->cmd) {
	case VMS_CMD_PORT_NEW:
		return vms_txn_port_new(txn, sw, req);
	case VMS_CMD_PORT_SET:
		return vms_txn_port_set(txn, sw, req);
	default:
		return vms_txn_port_del(txn, sw, req);
	}
}

static int vms_txn_prepare_req(struct vms_txn *txn, struct vms_req *req,
			       bool rehearsal)
{
	switch (req->cmd) {
	case VMS_CMD_SWITCH_NEW:
		return vms_txn_switch_new(txn, req);
	case VMS_CMD_SWITCH_SET:
		return vms_txn_switch_set(txn, req, rehearsal);
	case VMS_CMD_SWITCH_DEL:
		return vms_txn_switch_del(txn, req);
	case VMS_CMD_PORT_NEW:
	case VMS_CMD_PORT_SET:
	case VMS_CMD_PORT_DEL:
		return vms_txn_port(txn, req);
	default:
		return vms_txn_fdb(txn, req);
	}
}

static int vms_txn_prepare(struct vms_txn *txn, bool rehearsal)
{
	struct vms_req *req;
	int err;

	txn->n_done = 0;
	txn->n_walks = 0;
	list_for_each_entry(req, &txn->reqs, node) {
		err = vms_txn_prepare_req(txn, req, rehearsal);
		if (err)
			return err;
		txn->n_done++;
	}
	return vms_txn_ports_reserve(txn);
}

static void vms_txn_discard_switch(struct vms_switch *sw)
{
	sw->dev->priv_destructor(sw->dev);
	free_netdev(sw->dev);
}

static void vms_txn_free_ports(struct vms_txn *txn)
{
	struct vms_port *port, *tmp;

	list_for_each_entry_safe(port, tmp, &txn->dead, node) {
		list_del(&port->node);
		vms_port_sweep(port);
		vms_port_free(port);
	}
}

static void vms_txn_abort(struct vms_txn *txn)
{
	struct vms_switch_staged *sw, *sw_tmp;
	struct vms_fdb_staged *fdb, *fdb_tmp;

	list_for_each_entry_safe_reverse(fdb, fdb_tmp, &txn->fdbs, node) {
		if (fdb->cmd == VMS_CMD_FDB_NEW)
			vms_fdb_unreserve(fdb->port, fdb->filter.mac,
					  fdb->filter.vid);
		list_del(&fdb->node);
		kfree(fdb);
	}
	vms_txn_ports_abort(txn);
	vms_txn_free_ports(txn);
	list_for_each_entry_safe(sw, sw_tmp, &txn->switches, node) {
		if (sw->is_new)
			vms_txn_discard_switch(sw->sw);
		else if (sw->sw->fdb.max != sw->old_fdb_max)
			vms_fdb_resize(sw->sw, sw->old_fdb_max);
		list_del(&sw->node);
		kfree(sw);
	}
}

static void vms_txn_commit_fdb(struct vms_fdb_staged *fdb)
{
	const struct vms_fdb_filter *f = &fdb->filter;

	if (fdb->cmd == VMS_CMD_FDB_DEL && f->vid) {
		vms_fdb_delete(fdb->sw, f->mac, f->vid);
		return;
	}
	if (fdb->cmd != VMS_CMD_FDB_NEW) {
		vms_fdb_flush(fdb->sw, f);
		return;
	}
	vms_fdb_fill(fdb->port, f->mac, f->vid, VMS_FDB_STATIC);
	rcu_read_lock();
	vms_event_fdb(fdb->sw, VMS_CMD_FDB_ADD_NTF, f->mac, f->vid,
		      VMS_FDB_STATIC, fdb->port, NULL);
	rcu_read_unlock();
}

static void vms_txn_commit(struct vms_txn *txn)
{
	struct vms_switch_staged *sw, *sw_tmp;
	struct vms_fdb_staged *fdb, *fdb_tmp;

	list_for_each_entry_safe(fdb, fdb_tmp, &txn->fdbs, node) {
		vms_txn_commit_fdb(fdb);
		list_del(&fdb->node);
		kfree(fdb);
	}
	vms_txn_ports_commit(txn);
	list_for_each_entry_safe(sw, sw_tmp, &txn->switches, node) {
		if (sw->is_set) {
			sw->sw->type = sw->type;
			if (sw->sw->ageing != sw->ageing) {
				WRITE_ONCE(sw->sw->ageing, sw->ageing);
				vms_fdb_start_ageing(sw->sw);
			}
			vms_event_switch(sw->sw, VMS_CMD_SWITCH_CHANGE_NTF);
		}
		list_del(&sw->node);
		kfree(sw);
	}
}

/**
 * struct vms_attach_plan - what a request wants of a device
 * @sw: the switch; NULL: no device is wanted (now)
 * @kind: &enum vms_nic_kind
 * @dev: the present foreign device
 * @addr: address of a vNIC
 * @mtu: MTU of a vNIC, 0: default
 * @name: name of a vNIC
 */
struct vms_attach_plan {
	struct vms_switch *sw;
	u8 kind;
	struct net_device *dev;
	u8 addr[ETH_ALEN];
	u32 mtu;
	const char *name;
};

static void vms_txn_plan_vnic(const struct vms_req *req,
			      const struct vms_port *port,
			      struct vms_attach_plan *plan)
{
	const char *name = req->port.name;

	if (port && *port->dev_name)
		name = port->dev_name;
	if (*req->port.dev)
		name = req->port.dev;
	plan->name = name;
	plan->mtu = req->set & BIT_ULL(VMS_A_PORT_MTU) ? req->port.mtu : 0;
	if (req->set & BIT_ULL(VMS_A_PORT_MACS) && req->port.n_macs)
		ether_addr_copy(plan->addr, req->port.macs);
	else if (port)
		vms_u64_mac(vms_port_policy(port)->macs[0], plan->addr);
}

/* Find out which device a request wants; the rehearsal went well. */
static void vms_txn_plan(struct vms_txn *txn, const struct vms_req *req,
			 struct vms_attach_plan *plan)
{
	struct vms_nic *nic = NULL;
	struct vms_port *port;
	struct vms_switch *sw;

	memset(plan, 0, sizeof(*plan));
	if (req->cmd != VMS_CMD_PORT_NEW &&
	    !(req->cmd == VMS_CMD_PORT_SET &&
	      req->set & BIT_ULL(VMS_A_PORT_DEV) && *req->port.dev))
		return;

	mutex_lock(&txn->vn->lock);
	sw = vms_switch_find(txn->vn, req->sw_name);
	port = sw ? vms_port_find(sw, req->port.name) : NULL;
	if (port)
		nic = vms_port_nic(port);
	/* An earlier request deletes it. */
	if (port && req->cmd == VMS_CMD_PORT_NEW && !req->port.slave &&
	    (nic || port->kind != req->port.kind))
		port = NULL;
	plan->kind = port ? port->kind : req->port.kind;
	if (plan->kind == VMS_NIC_INTERNAL) {
		vms_txn_plan_vnic(req, port, plan);
	} else {
		plan->dev = req->port.slave;
		if (!plan->dev && *req->port.dev)
			plan->dev = __dev_get_by_name(txn->vn->net,
						      req->port.dev);
	}
	mutex_unlock(&txn->vn->lock);

	if (plan->kind == VMS_NIC_INTERNAL ? !nic || !port :
	    plan->dev && (!nic || nic->dev != plan->dev))
		plan->sw = sw;
}

static int vms_txn_attach_port(struct vms_txn *txn, struct vms_req *req)
{
	struct net *net = req->port.net ?: txn->vn->net;
	struct vms_attach_plan plan;
	struct vms_nic *nic;

	if (req->port.vnic) {
		req->nic = req->port.vnic;
		return 0;
	}
	vms_txn_plan(txn, req, &plan);
	if (!plan.sw)
		return 0;
	if (plan.kind == VMS_NIC_INTERNAL)
		nic = vms_vnic_create(plan.sw, net, plan.name, plan.addr,
				      plan.mtu, txn->extack);
	else
		nic = vms_nic_attach(plan.sw, plan.kind, plan.dev,
				     txn->extack);
	if (IS_ERR(nic)) {
		if (req->attrs)
			NL_SET_BAD_ATTR(txn->extack,
					req->attrs[VMS_A_PORT_DEV]);
		return PTR_ERR(nic);
	}
	req->nic = nic;
	return 0;
}

static int vms_txn_make_switch(struct vms_txn *txn, struct vms_req *req)
{
	struct vms_switch *sw;
	int err;

	sw = vms_switch_alloc(txn->vn->net, req->sw_name);
	if (!sw)
		return -ENOMEM;
	vms_switch_configure(sw, req);
	err = vms_switch_register(sw, txn->extack);
	if (err) {
		free_netdev(sw->dev);
		return err;
	}
	req->made = sw;
	return 0;
}

static int vms_txn_attach(struct vms_txn *txn)
{
	struct vms_req *req;
	int err = 0;

	txn->n_done = 0;
	list_for_each_entry(req, &txn->reqs, node) {
		if (req->cmd == VMS_CMD_SWITCH_NEW)
			err = vms_txn_make_switch(txn, req);
		else if (vms_req_is_port(req))
			err = vms_txn_attach_port(txn, req);
		if (err)
			return err;
		txn->n_done++;
	}
	return 0;
}

/* --check: whether the devices that exist could be attached. */
static int vms_txn_check_devices(struct vms_txn *txn)
{
	struct vms_attach_plan plan;
	struct vms_req *req;
	int err;

	txn->n_done = 0;
	list_for_each_entry(req, &txn->reqs, node) {
		if (vms_req_is_port(req)) {
			vms_txn_plan(txn, req, &plan);
			err = plan.sw && plan.dev ?
			      vms_nic_check(plan.sw, plan.kind, plan.dev,
					    txn->extack) : 0;
			if (err)
				return err;
		}
		txn->n_done++;
	}
	return 0;
}

/* After a failure: what was attached and made goes again. */
static void vms_txn_undo_attach(struct vms_txn *txn, struct list_head *kill)
{
	struct vms_req *req;

	list_for_each_entry_reverse(req, &txn->reqs, node) {
		if (req->nic && !req->port.vnic)
			vms_nic_detach(req->nic, kill);
		if (req->made)
			vms_switch_unregister(req->made, kill);
		req->nic = NULL;
		req->made = NULL;
	}
}

static void vms_nic_call_plugged(struct vms_nic *nic)
{
	if (nic && nic->ops->plugged)
		nic->ops->plugged(nic);
}

/* What a request means for devices, after the fact. */
static void vms_txn_finish_req(struct vms_txn *txn, struct vms_req *req,
			       struct list_head *kill,
			       struct vms_switch **done)
{
	struct vms_nic *nic = NULL, *uplink = NULL;
	struct vms_switch *sw;
	struct vms_port *port;

	mutex_lock(&txn->vn->lock);
	sw = vms_switch_find(txn->vn, req->sw_name);
	if (sw && vms_req_is_port(req)) {
		port = vms_port_find(sw, req->port.name);
		nic = port ? vms_port_nic(port) : NULL;
		if (sw->uplink && *done != sw)
			uplink = vms_port_nic(sw->uplink);
		*done = sw;
	}
	mutex_unlock(&txn->vn->lock);

	if (req->made)
		dev_open(req->made->dev, NULL);
	else if (sw && req->cmd == VMS_CMD_SWITCH_DEL)
		vms_switch_unregister(sw, kill);
	vms_nic_call_plugged(nic);
	if (uplink != nic)
		vms_nic_call_plugged(uplink);
}

/* A later request may have made an earlier one's NIC useless. */
static void vms_txn_detach_unused(struct vms_txn *txn, struct list_head *kill)
{
	struct vms_req *req;

	list_for_each_entry(req, &txn->reqs, node) {
		if (!req->nic || rcu_access_pointer(req->nic->port))
			continue;
		vms_nic_detach(req->nic, kill);
		req->nic = NULL;
	}
}

static void vms_txn_finish(struct vms_txn *txn, struct list_head *kill)
{
	struct vms_switch *done = NULL;
	struct vms_nic *nic, *tmp;
	struct vms_req *req;

	vms_txn_detach_unused(txn, kill);
	/* Another port may be bound to a device that one gives up here. */
	if (!list_empty(&txn->nics))
		queue_work(vms_wq, &txn->vn->bind_work);
	list_for_each_entry_safe(nic, tmp, &txn->nics, node) {
		list_del_init(&nic->node);
		vms_nic_detach(nic, kill);
	}
	if (txn->need_rtnl)
		list_for_each_entry(req, &txn->reqs, node)
			vms_txn_finish_req(txn, req, kill, &done);
	if (txn->need_sync)
		synchronize_net();
	if (list_empty(&txn->dead))
		return;
	mutex_lock(&txn->vn->lock);
	vms_txn_free_ports(txn);
	mutex_unlock(&txn->vn->lock);
}

static int vms_txn_rehearse(struct vms_txn *txn)
{
	int err;

	mutex_lock(&txn->vn->lock);
	err = vms_txn_prepare(txn, true);
	vms_txn_abort(txn);
	mutex_unlock(&txn->vn->lock);
	return err;
}

static int vms_txn_execute(struct vms_txn *txn, struct list_head *kill)
{
	int err;

	err = vms_txn_attach(txn);
	if (err)
		goto err_attach;
	mutex_lock(&txn->vn->lock);
	err = vms_txn_prepare(txn, false);
	if (err)
		vms_txn_abort(txn);
	else
		vms_txn_commit(txn);
	mutex_unlock(&txn->vn->lock);
	if (err)
		goto err_attach;
	vms_txn_finish(txn, kill);
	return 0;

err_attach:
	vms_txn_undo_attach(txn, kill);
	return err;
}

static int vms_txn_run_locked(struct vms_txn *txn, struct list_head *kill)
{
	int err;

	if (txn->check || txn->need_rtnl) {
		err = vms_txn_rehearse(txn);
		if (err)
			return err;
	}
	if (txn->check)
		return txn->need_rtnl ? vms_txn_check_devices(txn) : 0;
	return vms_txn_execute(txn, kill);
}

/* An internal port that was given no address gets one, the same in the
 * rehearsal and thereafter.
 */
static void vms_req_give_mac(struct vms_txn *txn, struct vms_req *req)
{
	struct vms_port *port = NULL;
	struct vms_switch *sw;
	bool has_mac;

	if (req->cmd != VMS_CMD_PORT_NEW ||
	    req->port.kind != VMS_NIC_INTERNAL ||
	    req->set & BIT_ULL(VMS_A_PORT_MACS))
		return;
	mutex_lock(&txn->vn->lock);
	sw = vms_switch_find(txn->vn, req->sw_name);
	if (sw)
		port = vms_port_find(sw, req->port.name);
	/* Any other one is in the way, or is deleted by an earlier request. */
	has_mac = port && port->kind == VMS_NIC_INTERNAL && !vms_port_nic(port);
	mutex_unlock(&txn->vn->lock);
	if (has_mac)
		return;
	eth_random_addr(req->port.random_mac);
	req->port.macs = req->port.random_mac;
	req->port.n_macs = 1;
	req->set |= BIT_ULL(VMS_A_PORT_MACS);
}

/* A VLAN device takes one VLAN's frames without their tag: as an uplink it is
 * an access port, unless it is said what else.
 */
static void vms_req_default_vlan(struct vms_txn *txn, struct vms_req *req)
{
	const u64 vlan = BIT_ULL(VMS_A_PORT_VLAN_MODE) |
			 BIT_ULL(VMS_A_PORT_PVID) | BIT_ULL(VMS_A_PORT_VLANS);
	struct net_device *dev;

	if (req->cmd != VMS_CMD_PORT_NEW || req->set & vlan ||
	    req->port.kind != VMS_NIC_EXTERNAL || !*req->port.dev)
		return;
	dev = __dev_get_by_name(txn->vn->net, req->port.dev);
	if (!dev || !is_vlan_dev(dev))
		return;
	req->port.vlan_mode = VMS_VLAN_ACCESS;
	req->port.pvid = 1;
	req->set |= BIT_ULL(VMS_A_PORT_VLAN_MODE) | BIT_ULL(VMS_A_PORT_PVID);
}

/**
 * vms_txn_run() - apply all requests of a transaction, or none
 * @txn: the transaction
 *
 * Context: process; takes RTNL if a request may touch a device and
 *	@txn->rtnl_held is not set, and &vms_net.lock.
 * Return: 0 or the error of the request number @txn->n_done.
 */
int vms_txn_run(struct vms_txn *txn)
{
	struct vms_req *req;
	LIST_HEAD(kill);
	int err;

	list_for_each_entry(req, &txn->reqs, node)
		txn->need_rtnl |= vms_req_needs_rtnl(req);
	if (txn->need_rtnl && !txn->rtnl_held)
		rtnl_lock();
	err = -ENODEV;
	if (!READ_ONCE(txn->vn->exiting)) {
		list_for_each_entry(req, &txn->reqs, node) {
			vms_req_give_mac(txn, req);
			vms_req_default_vlan(txn, req);
		}
		err = vms_txn_run_locked(txn, &kill);
	}
	if (!list_empty(&kill))
		unregister_netdevice_many(&kill);
	if (txn->need_rtnl && !txn->rtnl_held)
		rtnl_unlock();
	return err;
}

/**
 * vms_req_run() - run one request as a transaction of its own
 * @vn: the namespace
 * @req: the request
 * @check: validate and change nothing
 * @rtnl_held: the caller holds RTNL
 * @extack: where a refusal is explained; may be NULL
 *
 * Context: as vms_txn_run().
 * Return: 0 or an error.
 */
int vms_req_run(struct vms_net *vn, struct vms_req *req, bool check,
		bool rtnl_held, struct netlink_ext_ack *extack)
{
	struct vms_txn txn;

	vms_txn_init(&txn, vn, extack);
	txn.check = check;
	txn.rtnl_held = rtnl_held;
	list_add_tail(&req->node, &txn.reqs);
	return vms_txn_run(&txn);
}
