// SPDX-License-Identifier: GPL-2.0
/*
 * What a transaction does to ports: staged first, then committed or undone.
 */
#include <linux/etherdevice.h>

#include "event.h"
#include "txn_stage.h"
#include "dataplane/vlan.h"

static struct vms_port_staged *vms_txn_stage(struct vms_txn *txn,
					     struct vms_port *port)
{
	struct vms_port_staged *staged = port->staged;

	if (staged)
		return staged;
	staged = kzalloc(sizeof(*staged), GFP_KERNEL_ACCOUNT);
	if (!staged)
		return NULL;
	staged->port = port;
	strscpy(staged->old_dev, port->dev_name, sizeof(staged->old_dev));
	list_add_tail(&staged->node, &txn->ports);
	port->staged = staged;
	return staged;
}

/**
 * vms_port_planned() - the policy that a port will have
 * @sw: the switch; &vms_net.lock is held
 * @id: the port's id
 *
 * Return: the policy, or NULL if there is no such port or it is going.
 */
const struct vms_policy *vms_port_planned(struct vms_switch *sw, u32 id)
{
	struct vms_port *port;

	rcu_read_lock();
	port = vms_switch_port_rcu(sw, id);
	rcu_read_unlock();
	if (!port)
		return NULL;
	if (!port->staged)
		return vms_port_policy(port);
	if (port->staged->is_del)
		return NULL;
	return port->staged->policy ?: vms_port_policy(port);
}

/* The attributes that live in the policy. */
#define VMS_POLICY_ATTRS						\
	(BIT_ULL(VMS_A_PORT_MACS) | BIT_ULL(VMS_A_PORT_VLAN_MODE) |	\
	 BIT_ULL(VMS_A_PORT_PVID) | BIT_ULL(VMS_A_PORT_VLANS) |		\
	 BIT_ULL(VMS_A_PORT_ADMIN) | BIT_ULL(VMS_A_PORT_LEARNING) |	\
	 BIT_ULL(VMS_A_PORT_MAC_LIMIT) | BIT_ULL(VMS_A_PORT_MAC_GUARD) | \
	 BIT_ULL(VMS_A_PORT_MAC_CHANGE) |				\
	 BIT_ULL(VMS_A_PORT_UNKNOWN_FLOOD) |				\
	 BIT_ULL(VMS_A_PORT_MCAST_FLOOD) |				\
	 BIT_ULL(VMS_A_PORT_BCAST_FLOOD) |				\
	 BIT_ULL(VMS_A_PORT_PRIORITY) | BIT_ULL(VMS_A_PORT_QDISC) |	\
	 BIT_ULL(VMS_A_PORT_AUTOUP) | BIT_ULL(VMS_A_PORT_DOWN_MODE) |	\
	 BIT_ULL(VMS_A_PORT_LINK_FOLLOW) |				\
	 BIT_ULL(VMS_A_PORT_UPLINK_FILTER) | BIT_ULL(VMS_A_PORT_VMQ) |	\
	 BIT_ULL(VMS_A_PORT_VMQ_WEIGHT) | BIT_ULL(VMS_A_PORT_VMQ_CPU) |	\
	 BIT_ULL(VMS_A_PORT_VMQ_DYNAMIC) |				\
	 BIT_ULL(VMS_A_PORT_VMQ_BASE_CPU) |				\
	 BIT_ULL(VMS_A_PORT_VMQ_MAX_CPU))

/* What of a request about addresses or VLANs is to blame. */
static u32 vms_req_guilty_attr(const struct vms_req *req)
{
	static const u32 attrs[] = {
		VMS_A_PORT_MACS, VMS_A_PORT_VLANS, VMS_A_PORT_PVID,
		VMS_A_PORT_VLAN_MODE,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(attrs); i++)
		if (req->set & BIT_ULL(attrs[i]))
			return attrs[i];
	return 0;
}

static int vms_txn_edit_policy(struct vms_txn *txn,
			       struct vms_port_staged *staged,
			       const struct vms_req *req)
{
	const struct vms_policy *old;
	struct vms_policy *new;

	old = staged->policy ?: vms_port_policy(staged->port);
	if (old && !(req->set & VMS_POLICY_ATTRS))
		return 0;
	new = vms_policy_edit(old, staged->port->kind, req, txn->extack);
	if (IS_ERR(new))
		return PTR_ERR(new);
	kfree(staged->policy);
	staged->policy = new;
	if (!staged->req || vms_req_guilty_attr(req))
		staged->req = req;
	return 0;
}

