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

/* Walks of a large FDB in one transaction, which may hold RTNL meanwhile. */
#define VMS_TXN_WALKS	64

/* Attributes whose change concerns devices: filters, addresses, links. */
#define VMS_DEVICE_ATTRS						\
	(BIT_ULL(VMS_A_PORT_DEV) | BIT_ULL(VMS_A_PORT_MACS) |		\
	 BIT_ULL(VMS_A_PORT_VLAN_MODE) | BIT_ULL(VMS_A_PORT_PVID) |	\
	 BIT_ULL(VMS_A_PORT_VLANS) | BIT_ULL(VMS_A_PORT_ADMIN) |	\
	 BIT_ULL(VMS_A_PORT_DOWN_MODE) | BIT_ULL(VMS_A_PORT_AUTOUP) |	\
	 BIT_ULL(VMS_A_PORT_LINK_FOLLOW) |				\
	 BIT_ULL(VMS_A_PORT_LEARNING) |					\
	 BIT_ULL(VMS_A_PORT_UNKNOWN_FLOOD) |				\
	 BIT_ULL(VMS_A_PORT_UPLINK_FILTER) | BIT_ULL(VMS_A_PORT_VMQ) |	\
	 BIT_ULL(VMS_A_PORT_VMQ_WEIGHT) | BIT_ULL(VMS_A_PORT_VMQ_CPU) |	\
	 BIT_ULL(VMS_A_PORT_VMQ_DYNAMIC) |				\
	 BIT_ULL(VMS_A_PORT_VMQ_BASE_CPU) |				\
	 BIT_ULL(VMS_A_PORT_VMQ_MAX_CPU))

static bool vms_req_needs_rtnl(const struct vms_req *req)
{
	switch (req->cmd) {
	case VMS_CMD_SWITCH_NEW:
	case VMS_CMD_SWITCH_DEL:
	case VMS_CMD_PORT_NEW:
	case VMS_CMD_PORT_DEL:
	/* A static entry may belong into the filter of the uplink's device. */
	case VMS_CMD_FDB_NEW:
	case VMS_CMD_FDB_DEL:
		return true;
	case VMS_CMD_PORT_SET:
		return req->set & VMS_DEVICE_ATTRS;
	default:
		return false;
	}
}

/**
 * vms_txn_count_walk() - a request walks the whole FDB
 * @txn: the transaction
 * @req: the request
 * @attr: the attribute that has it walk, or 0
 *
 * Return: 0, or -E2BIG if there were too many.
 */
int vms_txn_count_walk(struct vms_txn *txn, const struct vms_req *req, u32 attr)
{
	if (txn->n_walks++ < VMS_TXN_WALKS)
		return 0;
	vms_refuse(txn->extack, req, attr,
		   "too many walks of the FDB in one transaction");
	return -E2BIG;
}

/**
 * vms_txn_blame() - only when all are staged it shows that one can not be
 * @txn: the transaction
 * @guilty: the request that can not be
 * @attr: its attribute that is to blame, or 0
 */
