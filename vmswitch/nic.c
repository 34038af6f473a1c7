// SPDX-License-Identifier: GPL-2.0
/*
 * Life cycle of NICs: which device may be plugged, how it is attached and
 * detached, and what follows from what happens to it.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/slab.h>
#include <net/dsa.h>

#include "event.h"
#include "txn.h"
#include "nic/lower.h"
#include "nic/vnic.h"
#include "vmq/vmq.h"

static const struct vms_nic_ops *const nic_kinds[] = {
	[VMS_NIC_NETDEV]	= &vms_netdev_nic_ops,
	[VMS_NIC_EXTERNAL]	= &vms_external_nic_ops,
	[VMS_NIC_INTERNAL]	= &vms_vnic_nic_ops,
};

static int nic_dev_is_ours(struct net_device *dev,
			   struct netdev_nested_priv *priv)
{
	return vms_is_switch(dev) || vms_is_vnic(dev);
}

/* Whether a frame sent to @dev may end up in a switch again. */
static bool nic_leads_to_switch(struct net_device *dev)
{
	struct netdev_nested_priv priv = {};

	return nic_dev_is_ours(dev, &priv) ||
	       netdev_walk_all_lower_dev(dev, nic_dev_is_ours, &priv);
}

static int nic_dev_is_switch(struct net_device *dev,
			     struct netdev_nested_priv *priv)
{
	return vms_is_switch(dev);
}

/* Whether a switch sends to @dev, maybe by devices stacked on it. */
static bool nic_comes_from_switch(struct net_device *dev)
{
	struct netdev_nested_priv priv = {};
	int found;

	rcu_read_lock();
	found = netdev_walk_all_upper_dev_rcu(dev, nic_dev_is_switch, &priv);
	rcu_read_unlock();
	return found;
}

static int nic_check_ethernet(const struct net_device *dev,
			      struct netlink_ext_ack *extack)
{
	if (dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack, "the loopback device can not be plugged");
		return -EINVAL;
	}
	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN ||
	    !is_valid_ether_addr(dev->dev_addr)) {
		NL_SET_ERR_MSG(extack, "not an Ethernet device");
		return -EINVAL;
	}
	return 0;
}

static int nic_check_free(struct net_device *dev, bool given_up,
			  struct netlink_ext_ack *extack)
{
	if (!given_up && netdev_master_upper_dev_get(dev)) {
		NL_SET_ERR_MSG(extack, "the device has a master already");
		return -EBUSY;
	}
	if (dev->priv_flags & IFF_DONT_BRIDGE) {
		NL_SET_ERR_MSG(extack, "the device does not allow to be bridged");
		return -EOPNOTSUPP;
	}
	if (netdev_uses_dsa(dev)) {
		NL_SET_ERR_MSG(extack, "the device is the conduit of a DSA switch");
		return -EOPNOTSUPP;
	}
	if (dev->priv_flags & IFF_NO_RX_HANDLER) {
		NL_SET_ERR_MSG(extack, "the device does not give its frames away");
		return -EOPNOTSUPP;
	}
	if (!given_up && netdev_is_rx_handler_busy(dev)) {
		NL_SET_ERR_MSG(extack, "the device's frames go elsewhere already");
		return -EBUSY;
	}
	return 0;
}

/**
 * vms_nic_check() - check whether a device may be plugged into a switch
 * @sw: the switch
 * @kind: &enum vms_nic_kind
 * @dev: the device
 * @given_up: a port of ours has it, and will not when it is attached
 * @extack: where a refusal is explained; after success it may hold a warning
 *
 * Whether the type of the switch allows @kind is not checked here.
 *
 * Context: RTNL is held, &vms_net.lock is not.
 * Return: 0 or a negative error number.
 */
int vms_nic_check(struct vms_switch *sw, u8 kind, struct net_device *dev,
		  bool given_up, struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();
	if (kind == VMS_NIC_INTERNAL) {
		NL_SET_ERR_MSG(extack, "a port of kind internal makes its own device");
		return -EINVAL;
	}
	if (dev->reg_state != NETREG_REGISTERED ||
	    !net_eq(dev_net(dev), dev_net(sw->dev))) {
		NL_SET_ERR_MSG(extack, "the device is not in the switch's network namespace");
		return -ENODEV;
	}
	if (nic_leads_to_switch(dev)) {
		NL_SET_ERR_MSG(extack, "the device is, or is stacked on, a device of a switch");
		return -ELOOP;
	}
	err = nic_check_ethernet(dev, extack);
	if (err)
		return err;
	err = nic_check_free(dev, given_up, extack);
	if (err)
		return err;

	if (vms_lower_has_vlans(dev))
		NL_SET_ERR_MSG(extack,
			       "VLAN devices on the device take the frames of their VLANs before the switch");
	if (nic_kinds[kind]->check)
		return nic_kinds[kind]->check(sw, dev, extack);
	return 0;
}

