// SPDX-License-Identifier: GPL-2.0
/*
 * What a transaction does to the FDB: staged first, then committed or undone.
 *
 * Requests about one entry are one change: what the last of them says becomes
 * true at the commit, and what those before it have led to decides whether it
 * can be.
 */
#include <linux/bitmap.h>
#include <linux/rbtree.h>

#include "event.h"
#include "txn_stage.h"
#include "dataplane/vlan.h"

/* An entry as one number: the VLAN is in the bits that an address leaves. */
static u64 vms_fdb_key(u64 mac, u16 vid)
{
	return mac | vid;
}

static struct rb_node **vms_fdb_staged_slot(struct vms_switch *sw, u64 key,
					    struct rb_node **parent)
{
	struct rb_node **link = &sw->fdb.staged.rb_node;
	const struct vms_fdb_staged *staged;

	*parent = NULL;
	while (*link) {
		staged = rb_entry(*link, struct vms_fdb_staged, by_key);
		if (staged->key == key)
			break;
		*parent = *link;
		link = key < staged->key ? &(*link)->rb_left :
					   &(*link)->rb_right;
	}
	return link;
}

/**
 * vms_fdb_staged_find() - what the running transaction does to an entry
 * @sw: the switch; &vms_net.lock is held
 * @mac: the address
 * @vid: the VLAN
 *
 * Return: the change, or NULL: the entry stays as it is.
 */
const struct vms_fdb_staged *vms_fdb_staged_find(struct vms_switch *sw,
						 u64 mac, u16 vid)
{
	struct rb_node *parent;

	return rb_entry_safe(*vms_fdb_staged_slot(sw, vms_fdb_key(mac, vid),
						  &parent),
			     struct vms_fdb_staged, by_key);
}

static struct vms_fdb_staged *vms_txn_stage_flush(struct vms_txn *txn,
						  struct vms_switch *sw)
{
	struct vms_fdb_staged *staged;

	staged = kzalloc(sizeof(*staged), GFP_KERNEL_ACCOUNT);
	if (!staged)
		return NULL;
	staged->sw = sw;
	list_add_tail(&staged->node, &txn->fdbs);
	return staged;
}

static struct vms_fdb_staged *vms_txn_stage_entry(struct vms_txn *txn,
						  struct vms_switch *sw,
						  u64 mac, u16 vid)
{
	struct vms_fdb_staged *staged;
	struct rb_node **link;
	struct rb_node *parent;
	u64 key = vms_fdb_key(mac, vid);

	link = vms_fdb_staged_slot(sw, key, &parent);
	if (*link)
		return rb_entry(*link, struct vms_fdb_staged, by_key);
	staged = vms_txn_stage_flush(txn, sw);
	if (!staged)
		return NULL;
	staged->key = key;
	staged->filter.mac = mac;
	staged->filter.vid = vid;
	rb_link_node(&staged->by_key, parent, link);
	rb_insert_color(&staged->by_key, &sw->fdb.staged);
	return staged;
}

static int vms_txn_fdb_new(struct vms_txn *txn, struct vms_switch *sw,
			   struct vms_port *port, const struct vms_req *req)
{
	const struct vms_fdb_req *f = &req->fdb;
	struct vms_fdb_staged *staged;
	const struct vms_policy *pol;

	if (!port) {
		vms_refuse(txn->extack, req, VMS_A_FDB_PORT,
			   "an entry needs a port");
		return -EINVAL;
	}
	pol = vms_port_planned(sw, port->id);
	if (!pol || !vms_policy_member(pol, f->vid)) {
		vms_refuse(txn->extack, req, VMS_A_FDB_VLAN,
			   "the port is not a member of the VLAN");
		return -EINVAL;
	}
	if (vms_fdb_taken(port, f->mac, f->vid)) {
		vms_refuse(txn->extack, req, VMS_A_FDB_MAC,
			   "the address is static at another port of the VLAN already");
		return -EADDRINUSE;
	}
	staged = vms_txn_stage_entry(txn, sw, f->mac, f->vid);
	if (!staged)
		return -ENOMEM;
	if (!staged->reserver && vms_fdb_reserve(port, f->mac, f->vid)) {
		vms_refuse(txn->extack, req, VMS_A_FDB_MAC,
			   "the FDB is full (fdb-max)");
		return -ENOSPC;
	}
	staged->reserver = staged->reserver ?: port;
	staged->port = port;
	return 0;
}

/* Whether there is an entry after the requests so far. */
static bool vms_txn_fdb_exists(struct vms_switch *sw, u64 mac, u16 vid)
{
	const struct vms_fdb_staged *staged = vms_fdb_staged_find(sw, mac, vid);
	struct vms_fdb_entry entry;

	if (staged)
		return staged->port;
	return vms_fdb_find(sw, mac, vid, &entry);
}

