// SPDX-License-Identifier: GPL-2.0
/*
 * What a transaction does to switches: staged first, then committed or undone.
 */
#include <linux/etherdevice.h>

#include "event.h"
#include "txn_stage.h"

/**
 * struct vms_switch_staged - what a transaction does to one switch
 * @node: in &vms_txn.switches
 * @sw: the switch
 * @is_new: made for the rehearsal, not registered
 * @is_del: the transaction deletes it
 * @is_set: its settings change
 * @type: &enum vms_switch_type to be
 * @ageing: seconds to be
 * @fdb_max: bound of FDB entries to be
 * @old_fdb_max: bound of FDB entries before
 * @fdb_req: the request that @fdb_max comes from, or NULL
 * @grown: the FDB was given more room
 */
struct vms_switch_staged {
	struct list_head node;
	struct vms_switch *sw;
	bool is_new;
	bool is_del;
	bool is_set;
	u8 type;
	u32 ageing;
	u32 fdb_max;
	u32 old_fdb_max;
	const struct vms_req *fdb_req;
	bool grown;
};

/**
 * vms_txn_switch() - the switch that a request names
 * @txn: the transaction; &vms_net.lock is held
 * @req: the request
 *
 * Return: the switch, as the requests before @req leave it, or NULL: refused.
 */
struct vms_switch *vms_txn_switch(struct vms_txn *txn,
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
	staged->fdb_max = sw->fdb.max;
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

/* A new switch takes some megabytes, so what can not be is refused before it
 * is made.
 */
static int vms_txn_check_new(struct vms_txn *txn, const struct vms_req *req)
{
	struct vms_switch_staged *staged;
	unsigned int n_new = 0;
	int err;

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
	list_for_each_entry(staged, &txn->switches, node) {
		if (!staged->is_new)
			continue;
		n_new++;
		if (!strcmp(vms_switch_name(staged->sw), req->sw_name)) {
			vms_refuse(txn->extack, req, VMS_A_SWITCH_NAME,
				   "the transaction makes a switch of this name already");
			return -EEXIST;
		}
	}
	err = vms_switch_check_room(txn->vn, n_new, txn->extack);
	if (err && req->attrs)
		NL_SET_BAD_ATTR(txn->extack, req->attrs[VMS_A_SWITCH_NAME]);
	return err;
}

/**
 * vms_txn_switch_new() - stage VMS_CMD_SWITCH_NEW
 * @txn: the transaction; &vms_net.lock is held
 * @req: the request
 *
 * In a rehearsal a new switch is made but not registered; else it was made by
 * vms_txn_make_switch() already.
 *
 * Return: 0 or an error.
 */
int vms_txn_switch_new(struct vms_txn *txn, struct vms_req *req)
{
	struct vms_switch_staged *staged;
	struct vms_switch *sw;
	int err;

	if (req->made)
		return 0;
	err = vms_txn_check_new(txn, req);
	if (err)
		return err;
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

/* More room is made at once, for what later requests need; less when nothing
 * can fail any more, so that nothing is forgotten in vain.
 */
static int vms_txn_set_fdb_max(struct vms_txn *txn,
			       struct vms_switch_staged *staged,
			       const struct vms_req *req)
{
	struct vms_switch *sw = staged->sw;
	int err = 0;

	staged->fdb_max = req->sw.fdb_max;
	staged->fdb_req = req;
	if (staged->fdb_max <= sw->fdb.max)
		return 0;
	/* However many switches there are, each may be set. */
	if (staged->grown)
		err = vms_txn_count_walk(txn, req, VMS_A_SWITCH_FDB_MAX);
	if (err)
		return err;
	staged->grown = true;
	err = vms_fdb_resize(sw, staged->fdb_max);
	if (err == -ENOSPC)
		vms_refuse(txn->extack, req, VMS_A_SWITCH_FDB_MAX,
			   "the static entries do not fit");
	return err;
}

/**
 * vms_txn_switch_set() - stage VMS_CMD_SWITCH_SET
 * @txn: the transaction; &vms_net.lock is held
 * @req: the request
 *
 * Return: 0 or an error.
 */
int vms_txn_switch_set(struct vms_txn *txn, struct vms_req *req)
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
	if (req->set & BIT_ULL(VMS_A_SWITCH_FDB_MAX))
		return vms_txn_set_fdb_max(txn, staged, req);
	return 0;
}

/**
 * vms_txn_switch_del() - stage VMS_CMD_SWITCH_DEL
 * @txn: the transaction; &vms_net.lock is held
 * @req: the request
 *
 * Return: 0 or an error.
 */
int vms_txn_switch_del(struct vms_txn *txn, struct vms_req *req)
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

/**
 * vms_txn_switches_reserve() - see that what was staged for switches can be
 * @txn: the transaction; &vms_net.lock is held
 *
 * Only now, when all entries are reserved, is it known how many there will be.
 * Those that the transaction removes still count.
 *
 * Return: 0 or -ENOSPC.
 */
int vms_txn_switches_reserve(struct vms_txn *txn)
{
	struct vms_switch_staged *staged;

	list_for_each_entry(staged, &txn->switches, node) {
		if (staged->is_del || !staged->fdb_req ||
		    staged->sw->fdb.n_fixed <= staged->fdb_max)
			continue;
		NL_SET_ERR_MSG(txn->extack, "the static entries do not fit");
		vms_txn_blame(txn, staged->fdb_req, VMS_A_SWITCH_FDB_MAX);
		return -ENOSPC;
	}
	return 0;
}

/**
 * vms_txn_make_switch() - make and register the switch of a request
 * @txn: the transaction
 * @req: a request VMS_CMD_SWITCH_NEW that was rehearsed
 *
 * Context: RTNL is held, &vms_net.lock is not.
 * Return: 0 or an error.
 */
int vms_txn_make_switch(struct vms_txn *txn, struct vms_req *req)
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
		if (req->attrs)
			NL_SET_BAD_ATTR(txn->extack,
					req->attrs[VMS_A_SWITCH_NAME]);
		return err;
	}
	req->made = sw;
	return 0;
}