/**
 * vms_nic_attach() - make a NIC of a foreign device
 * @sw: the switch
 * @kind: &enum vms_nic_kind, not internal
 * @dev: the device
 * @extack: where a refusal is explained
 *
 * Until the NIC is plugged, the device's frames go on to the stack.
 *
 * Context: RTNL is held, &vms_net.lock is not.
 * Return: the NIC or an ERR_PTR().
 */
struct vms_nic *vms_nic_attach(struct vms_switch *sw, u8 kind,
			       struct net_device *dev,
			       struct netlink_ext_ack *extack)
{
	struct vms_nic *nic;
	int err;

	err = vms_nic_check(sw, kind, dev, false, extack);
	if (err)
		return ERR_PTR(err);

	nic = vms_lower_alloc(nic_kinds[kind], sw, dev);
	if (!nic)
		return ERR_PTR(-ENOMEM);

	err = nic->ops->attach(nic, extack);
	if (err)
		goto err_nic;
	nic->attached = true;
	return nic;

err_nic:
	vms_lower_free(nic);
	return ERR_PTR(err);
}

/**
 * vms_nic_detach() - undo vms_nic_attach() or vms_vnic_create()
 * @nic: the NIC, not plugged any more; not to be used afterwards
 * @kill: where the device of a vNIC is queued to be unregistered; NULL: it is
 *	unregistered at once
 *
 * Context: RTNL is held, &vms_net.lock is not.
 */
void vms_nic_detach(struct vms_nic *nic, struct list_head *kill)
{
	ASSERT_RTNL();
	nic->attached = false;
	/* What a transaction does to one device may have another one go. */
	list_del_init(&nic->node);
	nic->ops->detach(nic, kill);
}

/**
 * vms_nic_of_dev() - find the NIC of a device
 * @dev: a foreign device or a vNIC
 *
 * Context: RTNL is held.
 * Return: the NIC, plugged or not, or NULL.
 */
struct vms_nic *vms_nic_of_dev(const struct net_device *dev)
{
	if (vms_is_vnic(dev))
		return &vms_vnic(dev)->nic;
	return vms_lower_of_dev(dev);
}

/**
 * vms_nic_carrier() - whether a NIC can carry frames
 * @nic: the NIC
 *
 * A vNIC's own carrier shows its guest the port's link, of which this is a
 * condition: a vNIC has what it takes as soon as it is up.
 *
 * Context: RTNL is held.
 * Return: true if it can.
 */
bool vms_nic_carrier(const struct vms_nic *nic)
{
	return netif_running(nic->dev) &&
	       (nic->ops->kind == VMS_NIC_INTERNAL ||
		netif_carrier_ok(nic->dev));
}

/**
 * vms_nic_link_changed() - have vms_nic_link_work() look at a port
 * @port: the port; the caller keeps it alive
 *
 * Context: any but hard interrupts.
 */
void vms_nic_link_changed(struct vms_port *port)
{
	struct vms_net *vn = port->sw->vn;

	spin_lock_bh(&vn->link_lock);
	if (list_empty(&port->link_node))
		list_add_tail(&port->link_node, &vn->link_pending);
	spin_unlock_bh(&vn->link_lock);
	queue_work(vms_wq, &vn->link_work);
}

static struct vms_port *nic_next_pending(struct vms_net *vn)
{
	struct vms_port *port;

	spin_lock_bh(&vn->link_lock);
	port = list_first_entry_or_null(&vn->link_pending, struct vms_port,
					link_node);
	if (port)
		list_del_init(&port->link_node);
	spin_unlock_bh(&vn->link_lock);
	return port;
}

static void nic_show_link(struct vms_port *port)
{
	struct vms_nic *nic = rcu_dereference_protected(port->nic,
							vms_locked(port->sw->vn));

	if (nic && port->kind == VMS_NIC_INTERNAL)
		vms_vnic_show_link(nic, port);
}

/**
 * vms_nic_show_links() - the uplink's link changed: show it to who follows it
 * @sw: the switch; &vms_net.lock is held
 */
void vms_nic_show_links(struct vms_switch *sw)
{
	struct vms_port *port;

	list_for_each_entry(port, &sw->port_list, node)
		nic_show_link(port);
}