static bool vms_port_will_have_nic(const struct vms_port_staged *staged)
{
	if (staged->nic)
		return true;
	/* Its vNIC is made for the last request only. */
	if (staged->bind_req && staged->port->kind == VMS_NIC_INTERNAL)
		return true;
	return rcu_access_pointer(staged->port->nic) && !staged->unplug;
}

/* The NIC of a device that its port gives up in this transaction, if @port can
 * have it as it is.  An alternative name does not count.
 */
static struct vms_nic *vms_txn_given_up(struct vms_txn *txn,
					const struct vms_port *port,
					struct vms_req *req, const char *name)
{
	struct vms_port *holder = NULL;
	struct vms_nic *nic = NULL;
	struct net_device *dev;

	req->bind.given_up = false;
	req->bind.handed = false;
	if (port->kind == VMS_NIC_INTERNAL)
		return NULL;
	dev = vms_dev_by_name(txn->vn->net, name);
	if (dev)
		nic = vms_nic_of_dev(dev);
	if (nic)
		holder = vms_nic_port_rtnl(nic);
	if (!holder || !holder->staged || !holder->staged->unplug)
		return NULL;
	req->bind.given_up = true;
	req->bind.handed = nic->sw == port->sw && nic->ops->kind == port->kind;
	return req->bind.handed ? nic : NULL;
}

/* Whether a vNIC's device can have this name.  When requests are prepared for
 * good, it has been made.
 */
static int vms_txn_check_vnic(struct vms_txn *txn, const struct vms_req *req,
			      const char *name)
{
	const u32 attr = req->set & BIT_ULL(VMS_A_PORT_DEV) ? VMS_A_PORT_DEV :
							      VMS_A_PORT_NAME;

	if (!txn->rehearsal || req->port.vnic)
		return 0;
	if (!dev_valid_name(name) || strchr(name, '%')) {
		vms_refuse(txn->extack, req, attr,
			   "not a name that a vNIC's device can have");
		return -EINVAL;
	}
	if (__dev_get_by_name(req->port.net ?: txn->vn->net, name)) {
		vms_refuse(txn->extack, req, attr,
			   "a device of this name exists already");
		return -EEXIST;
	}
	return 0;
}

static int vms_txn_bind(struct vms_txn *txn, struct vms_port_staged *staged,
			struct vms_req *req, const char *dev)
{
	struct vms_port *port = staged->port;
	struct vms_port *other = NULL;
	int err;

	if (!*dev) {
		vms_port_bind(port, "");
		staged->unplug = rcu_access_pointer(port->nic);
		staged->nic = NULL;
		staged->bind_req = NULL;
		return 0;
	}
	if (!strcmp(port->dev_name, dev) && vms_port_will_have_nic(staged))
		return 0;
	if (port->kind == VMS_NIC_INTERNAL && vms_port_will_have_nic(staged)) {
		vms_refuse(txn->extack, req, VMS_A_PORT_DEV,
			   "the port has its vNIC");
		return -EEXIST;
	}
	if (port->kind == VMS_NIC_INTERNAL) {
		err = vms_txn_check_vnic(txn, req, dev);
		if (err)
			return err;
	} else {
		other = vms_port_find_binding(txn->vn, dev);
	}
	if (other && other != port) {
		vms_refuse(txn->extack, req, VMS_A_PORT_DEV,
			   "another port is bound to this device: disconnect that one first");
		return -EBUSY;
	}
	vms_port_bind(port, dev);
	strscpy(req->bind.dev, dev, sizeof(req->bind.dev));
	req->bind.kind = port->kind;
	staged->bind_req = req;
	staged->unplug = rcu_access_pointer(port->nic);
	staged->nic = req->nic ?: vms_txn_given_up(txn, port, req, dev);
	return 0;
}

