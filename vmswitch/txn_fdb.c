// SPDX-License-Identifier: GPL-2.0
/*
 * What a transaction does to the FDB: staged first, then committed or undone.
 */
#include "event.h"
#include "txn_stage.h"
#include "dataplane/vlan.h"

/* Flushes of a large FDB in one transaction, which may hold RTNL meanwhile. */
#define VMS_TXN_WALKS	64

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

/**
 * vms_txn_fdb() - stage VMS_CMD_FDB_NEW, _DEL or _FLUSH
 * @txn: the transaction; &vms_net.lock is held
 * @req: the request
 *
 * Return: 0 or an error.
 */
int vms_txn_fdb(struct vms_txn *txn, struct vms_req *req)
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

/**
 * vms_txn_fdbs_abort() - undo all that was staged for the FDB
 * @txn: the transaction; &vms_net.lock is held
 */
void vms_txn_fdbs_abort(struct vms_txn *txn)
{
	struct vms_fdb_staged *fdb, *tmp;

	list_for_each_entry_safe_reverse(fdb, tmp, &txn->fdbs, node) {
		if (fdb->cmd == VMS_CMD_FDB_NEW)
			vms_fdb_unreserve(fdb->port, fdb->filter.mac,
					  fdb->filter.vid);
		list_del(&fdb->node);
		kfree(fdb);
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

/**
 * vms_txn_fdbs_commit() - make what was staged for the FDB true; can not fail
 * @txn: the transaction; &vms_net.lock is held
 */
void vms_txn_fdbs_commit(struct vms_txn *txn)
{
	struct vms_fdb_staged *fdb, *tmp;

	list_for_each_entry_safe(fdb, tmp, &txn->fdbs, node) {
		vms_txn_commit_fdb(fdb);
		list_del(&fdb->node);
		kfree(fdb);
	}
}