static void nic_link_followed(struct vms_port *port)
{
	const struct vms_fdb_filter filter = {
		.port = port->id,
		.type = BIT(VMS_FDB_DYNAMIC),
	};
	struct vms_switch *sw = port->sw;

	if (!(READ_ONCE(port->state) & VMS_PORT_S_LINK) &&
	    READ_ONCE(port->n_dynamic))
		vms_fdb_flush(sw, &filter);
	nic_show_link(port);
	if (port == sw->uplink)
		vms_nic_show_links(sw);
	/* A port that is being deleted has said so already. */
	if (vms_port_policy(port))
		vms_event_port(port, VMS_CMD_PORT_LINK_NTF);
	/* Who is unplugged gives up its queue. */
	if (vms_port_policy(port) && vms_port_policy(port)->vmq)
		vms_vmq_kick(sw->vn);
}

/* One walk of an FDB is for all ports that have lost their links: a host that
 * shuts down its guests has thousands.
 */
static void nic_forget_lost(struct vms_net *vn)
{
	struct vms_switch *sw;
	struct vms_port *port;

	spin_lock_bh(&vn->link_lock);
	list_for_each_entry(port, &vn->link_pending, link_node)
		if (!(READ_ONCE(port->state) & VMS_PORT_S_LINK))
			vms_fdb_doubt(port);
	spin_unlock_bh(&vn->link_lock);
	list_for_each_entry(sw, &vn->switches, node)
		vms_fdb_conform(sw);
}

/**
 * vms_nic_link_work() - what follows from a change of a port's link
 * @work: &vms_net.link_work
 *
 * A port whose link went away and came back in the meantime is as it was, but
 * for what was learned in between.
 */
void vms_nic_link_work(struct work_struct *work)
{
	struct vms_net *vn = container_of(work, struct vms_net, link_work);
	struct vms_port *port;

	mutex_lock(&vn->lock);
	nic_forget_lost(vn);
	while ((port = nic_next_pending(vn)))
		nic_link_followed(port);
	mutex_unlock(&vn->lock);
}

/**
 * vms_nic_unplug() - a NIC's device goes: take it out of its port, which stays
 * @nic: the NIC; nothing is done if it is not plugged
 *
 * Context: RTNL is held, &vms_net.lock is not.
 */
void vms_nic_unplug(struct vms_nic *nic)
{
	struct vms_port *port = vms_nic_port_rtnl(nic);
	struct vms_net *vn;

	ASSERT_RTNL();
	if (!port)
		return;
	vn = port->sw->vn;
	mutex_lock(&vn->lock);
	vms_port_unplug(port);
	vms_nic_link_changed(port);
	mutex_unlock(&vn->lock);
}

/**
 * struct nic_candidate - a port whose device has appeared
 * @node: in the list of all
 * @sw: the switch, which stays while RTNL is held
 * @kind: &enum vms_nic_kind
 * @name: name of the device
 */
struct nic_candidate {
	struct list_head node;
	struct vms_switch *sw;
	u8 kind;
	char name[IFNAMSIZ];
};

/* The free device of this name. */
static struct net_device *nic_find_free(struct vms_net *vn, const char *name)
{
	struct net_device *dev = vms_dev_by_name(vn->net, name);

	if (!dev || dev->reg_state != NETREG_REGISTERED ||
	    netdev_is_rx_handler_busy(dev))
		return NULL;
	return dev;
}

static void nic_set_candidate(struct nic_candidate *c,
			      const struct vms_port *port)
{
	c->sw = port->sw;
	c->kind = port->kind;
	strscpy(c->name, port->dev_name, sizeof(c->name));
}

static void nic_collect(struct vms_net *vn, struct list_head *candidates)
{
	struct nic_candidate *c;
	struct vms_port *port;
	int bucket;

	hash_for_each(vn->bindings, bucket, port, bind_node) {
		if (vms_port_nic(port) || !nic_find_free(vn, port->dev_name))
			continue;
		c = kmalloc(sizeof(*c), GFP_KERNEL);
		if (!c)
			return;
		nic_set_candidate(c, port);
		list_add_tail(&c->node, candidates);
	}
}

/* The mutex was released meanwhile: the port may be gone, or bound elsewhere. */
static bool nic_plug_candidate(struct vms_net *vn,
			       const struct nic_candidate *c,
			       struct vms_nic *nic)
{
	struct vms_port *port;