void vms_txn_blame(struct vms_txn *txn, const struct vms_req *guilty, u32 attr)
{
	struct vms_req *req;

	txn->n_done = 0;
	list_for_each_entry(req, &txn->reqs, node) {
		if (req == guilty)
			break;
		txn->n_done++;
	}
	if (attr && guilty->attrs)
		NL_SET_BAD_ATTR(txn->extack, guilty->attrs[attr]);
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

static int vms_txn_prepare_req(struct vms_txn *txn, struct vms_req *req)
{
	switch (req->cmd) {
	case VMS_CMD_SWITCH_NEW:
		return vms_txn_switch_new(txn, req);
	case VMS_CMD_SWITCH_SET:
		return vms_txn_switch_set(txn, req);
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

	txn->rehearsal = rehearsal;
	txn->n_done = 0;
	txn->n_walks = 0;
	list_for_each_entry(req, &txn->reqs, node) {
		err = vms_txn_prepare_req(txn, req);
		if (err)
			return err;
		txn->n_done++;
		cond_resched();
	}
	err = vms_txn_ports_reserve(txn);
	return err ?: vms_txn_switches_reserve(txn);
}

static void vms_txn_free_ports(struct vms_txn *txn)
{
	struct vms_port *port, *tmp;

	list_for_each_entry_safe(port, tmp, &txn->dead, node) {
		list_del(&port->node);
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
 * @dev: the present foreign device; NULL: a vNIC is made
 */
struct vms_attach_plan {
	struct vms_switch *sw;
	struct net_device *dev;
};

static bool vms_port_has_dev(const struct vms_req *req,
			     const struct vms_switch *sw,
			     const struct net_device *dev)
{
	struct vms_nic *nic = vms_nic_of_dev(dev);
	struct vms_port *port = nic ? vms_nic_port_rtnl(nic) : NULL;

	return port && port->sw == sw && !strcmp(port->name, req->port.name);
}

/* Find out which device a request wants; the rehearsal went well. */
static void vms_txn_plan(struct vms_txn *txn, const struct vms_req *req,
			 struct vms_attach_plan *plan)
{
	const struct vms_bind *bind = &req->bind;
	struct vms_switch *sw;

	memset(plan, 0, sizeof(*plan));
	if (!bind->last || bind->handed)
		return;
	if (bind->kind != VMS_NIC_INTERNAL) {
		plan->dev = req->port.slave ?:
			    vms_dev_by_name(txn->vn->net, bind->dev);
		if (!plan->dev)
			return;
	}
	mutex_lock(&txn->vn->lock);
	sw = vms_switch_find(txn->vn, req->sw_name);
	mutex_unlock(&txn->vn->lock);
	if (!plan->dev || bind->given_up ||
	    !vms_port_has_dev(req, sw, plan->dev))
		plan->sw = sw;
}

static struct vms_nic *vms_txn_make_vnic(struct vms_txn *txn,
					 const struct vms_req *req,
					 struct vms_switch *sw)
{
	u8 addr[ETH_ALEN];

	vms_u64_mac(req->bind.mac, addr);
	return vms_vnic_create(sw, req->port.net ?: txn->vn->net,
			       req->bind.dev, addr,
			       req->set & BIT_ULL(VMS_A_PORT_MTU) ?
			       req->port.mtu : 0, txn->extack);
}

static int vms_txn_attach_port(struct vms_txn *txn, struct vms_req *req)
{
	struct vms_attach_plan plan;
	struct vms_nic *nic;

	if (req->port.vnic) {
		req->nic = req->port.vnic;
		return 0;
	}
	vms_txn_plan(txn, req, &plan);
	if (!plan.sw)
		return 0;
	if (!plan.dev)
		nic = vms_txn_make_vnic(txn, req, plan.sw);
	else if (!req->bind.given_up)
		nic = vms_nic_attach(plan.sw, req->bind.kind, plan.dev,
				     txn->extack);
	else	/* It is attached when it is free: vms_txn_move_devices(). */
		nic = ERR_PTR(vms_nic_check(plan.sw, req->bind.kind, plan.dev,
					    true, txn->extack));
	if (IS_ERR(nic)) {
		if (req->attrs)
			NL_SET_BAD_ATTR(txn->extack,
					req->attrs[VMS_A_PORT_DEV] ?:
					req->attrs[VMS_A_PORT_NAME]);
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
		cond_resched();
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

/* What a request means for switches, after the fact. */
static void vms_txn_finish_switch(struct vms_txn *txn, struct vms_req *req,
				  struct list_head *kill)
{
	struct vms_switch *sw;

	if (req->made) {
		dev_open(req->made->dev, NULL);
		return;
	}
	if (req->cmd != VMS_CMD_SWITCH_DEL)
		return;
	mutex_lock(&txn->vn->lock);
	sw = vms_switch_find(txn->vn, req->sw_name);
	mutex_unlock(&txn->vn->lock);
	if (sw)
		vms_switch_unregister(sw, kill);
}

static void vms_nic_add_due(struct vms_port *port, struct list_head *due)
{
	struct vms_nic *nic = port ? vms_port_nic(port) : NULL;

	if (nic && nic->ops->plugged && list_empty(&nic->node))
		list_add_tail(&nic->node, due);
}

/* The NICs that have to see what a request has changed. */
static void vms_txn_collect_due(struct vms_txn *txn, const struct vms_req *req,
				struct list_head *due)
{
	struct vms_switch *sw;

	mutex_lock(&txn->vn->lock);
	sw = vms_switch_find(txn->vn, req->sw_name);
	if (sw && !vms_req_is_switch(req)) {
		if (vms_req_is_port(req))
			vms_nic_add_due(vms_port_find(sw, req->port.name), due);
		vms_nic_add_due(sw->uplink, due);
	}
	mutex_unlock(&txn->vn->lock);
}

/* Each NIC once, whatever number of requests concern it: for an uplink that is
 * as much work as the switch has ports.
 */
static void vms_txn_finish_devices(struct vms_txn *txn, struct list_head *kill)
{
	struct vms_req *req;
	struct vms_nic *nic;
	LIST_HEAD(due);

	list_for_each_entry(req, &txn->reqs, node)
		vms_txn_finish_switch(txn, req, kill);
	list_for_each_entry(req, &txn->reqs, node)
		vms_txn_collect_due(txn, req, &due);
	while (!list_empty(&due)) {
		nic = list_first_entry(&due, struct vms_nic, node);
		list_del_init(&nic->node);
		nic->ops->plugged(nic, txn->extack);
	}
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

/* What could not be handed over, because the new port is in another switch or
 * of another kind.
 */
static void vms_txn_move_devices(struct vms_txn *txn)
{
	struct vms_req *req;

	list_for_each_entry(req, &txn->reqs, node)
		if (req->bind.last && req->bind.given_up && !req->bind.handed)
			vms_nic_plug_bound(txn->vn, req->bind.dev,
					   txn->extack);
}

static void vms_txn_finish(struct vms_txn *txn, struct list_head *kill)
{
	struct vms_nic *nic, *tmp;

	vms_txn_detach_unused(txn, kill);
	/* Another port may be bound to a device that one gives up here. */
	if (!list_empty(&txn->nics))
		queue_work(vms_wq, &txn->vn->bind_work);
	list_for_each_entry_safe(nic, tmp, &txn->nics, node) {
		list_del_init(&nic->node);
		vms_nic_detach(nic, kill);
	}
	vms_txn_move_devices(txn);
	if (txn->need_rtnl)
		vms_txn_finish_devices(txn, kill);
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
	if (!err && txn->check && txn->need_rtnl)
		err = vms_txn_ports_check(txn);
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
		if (err || txn->check)
			return err;
	}
	return vms_txn_execute(txn, kill);
}

/* An internal port that is made without an address gets one, the same in the
 * rehearsal and thereafter.
 */
static void vms_req_give_mac(struct vms_req *req)
{
	if (req->cmd != VMS_CMD_PORT_NEW ||
	    req->port.kind != VMS_NIC_INTERNAL ||
	    req->set & BIT_ULL(VMS_A_PORT_MACS))
		return;
	if (req->port.vnic)
		ether_addr_copy(req->port.random_mac,
				req->port.vnic->dev->dev_addr);
	else
		eth_random_addr(req->port.random_mac);
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
	dev = vms_dev_by_name(txn->vn->net, req->port.dev);
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
			vms_req_give_mac(req);
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