static int vms_txn_fdb_del_one(struct vms_txn *txn, struct vms_switch *sw,
			       u64 mac, u16 vid)
{
	struct vms_fdb_staged *staged;

	if (!vms_txn_fdb_exists(sw, mac, vid))
		return -ENOENT;
	staged = vms_txn_stage_entry(txn, sw, mac, vid);
	if (!staged)
		return -ENOMEM;
	staged->port = NULL;
	return 0;
}

/* The entries of an address in all VLANs. */
static int vms_txn_fdb_del_all(struct vms_txn *txn, struct vms_switch *sw,
			       u64 mac)
{
	DECLARE_BITMAP(vids, VMS_N_VID);
	int err, found = -ENOENT;
	unsigned int vid;

	vms_fdb_vids(sw, mac, vids);
	for_each_set_bit(vid, vids, VMS_N_VID) {
		err = vms_txn_fdb_del_one(txn, sw, mac, vid);
		if (!err)
			found = 0;
		else if (err != -ENOENT)
			return err;
	}
	return found;
}

static int vms_txn_fdb_del(struct vms_txn *txn, struct vms_switch *sw,
			   const struct vms_req *req)
{
	const struct vms_fdb_req *f = &req->fdb;
	struct vms_fdb_entry entry;
	int err;

	err = f->vid ? vms_txn_fdb_del_one(txn, sw, f->mac, f->vid) :
		       vms_txn_fdb_del_all(txn, sw, f->mac);
	if (err != -ENOENT)
		return err;
	if (vms_fdb_find(sw, f->mac, VMS_FID_ANY, &entry)) {
		vms_refuse(txn->extack, req, VMS_A_FDB_MAC,
			   "the address is in its port's MAC list (set-mac)");
		return -EBUSY;
	}
	vms_refuse(txn->extack, req, VMS_A_FDB_MAC, "there is no such entry");
	return -ENOENT;
}

static int vms_txn_fdb_flush(struct vms_txn *txn, struct vms_switch *sw,
			     const struct vms_port *port,
			     const struct vms_req *req)
{
	struct vms_fdb_staged *staged;
	int err;

	err = vms_txn_count_walk(txn, req, 0);
	if (err)
		return err;
	staged = vms_txn_stage_flush(txn, sw);
	if (!staged)
		return -ENOMEM;
	staged->filter.mac = req->fdb.mac;
	staged->filter.vid = req->fdb.vid;
	staged->filter.port = port ? port->id : 0;
	staged->filter.type = BIT(VMS_FDB_DYNAMIC);
	return 0;
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
	struct vms_port *port = NULL;

	if (!sw)
		return -ENODEV;
	if (*req->fdb.port) {
		port = vms_port_find(sw, req->fdb.port);
		if (!port) {
			vms_refuse(txn->extack, req, VMS_A_FDB_PORT,
				   "the switch has no port of this name");
			return -ENOENT;
		}
	}
	switch (req->cmd) {
	case VMS_CMD_FDB_NEW:
		return vms_txn_fdb_new(txn, sw, port, req);
	case VMS_CMD_FDB_DEL:
		return vms_txn_fdb_del(txn, sw, req);
	default:
		return vms_txn_fdb_flush(txn, sw, port, req);
	}
}

static void vms_txn_unstage_fdb(struct vms_fdb_staged *fdb)
{
	if (fdb->key)
		rb_erase(&fdb->by_key, &fdb->sw->fdb.staged);
	list_del(&fdb->node);
	kfree(fdb);
}

/**
 * vms_txn_fdbs_abort() - undo all that was staged for the FDB
 * @txn: the transaction; &vms_net.lock is held
 */
void vms_txn_fdbs_abort(struct vms_txn *txn)
{
	struct vms_fdb_staged *fdb, *tmp;

	list_for_each_entry_safe(fdb, tmp, &txn->fdbs, node) {
		if (fdb->reserver)
			vms_fdb_unreserve(fdb->reserver, fdb->filter.mac,
					  fdb->filter.vid);
		vms_txn_unstage_fdb(fdb);
	}
}

static void vms_txn_commit_fdb(struct vms_fdb_staged *fdb)
{
	const struct vms_fdb_filter *f = &fdb->filter;

	if (!fdb->key) {
		vms_fdb_flush(fdb->sw, f);
		return;
	}
	if (!fdb->port) {
		vms_fdb_delete(fdb->sw, f->mac, f->vid);
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
		vms_txn_unstage_fdb(fdb);
	}
}