	port = vms_port_find_binding(vn, c->name);
	if (!port || port->sw != c->sw || port->kind != c->kind ||
	    vms_port_nic(port))
		return false;
	vms_port_plug(port, nic);
	vms_nic_link_changed(port);
	return true;
}

static void nic_try_candidate(struct vms_net *vn,
			      const struct nic_candidate *c,
			      struct netlink_ext_ack *extack)
{
	struct netlink_ext_ack unread = {};
	struct net_device *dev;
	struct vms_nic *nic;
	bool plugged;

	dev = nic_find_free(vn, c->name);
	if (!dev)
		return;
	nic = vms_nic_attach(c->sw, c->kind, dev, extack ?: &unread);
	if (IS_ERR(nic)) {
		netdev_dbg(dev, "not plugged into %s: %s\n",
			   vms_switch_name(c->sw),
			   (extack ?: &unread)->_msg ?: "no memory");
		return;
	}
	mutex_lock(&vn->lock);
	plugged = nic_plug_candidate(vn, c, nic);
	mutex_unlock(&vn->lock);
	if (plugged)
		nic->ops->plugged(nic, extack);
	else
		vms_nic_detach(nic, NULL);
}

/**
 * vms_nic_plug_bound() - plug a device that a transaction has made free
 * @vn: the namespace
 * @name: its name; a port without a NIC may be bound to it
 * @extack: where it is told if it can not be plugged: the port stays bound
 *
 * Context: RTNL is held, &vms_net.lock is not.
 */
void vms_nic_plug_bound(struct vms_net *vn, const char *name,
			struct netlink_ext_ack *extack)
{
	struct nic_candidate c = {};
	struct vms_port *port;

	mutex_lock(&vn->lock);
	port = vms_port_find_binding(vn, name);
	if (port && !vms_port_nic(port))
		nic_set_candidate(&c, port);
	mutex_unlock(&vn->lock);
	if (c.sw)
		nic_try_candidate(vn, &c, extack);
}

/* A plugged device that was renamed stays plugged, and its port's binding takes
 * the new name, unless another port waits for a device of that name.
 */
static void nic_follow_names(struct vms_net *vn)
{
	struct hlist_node *tmp;
	struct vms_port *port;
	struct vms_nic *nic;
	int bucket;

	hash_for_each_safe(vn->bindings, bucket, tmp, port, bind_node) {
		nic = vms_port_nic(port);
		if (!nic || !strcmp(nic->dev->name, port->dev_name) ||
		    vms_port_find_binding(vn, nic->dev->name))
			continue;
		vms_port_bind(port, nic->dev->name);
		vms_event_port(port, VMS_CMD_PORT_CHANGE_NTF);
	}
}

/* Set up again what an uplink's device filters. */
static void nic_refresh_uplink(struct vms_switch *sw)
{
	struct vms_nic *nic;

	mutex_lock(&sw->vn->lock);
	nic = sw->uplink ? vms_port_nic(sw->uplink) : NULL;
	mutex_unlock(&sw->vn->lock);
	if (!nic || !nic->stale)
		return;
	nic->stale = false;
	nic->ops->plugged(nic, NULL);
}

/**
 * vms_nic_bind_work() - plug devices that have appeared under a bound name, and
 *	look again at uplinks whose features have changed
 * @work: &vms_net.bind_work
 */
void vms_nic_bind_work(struct work_struct *work)
{
	struct vms_net *vn = container_of(work, struct vms_net, bind_work);
	struct nic_candidate *c, *tmp;
	struct vms_switch *sw;
	LIST_HEAD(candidates);

	rtnl_lock();
	if (vn->exiting)
		goto out;

	mutex_lock(&vn->lock);
	nic_follow_names(vn);
	nic_collect(vn, &candidates);
	mutex_unlock(&vn->lock);

	list_for_each_entry_safe(c, tmp, &candidates, node) {
		nic_try_candidate(vn, c, NULL);
		kfree(c);
	}
	list_for_each_entry(sw, &vn->switches, node)
		nic_refresh_uplink(sw);
out:
	rtnl_unlock();
}

/* Notifiers: RTNL is held; on 7.x, but for NETDEV_UNREGISTER, maybe the
 * instance lock of the device too, so that the mutex can not be taken.
 */

static void nic_queue_bind(const struct net_device *dev)
{
	struct vms_net *vn = vms_net(dev_net(dev));

	/* The loopback device of a new namespace comes before our part of it. */
	if (vn && !vn->exiting)
		queue_work(vms_wq, &vn->bind_work);
}