/* Which NIC kinds a switch takes. */
static int vms_txn_check_kind(struct vms_txn *txn, struct vms_switch *sw,
			      const struct vms_req *req)
{
	switch (req->port.kind) {
	case VMS_NIC_EXTERNAL:
		if (vms_txn_type(txn, sw) != VMS_SWITCH_EXTERNAL) {
			vms_refuse(txn->extack, req, VMS_A_PORT_KIND,
				   "only a switch of type external has an uplink");
			return -EINVAL;
		}
		if (sw->uplink) {
			vms_refuse(txn->extack, req, VMS_A_PORT_KIND,
				   "the switch has an uplink already");
			return -EBUSY;
		}
		return 0;
	case VMS_NIC_INTERNAL:
		if (vms_txn_type(txn, sw) == VMS_SWITCH_PRIVATE) {
			vms_refuse(txn->extack, req, VMS_A_PORT_KIND,
				   "a switch of type private is for guests only");
			return -EINVAL;
		}
		return 0;
	default:
		return 0;
	}
}

/* add-nic on an internal port whose vNIC is gone makes the vNIC again, and
 * "ip link set DEV master SWITCH" plugs DEV into a free port of that name.
 */
static bool vms_port_wants_nic(const struct vms_port *port,
			       const struct vms_req *req)
{
	if (rcu_access_pointer(port->nic) || port->staged)
		return false;
	if (port->kind == VMS_NIC_INTERNAL)
		return req->port.kind == VMS_NIC_INTERNAL;
	return req->port.slave;
}

/**
 * vms_txn_port_new() - stage VMS_CMD_PORT_NEW
 * @txn: the transaction; &vms_net.lock is held
 * @sw: the switch
 * @req: the request
 *
 * Return: 0 or an error.
 */
int vms_txn_port_new(struct vms_txn *txn, struct vms_switch *sw,
		     struct vms_req *req)
{
	struct vms_port *port = vms_port_find(sw, req->port.name);
	struct vms_port_staged *staged;
	const char *dev = req->port.dev;
	int err;

	if (port && vms_port_wants_nic(port, req))
		return vms_txn_port_set(txn, sw, req);
	if (port) {
		vms_refuse(txn->extack, req, VMS_A_PORT_NAME,
			   "a port of this name exists already");
		return -EEXIST;
	}
	/* iproute2 names a port like its device. */
	if (!vms_port_name_valid(req->port.name)) {
		vms_refuse(txn->extack, req, VMS_A_PORT_NAME,
			   "the device's name is none that a port can have: printable ASCII characters but space and slash");
		return -EINVAL;
	}
	err = vms_txn_check_kind(txn, sw, req);
	if (err)
		return err;

	port = vms_port_alloc(sw, req->port.name, req->port.kind);
	if (IS_ERR(port)) {
		if (PTR_ERR(port) == -ENOSPC)
			vms_refuse(txn->extack, req, VMS_A_PORT_NAME,
				   "the switch has as many ports as it can have");
		return PTR_ERR(port);
	}
	staged = vms_txn_stage(txn, port);
	if (!staged) {
		vms_port_unhash(port);
		vms_port_free(port);
		return -ENOMEM;
	}
	staged->is_new = true;
	if (req->port.kind == VMS_NIC_INTERNAL &&
	    !(req->set & BIT_ULL(VMS_A_PORT_MACS))) {
		req->port.macs = req->port.random_mac;
		req->port.n_macs = 1;
		req->set |= BIT_ULL(VMS_A_PORT_MACS);
	}
	if (req->port.slave) {
		dev = req->port.slave->name;
		vms_port_set_state(port, 0, VMS_PORT_S_AUTO);
	} else if (req->port.kind == VMS_NIC_INTERNAL && !*dev) {
		dev = req->port.vnic ? req->port.vnic->dev->name :
				       req->port.name;
	}
	err = vms_txn_edit_policy(txn, staged, req);
	if (!err && *dev)
		err = vms_txn_bind(txn, staged, req, dev);
	return err;
}

/**
 * vms_txn_port_set() - stage VMS_CMD_PORT_SET
 * @txn: the transaction; &vms_net.lock is held
 * @sw: the switch
 * @req: the request
 *
 * Return: 0 or an error.
 */
int vms_txn_port_set(struct vms_txn *txn, struct vms_switch *sw,
		     struct vms_req *req)
{
	struct vms_port *port = vms_port_find(sw, req->port.name);
	struct vms_port_staged *staged;
	const char *dev = req->port.dev;
	int err;