static void vms_txn_discard_switch(struct vms_switch *sw)
{
	sw->dev->priv_destructor(sw->dev);
	free_netdev(sw->dev);
}

/**
 * vms_txn_switches_abort() - undo all that was staged for switches
 * @txn: the transaction; &vms_net.lock is held
 */
void vms_txn_switches_abort(struct vms_txn *txn)
{
	struct vms_switch_staged *sw, *tmp;

	list_for_each_entry_safe(sw, tmp, &txn->switches, node) {
		if (sw->is_new)
			vms_txn_discard_switch(sw->sw);
		else if (sw->sw->fdb.max > sw->old_fdb_max)
			vms_fdb_lower(sw->sw, sw->old_fdb_max);
		list_del(&sw->node);
		kfree(sw);
	}
}

/**
 * vms_txn_switches_commit() - make what was staged for switches true; can not
 *	fail.  Deletions follow when the mutex was released
 * @txn: the transaction; &vms_net.lock is held
 */
void vms_txn_switches_commit(struct vms_txn *txn)
{
	struct vms_switch_staged *sw, *tmp;

	list_for_each_entry_safe(sw, tmp, &txn->switches, node) {
		if (sw->is_set) {
			sw->sw->type = sw->type;
			if (sw->sw->ageing != sw->ageing) {
				WRITE_ONCE(sw->sw->ageing, sw->ageing);
				vms_fdb_start_ageing(sw->sw);
			}
			if (sw->sw->fdb.max > sw->fdb_max)
				vms_fdb_lower(sw->sw, sw->fdb_max);
			vms_event_switch(sw->sw, VMS_CMD_SWITCH_CHANGE_NTF);
		}
		list_del(&sw->node);
		kfree(sw);
	}
}