static void nic_carrier_changed(struct net_device *dev)
{
	struct vms_nic *nic = vms_lower_of_dev(dev);
	struct vms_port *port = nic ? vms_nic_port_rtnl(nic) : NULL;

	if (port)
		vms_port_set_state(port, VMS_PORT_S_CARRIER,
				   vms_nic_carrier(nic) ?
				   VMS_PORT_S_CARRIER : 0);
}

/* Its VLAN filter may be there now, or no more. */
static void nic_features_changed(struct net_device *dev)
{
	struct vms_nic *nic = vms_lower_of_dev(dev);
	struct vms_port *port = nic ? vms_nic_port_rtnl(nic) : NULL;

	if (!port || port->kind != VMS_NIC_EXTERNAL)
		return;
	nic->stale = true;
	nic_queue_bind(dev);
}

static void nic_mtu_changed(struct net_device *dev)
{
	struct vms_nic *nic = vms_nic_of_dev(dev);
	struct vms_port *port = nic ? vms_nic_port_rtnl(nic) : NULL;

	if (port)
		vms_nic_link_changed(port);
}

/* A port that "ip link set DEV master SWITCH" has made goes with its device. */
static void nic_delete_auto_port(const struct vms_port *port)
{
	struct vms_req req = {
		.cmd = VMS_CMD_PORT_DEL,
		.port.if_auto = true,
	};

	strscpy(req.sw_name, vms_switch_name(port->sw), sizeof(req.sw_name));
	strscpy(req.port.name, port->name, sizeof(req.port.name));
	vms_req_run(port->sw->vn, &req, false, true, NULL);
}

static void nic_unregistered(struct net_device *dev)
{
	struct vms_port *port;
	struct vms_nic *nic;

	if (vms_is_vnic(dev)) {
		/* A vNIC that only moves to another namespace stays plugged. */
		if (dev->reg_state == NETREG_UNREGISTERING)
			vms_nic_unplug(vms_nic_of_dev(dev));
		return;
	}

	nic = vms_lower_of_dev(dev);
	if (!nic)
		return;
	port = vms_nic_port_rtnl(nic);
	if (port && READ_ONCE(port->state) & VMS_PORT_S_AUTO)
		nic_delete_auto_port(port);

	/* The port stays, or there was no memory to delete it. */
	nic = vms_lower_of_dev(dev);
	if (nic) {
		vms_nic_unplug(nic);
		vms_nic_detach(nic, NULL);
	}
}

static int nic_pre_changeupper(struct net_device *dev,
			       struct netdev_notifier_changeupper_info *info)
{
	if (!info->linking || vms_is_switch(info->upper_dev) ||
	    !nic_leads_to_switch(dev) ||
	    !nic_comes_from_switch(info->upper_dev))
		return 0;
	NL_SET_ERR_MSG(info->info.extack,
		       "a device plugged into a switch can not be stacked on a device of a switch");
	return -ELOOP;
}

/* A device that another master has released may be waited for. */
static void nic_changed_upper(struct net_device *dev,
			      struct netdev_notifier_changeupper_info *info)
{
	if (info->master && !info->linking && !vms_is_switch(info->upper_dev))
		nic_queue_bind(dev);
}

static int nic_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_CHANGENAME:
		nic_queue_bind(dev);
		break;
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
		nic_carrier_changed(dev);
		vms_vmq_event(dev);
		break;
	case NETDEV_FEAT_CHANGE:
		nic_features_changed(dev);
		vms_vmq_event(dev);
		break;
	case NETDEV_CHANGEMTU:
		nic_mtu_changed(dev);
		break;
	case NETDEV_UNREGISTER:
		nic_unregistered(dev);
		break;
	case NETDEV_PRE_CHANGEADDR:
		if (vms_is_vnic(dev))
			return notifier_from_errno(vms_vnic_pre_changeaddr(dev, ptr));
		break;
	case NETDEV_PRECHANGEUPPER:
		return notifier_from_errno(nic_pre_changeupper(dev, ptr));
	case NETDEV_CHANGEUPPER:
		nic_changed_upper(dev, ptr);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block nic_notifier = {
	.notifier_call = nic_event,
};

/**
 * vms_nic_init() - begin to watch devices
 *
 * Return: 0 or a negative error number.
 */
int vms_nic_init(void)
{
	return register_netdevice_notifier(&nic_notifier);
}

/**
 * vms_nic_exit() - cease to watch devices; no switch is left
 */
void vms_nic_exit(void)
{
	unregister_netdevice_notifier(&nic_notifier);
}