	if (!port) {
		vms_refuse(txn->extack, req, VMS_A_PORT_NAME,
			   "the switch has no port of this name");
		return -ENOENT;
	}
	if (req->set & BIT_ULL(VMS_A_PORT_KIND) &&
	    req->port.kind != port->kind) {
		vms_refuse(txn->extack, req, VMS_A_PORT_KIND,
			   "what a port takes is fixed when it is made");
		return -EINVAL;
	}
	staged = vms_txn_stage(txn, port);
	if (!staged)
		return -ENOMEM;
	/* A port that an admin has set is no longer iproute2's to remove. */
	staged->clear_auto = true;
	err = vms_txn_edit_policy(txn, staged, req);
	if (err)
		return err;
	if (req->port.slave)
		dev = req->port.slave->name;
	else if (req->cmd == VMS_CMD_PORT_NEW && !*dev)
		dev = *port->dev_name ? port->dev_name : port->name;
	else if (!(req->set & BIT_ULL(VMS_A_PORT_DEV)))
		return 0;
	return vms_txn_bind(txn, staged, req, dev);
}

/**
 * vms_txn_port_del() - stage VMS_CMD_PORT_DEL
 * @txn: the transaction; &vms_net.lock is held
 * @sw: the switch
 * @req: the request
 *
 * Return: 0 or an error.
 */
int vms_txn_port_del(struct vms_txn *txn, struct vms_switch *sw,
		     struct vms_req *req)
{
	struct vms_port *port = vms_port_find(sw, req->port.name);
	struct vms_port_staged *staged;

	if (!port) {
		vms_refuse(txn->extack, req, VMS_A_PORT_NAME,
			   "the switch has no port of this name");
		return -ENOENT;
	}
	staged = vms_txn_stage(txn, port);
	if (!staged)
		return -ENOMEM;
	staged->unplug = rcu_access_pointer(port->nic);
	if (req->port.if_auto && !(READ_ONCE(port->state) & VMS_PORT_S_AUTO))
		return 0;
	staged->is_del = true;
	vms_port_unhash(port);
	return 0;
}

/* A device is attached for the last request that binds a port, with what the
 * requests behind it have made of the port.
 */
static void vms_txn_note_bind(const struct vms_port_staged *staged)
{
	const struct vms_policy *pol;

	if (!staged->bind_req || staged->is_del)
		return;
	pol = staged->policy ?: vms_port_policy(staged->port);
	staged->bind_req->bind.mac = pol->n_macs ? pol->macs[0] : 0;
	staged->bind_req->bind.last = true;
}

/**
 * vms_txn_ports_reserve() - take all that committing the ports needs
 * @txn: the transaction; &vms_net.lock is held
 *
 * Only now, when all requests are staged, is it known which ports will have
 * which addresses in which VLANs.
 *
 * Return: 0 or an error.
 */
int vms_txn_ports_reserve(struct vms_txn *txn)
{
	struct vms_port_staged *staged;
	int err;

	list_for_each_entry(staged, &txn->ports, node) {
		cond_resched();
		vms_txn_note_bind(staged);
		if (!staged->policy || staged->is_del)
			continue;
		err = vms_port_reserve(staged->port, staged->policy,
				       txn->extack);
		if (err) {
			vms_txn_blame(txn, staged->req,
				      vms_req_guilty_attr(staged->req));
			return err;
		}
		staged->reserved = true;
	}
	return 0;
}

static int vms_txn_port_check(struct vms_txn *txn,
			      const struct vms_port_staged *staged)
{
	const struct vms_port *port = staged->port;
	struct vms_req *req = staged->bind_req;
	struct net_device *dev;
	struct vms_nic *nic;

	if (!req || !req->bind.last || req->bind.handed ||
	    port->kind == VMS_NIC_INTERNAL)
		return 0;
	dev = req->port.slave ?: vms_dev_by_name(txn->vn->net, req->bind.dev);
	if (!dev)
		return 0;
	nic = vms_nic_of_dev(dev);
	if (nic && vms_nic_port_rtnl(nic) == port)
		return 0;
	return vms_nic_check(port->sw, port->kind, dev, req->bind.given_up,
			     txn->extack);
}

/**
 * vms_txn_ports_check() - whether the devices that exist could be attached
 * @txn: the transaction, prepared; RTNL and &vms_net.lock are held
 *
 * Return: 0 or an error.
 */
