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

#include "txn_stage.h"

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
	vms_txn_fdbs_abort(txn);
	vms_txn_ports_abort(txn);
	vms_txn_free_ports(txn);
	vms_txn_switches_abort(txn);
}

static void vms_txn_commit(struct vms_txn *txn)
{
	vms_txn_fdbs_commit(txn);
	vms_txn_ports_commit(txn);
	vms_txn_switches_commit(txn);
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