int vms_txn_ports_check(struct vms_txn *txn)
{
	struct vms_port_staged *staged;
	int err;

	list_for_each_entry(staged, &txn->ports, node) {
		err = vms_txn_port_check(txn, staged);
		if (err) {
			vms_txn_blame(txn, staged->bind_req, VMS_A_PORT_DEV);
			return err;
		}
	}
	return 0;
}

static void vms_txn_port_abort(struct vms_txn *txn,
			       struct vms_port_staged *staged)
{
	struct vms_port *port = staged->port;

	if (staged->reserved)
		vms_port_unreserve(port, staged->policy);
	if (staged->is_new) {
		if (!staged->is_del)
			vms_port_unhash(port);
		list_add_tail(&port->node, &txn->dead);
	} else if (staged->is_del) {
		vms_port_rehash(port);
	}
	if (!staged->is_new && strcmp(port->dev_name, staged->old_dev))
		vms_port_bind(port, staged->old_dev);
}

static void vms_txn_unstage(struct vms_port_staged *staged)
{
	staged->port->staged = NULL;
	list_del(&staged->node);
	kfree(staged->policy);
	kfree(staged);
}

/**
 * vms_txn_ports_abort() - undo all that was staged for ports
 * @txn: the transaction; &vms_net.lock is held
 *
 * The data path has seen nothing of it.
 */
void vms_txn_ports_abort(struct vms_txn *txn)
{
	struct vms_port_staged *staged, *tmp;

	list_for_each_entry_reverse(staged, &txn->ports, node) {
		vms_txn_port_abort(txn, staged);
		cond_resched();
	}
	list_for_each_entry_safe(staged, tmp, &txn->ports, node)
		vms_txn_unstage(staged);
}

static void vms_txn_port_unplug(struct vms_txn *txn, struct vms_port *port)
{
	struct vms_nic *nic = vms_port_unplug(port);

	if (nic) {
		list_add_tail(&nic->node, &txn->nics);
		txn->need_sync = true;
	}
}

/* The port that has the NIC may be one whose turn is yet to come. */
static void vms_txn_port_plug(struct vms_txn *txn, struct vms_port *port,
			      struct vms_nic *nic)
{
	struct vms_port *holder = vms_nic_port_rtnl(nic);

	if (holder)
		vms_txn_port_unplug(txn, holder);
	list_del_init(&nic->node);
	vms_port_plug(port, nic);
}

static void vms_txn_port_commit(struct vms_txn *txn,
				struct vms_port_staged *staged)
{
	struct vms_port *port = staged->port;

	if (staged->is_del) {
		if (!staged->is_new)
			vms_event_port(port, VMS_CMD_PORT_DEL_NTF);
		vms_port_withdraw(port);
		list_add_tail(&port->node, &txn->dead);
		txn->need_sync = true;
		return;
	}
	if (staged->policy) {
		vms_port_publish(port, staged->policy);
		staged->policy = NULL;
		txn->need_sync |= !staged->is_new;
	}
	if (staged->clear_auto)
		vms_port_set_state(port, VMS_PORT_S_AUTO, 0);
	if (staged->nic)
		vms_txn_port_plug(txn, port, staged->nic);
	vms_event_port(port, staged->is_new ? VMS_CMD_PORT_ADD_NTF :
					      VMS_CMD_PORT_CHANGE_NTF);
}

static void vms_txn_conform(struct vms_txn *txn)
{
	struct vms_port_staged *staged;

	list_for_each_entry(staged, &txn->ports, node)
		vms_fdb_conform(staged->port->sw);
}

/**
 * vms_txn_ports_commit() - make all that was staged for ports true; can not
 *	fail
 * @txn: the transaction; &vms_net.lock is held, and RTNL if a NIC is concerned
 */
void vms_txn_ports_commit(struct vms_txn *txn)
{
	struct vms_port_staged *staged, *tmp;

	/* Each port forgets before another NIC is plugged into it, all by one
	 * walk of the FDB.
	 */
	list_for_each_entry(staged, &txn->ports, node) {
		if (!staged->unplug)
			continue;
		vms_txn_port_unplug(txn, staged->port);
		vms_fdb_doubt(staged->port);
	}
	vms_txn_conform(txn);
	list_for_each_entry(staged, &txn->ports, node) {
		vms_txn_port_commit(txn, staged);
		cond_resched();
	}
	vms_txn_conform(txn);
	list_for_each_entry_safe(staged, tmp, &txn->ports, node)
		vms_txn_unstage(staged);
}
