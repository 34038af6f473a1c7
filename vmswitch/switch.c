// SPDX-License-Identifier: GPL-2.0
/*
 * Life cycle of a switch and its netdev.
 */
#include <linux/ethtool.h>
#include <linux/etherdevice.h>
#include <net/rtnetlink.h>

#include "event.h"
#include "txn.h"
#include "dataplane/pool.h"
#include "dataplane/trace.h"
#include "dataplane/vlan.h"
#include "netlink/netlink.h"

/* Switches that the root of a user namespace may make in one namespace. */
#define VMS_SWITCHES_USERNS	64
#define VMS_PORT_TABLE_MIN	16

static const struct net_device_ops vms_switch_netdev_ops;

/**
 * vms_is_switch() - whether a device is the netdev of a switch
 * @dev: the device
 *
 * Return: true if it is.
 */
bool vms_is_switch(const struct net_device *dev)
{
	return dev->netdev_ops == &vms_switch_netdev_ops;
}

/**
 * vms_switch_set_flag() - change what the data path tests of a switch
 * @sw: the switch
 * @flag: VMS_SW_* bits
 * @on: set or clear
 */
void vms_switch_set_flag(struct vms_switch *sw, u32 flag, bool on)
{
	spin_lock_bh(&sw->flags_lock);
	WRITE_ONCE(sw->flags, on ? sw->flags | flag : sw->flags & ~flag);
	spin_unlock_bh(&sw->flags_lock);
}

/**
 * vms_switch_count_unknown() - a port begins or ceases to take unknown unicast
 * @sw: the switch; &vms_net.lock is held
 * @by: 1, -1 or 0
 *
 * An uplink on learning auto learns while any other port does: else the
 * answers to what a guest sends out would go to that port too.  With static
 * ports only, what is not here is out there, and nothing needs learning.
 */
void vms_switch_count_unknown(struct vms_switch *sw, int by)
{
	struct vms_fdb_filter filter = { .type = BIT(VMS_FDB_DYNAMIC) };
	const struct vms_policy *pol;
	bool before = sw->n_unknown;

	sw->n_unknown += by;
	if (before == !!sw->n_unknown)
		return;
	vms_switch_set_flag(sw, VMS_SW_UPLINK_LEARNS, sw->n_unknown);
	if (sw->n_unknown || !sw->uplink)
		return;
	pol = vms_port_policy(sw->uplink);
	filter.port = sw->uplink->id;
	if (pol && (pol->flags & VMS_PF_LEARN_AUTO))
		vms_fdb_flush(sw, &filter);
}

static int vms_port_table_grow(struct vms_switch *sw,
			       struct vms_port_table *old)
{
	u32 size = old ? old->size * 2 : VMS_PORT_TABLE_MIN;
	struct vms_port_table *new;
	u32 i;

	new = kvzalloc(struct_size(new, port, size), GFP_KERNEL_ACCOUNT);
	if (!new)
		return -ENOMEM;
	new->size = size;
	for (i = 0; old && i < old->size; i++)
		RCU_INIT_POINTER(new->port[i],
				 rcu_dereference_protected(old->port[i],
							   vms_locked(sw->vn)));
	rcu_assign_pointer(sw->ports, new);
	if (old)
		kvfree_rcu(old, rcu);
	return 0;
}

/**
 * vms_switch_new_port_id() - give a port an id
 * @sw: the switch; &vms_net.lock is held
 * @port: the port
 *
 * Ids are taken in a circle, so that one that was freed is not soon that of
 * another port.
 *
 * Return: 0, -ENOSPC or -ENOMEM.
 */
int vms_switch_new_port_id(struct vms_switch *sw, struct vms_port *port)
{
	struct vms_port_table *table;
	u32 id, n;
	int err;

	if (sw->n_ids >= VMS_PORTS_MAX)
		return -ENOSPC;
	table = rcu_dereference_protected(sw->ports, vms_locked(sw->vn));
	if (!table || sw->n_ids + 1 >= table->size) {
		err = vms_port_table_grow(sw, table);
		if (err)
			return err;
		table = rcu_dereference_protected(sw->ports,
						  vms_locked(sw->vn));
	}
	for (n = 0, id = sw->id_hint; n < table->size; n++, id++) {
		if (id >= table->size)
			id = 1;
		if (id && !rcu_access_pointer(table->port[id]))
			break;
	}
	sw->id_hint = id + 1;
	sw->n_ids++;
	port->id = id;
	rcu_assign_pointer(table->port[id], port);
	return 0;
}

/**
 * vms_switch_free_port_id() - take a port out of the table
 * @sw: the switch; &vms_net.lock is held
 * @port: the port
 */
void vms_switch_free_port_id(struct vms_switch *sw, struct vms_port *port)
{
	struct vms_port_table *table;

	table = rcu_dereference_protected(sw->ports, vms_locked(sw->vn));
	RCU_INIT_POINTER(table->port[port->id], NULL);
	sw->n_ids--;
	/* A rehearsal leaves no trace. */
	if (port->id + 1 == sw->id_hint)
		sw->id_hint--;
}

static int vms_switch_open(struct net_device *dev)
{
	vms_switch_set_flag(netdev_priv(dev), VMS_SW_UP, true);
	netif_carrier_on(dev);
	return 0;
}

static int vms_switch_stop(struct net_device *dev)
{
	vms_switch_set_flag(netdev_priv(dev), VMS_SW_UP, false);
	return 0;
}

/* The host is an ordinary port: what is sent on the switch itself ends here. */
static netdev_tx_t vms_switch_xmit(struct sk_buff *skb, struct net_device *dev)
{
	dev_core_stats_tx_dropped_inc(dev);
	kfree_skb_reason(skb, SKB_DROP_REASON_NOT_SPECIFIED);
	return NETDEV_TX_OK;
}

static void vms_switch_get_stats64(struct net_device *dev,
				   struct rtnl_link_stats64 *stats)
{
	struct vms_stats_sum sum;
	int i;

	vms_stats_switch(netdev_priv(dev), &sum);
	stats->rx_packets = sum.rx_packets;
	stats->rx_bytes = sum.rx_bytes;
	stats->tx_packets = sum.tx_packets;
	stats->tx_bytes = sum.tx_bytes;
	for (i = VMS_DROP_NONE + 1; i <= VMS_DROP_EGRESS_FILTERED; i++)
		stats->rx_dropped += sum.drops[i];
	for (; i < __VMS_DROP_MAX; i++)
		stats->tx_dropped += sum.drops[i];
}

static int vms_switch_add_slave(struct net_device *dev,
				struct net_device *slave,
				struct netlink_ext_ack *extack)
{
	struct vms_switch *sw = netdev_priv(dev);
	struct vms_req req = {
		.cmd = VMS_CMD_PORT_NEW,
		.port.slave = slave,
	};

	strscpy(req.sw_name, dev->name, sizeof(req.sw_name));
	strscpy(req.port.name, slave->name, sizeof(req.port.name));
	return vms_req_run(sw->vn, &req, false, true, extack);
}

static int vms_switch_del_slave(struct net_device *dev,
				struct net_device *slave)
{
	struct vms_nic *nic = vms_nic_of_dev(slave);
	struct vms_port *port = nic ? vms_nic_port_rtnl(nic) : NULL;
	struct vms_switch *sw = netdev_priv(dev);
	struct vms_req req = {};

	if (!port || port->sw != sw)
		return -EINVAL;
	if (READ_ONCE(port->state) & VMS_PORT_S_AUTO) {
		req.cmd = VMS_CMD_PORT_DEL;
	} else {
		req.cmd = VMS_CMD_PORT_SET;
		req.set = BIT_ULL(VMS_A_PORT_DEV);
	}
	strscpy(req.sw_name, dev->name, sizeof(req.sw_name));
	strscpy(req.port.name, port->name, sizeof(req.port.name));
	return vms_req_run(sw->vn, &req, false, true, NULL);
}

static int vms_switch_dev_init(struct net_device *dev)
{
	struct vms_switch *sw = netdev_priv(dev);
	int err;

	err = vms_vlans_init(sw);
	if (err)
		return err;
	err = vms_fdb_init(sw, sw->fdb.max);
	if (err)
		goto err_vlans;
	err = vms_port_table_grow(sw, NULL);
	if (err)
		goto err_fdb;
	sw->pool = vms_pool_alloc();
	if (!sw->pool) {
		err = -ENOMEM;
		goto err_ports;
	}
	return 0;

err_ports:
	kvfree(rcu_dereference_protected(sw->ports, true));
	RCU_INIT_POINTER(sw->ports, NULL);
err_fdb:
	vms_fdb_destroy(sw);
err_vlans:
	vms_vlans_destroy(sw);
	return err;
}

static void vms_switch_destructor(struct net_device *dev)
{
	struct vms_switch *sw = netdev_priv(dev);

	vms_pool_free(sw->pool);
	kvfree(rcu_dereference_protected(sw->ports, true));
	vms_fdb_destroy(sw);
	vms_vlans_destroy(sw);
}

static const struct net_device_ops vms_switch_netdev_ops = {
	.ndo_init		= vms_switch_dev_init,
	.ndo_open		= vms_switch_open,
	.ndo_stop		= vms_switch_stop,
	.ndo_start_xmit		= vms_switch_xmit,
	.ndo_get_stats64	= vms_switch_get_stats64,
	.ndo_add_slave		= vms_switch_add_slave,
	.ndo_del_slave		= vms_switch_del_slave,
	.ndo_fdb_dump		= vms_rtfdb_dump,
	.ndo_set_mac_address	= eth_mac_addr,
};

static void vms_switch_get_drvinfo(struct net_device *dev,
				   struct ethtool_drvinfo *info)
{
	strscpy(info->driver, VMSWITCH_LINK_KIND, sizeof(info->driver));
	strscpy(info->version, VMS_VERSION, sizeof(info->version));
}

/* In the order of &struct vms_pool_sum. */
static const char vms_switch_stats[][ETH_GSTRING_LEN] = {
	"pool_hits",
	"pool_misses",
	"pool_refills",
	"pool_heads",
	"pool_low",
};

static int vms_switch_get_sset_count(struct net_device *dev, int sset)
{
	return sset == ETH_SS_STATS ? ARRAY_SIZE(vms_switch_stats) :
				      -EOPNOTSUPP;
}

static void vms_switch_get_strings(struct net_device *dev, u32 sset, u8 *data)
{
	if (sset == ETH_SS_STATS)
		memcpy(data, vms_switch_stats, sizeof(vms_switch_stats));
}

static void vms_switch_get_ethtool_stats(struct net_device *dev,
					 struct ethtool_stats *stats, u64 *data)
{
	struct vms_switch *sw = netdev_priv(dev);
	struct vms_pool_sum sum;

	BUILD_BUG_ON(sizeof(sum) != ARRAY_SIZE(vms_switch_stats) * sizeof(*data));
	vms_pool_read(sw->pool, &sum);
	memcpy(data, &sum, sizeof(sum));
}

static const struct ethtool_ops vms_switch_ethtool_ops = {
	.get_drvinfo		= vms_switch_get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_sset_count		= vms_switch_get_sset_count,
	.get_strings		= vms_switch_get_strings,
	.get_ethtool_stats	= vms_switch_get_ethtool_stats,
};

static void vms_switch_setup(struct net_device *dev)
{
	struct vms_switch *sw = netdev_priv(dev);

	ether_setup(dev);
	eth_hw_addr_random(dev);
	dev->netdev_ops = &vms_switch_netdev_ops;
	dev->ethtool_ops = &vms_switch_ethtool_ops;
	dev->needs_free_netdev = true;
	dev->priv_destructor = vms_switch_destructor;
	dev->flags |= IFF_NOARP;
	dev->flags &= ~IFF_MULTICAST;
	dev->priv_flags |= IFF_NO_QUEUE | IFF_NO_RX_HANDLER |
			   IFF_LIVE_ADDR_CHANGE | IFF_DONT_BRIDGE |
			   IFF_DISABLE_NETPOLL;
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	vms_netdev_set_no_addrconf(dev);
	vms_netdev_set_lltx(dev);
	vms_netdev_set_netns_local(dev);
	dev->max_mtu = ETH_MAX_MTU;

	sw->dev = dev;
	sw->type = VMS_SWITCH_EXTERNAL;
	sw->ageing = VMS_AGEING_DEFAULT;
	sw->fdb.max = VMS_FDB_MAX_DEFAULT;
	sw->id_hint = 1;
	INIT_LIST_HEAD(&sw->node);
	INIT_LIST_HEAD(&sw->port_list);
	hash_init(sw->port_names);
	spin_lock_init(&sw->flags_lock);
	spin_lock_init(&sw->gone_lock);
}

/**
 * vms_switch_alloc() - make a switch with default settings, not registered
 * @net: its namespace
 * @name: its name, a valid one for a device
 *
 * Return: the switch, or NULL; free_netdev() its @dev to undo.
 */
struct vms_switch *vms_switch_alloc(struct net *net, const char *name)
{
	struct vms_switch *sw;
	struct net_device *dev;

	dev = alloc_netdev(sizeof(*sw), name, NET_NAME_USER, vms_switch_setup);
	if (!dev)
		return NULL;
	dev_net_set(dev, net);
	dev->rtnl_link_ops = &vms_switch_link_ops;
	sw = netdev_priv(dev);
	sw->vn = vms_net(net);
	return sw;
}

/**
 * vms_switch_check_room() - whether a namespace may have one more switch
 * @vn: the namespace
 * @n_more: switches that are to come before that one
 * @extack: where a refusal is explained
 *
 * Context: RTNL is held.
 * Return: 0 or -ENOSPC.
 */
int vms_switch_check_room(struct vms_net *vn, unsigned int n_more,
			  struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();
	if (vn->net->user_ns == &init_user_ns ||
	    vn->n_switches + n_more < VMS_SWITCHES_USERNS)
		return 0;
	NL_SET_ERR_MSG(extack, "a network namespace of a user may have 64 switches");
	return -ENOSPC;
}

/**
 * vms_switch_register() - register a switch's netdev and let verbs find it
 * @sw: the switch
 * @extack: where a refusal is explained
 *
 * Context: RTNL is held, &vms_net.lock is not.
 * Return: 0 or an error; the caller then frees the netdev.
 */
int vms_switch_register(struct vms_switch *sw, struct netlink_ext_ack *extack)
{
	struct vms_net *vn = sw->vn;
	int err;

	err = vms_switch_check_room(vn, 0, extack);
	if (err)
		return err;
	err = register_netdevice(sw->dev);
	if (err) {
		if (err == -EEXIST)
			NL_SET_ERR_MSG(extack, "a device of this name exists");
		return err;
	}

	mutex_lock(&vn->lock);
	vn->n_switches++;
	list_add_tail(&sw->node, &vn->switches);
	sw->registered = true;
	vms_fdb_start_ageing(sw);
	vms_event_switch(sw, VMS_CMD_SWITCH_ADD_NTF);
	mutex_unlock(&vn->lock);
	return 0;
}

/* Take all ports out of the data path; &vms_net.lock is held. */
static void vms_switch_withdraw_ports(struct vms_switch *sw,
				      struct list_head *nics)
{
	struct vms_port *port;
	struct vms_nic *nic;

	list_for_each_entry(port, &sw->port_list, node) {
		nic = vms_port_unplug(port);
		if (nic)
			list_add_tail(&nic->node, nics);
		vms_event_port(port, VMS_CMD_PORT_DEL_NTF);
		vms_port_withdraw(port);
		cond_resched();
	}
	vms_fdb_conform(sw);
}

static void vms_switch_free_ports(struct vms_switch *sw)
{
	struct vms_port *port, *tmp;

	list_for_each_entry_safe(port, tmp, &sw->port_list, node) {
		vms_port_unhash(port);
		vms_port_free(port);
	}
}

/**
 * vms_switch_unregister() - delete a switch with its ports and vNICs
 * @sw: the switch
 * @kill: where devices are queued for unregister_netdevice_many()
 *
 * Context: RTNL is held, &vms_net.lock is not.
 */
void vms_switch_unregister(struct vms_switch *sw, struct list_head *kill)
{
	struct vms_net *vn = sw->vn;
	struct vms_nic *nic, *tmp;
	LIST_HEAD(nics);

	ASSERT_RTNL();
	mutex_lock(&vn->lock);
	if (sw->dead) {
		mutex_unlock(&vn->lock);
		return;
	}
	sw->dead = true;
	vms_switch_withdraw_ports(sw, &nics);
	vms_event_switch(sw, VMS_CMD_SWITCH_DEL_NTF);
	list_del_init(&sw->node);
	vn->n_switches--;
	mutex_unlock(&vn->lock);

	list_for_each_entry_safe(nic, tmp, &nics, node)
		vms_nic_detach(nic, kill);
	cancel_delayed_work_sync(&sw->fdb.work);
	synchronize_net();

	mutex_lock(&vn->lock);
	vms_switch_free_ports(sw);
	mutex_unlock(&vn->lock);
	unregister_netdevice_queue(sw->dev, kill);
}

/**
 * vms_switch_find() - find a switch by the present name of its netdev
 * @vn: the namespace; its lock is held
 * @name: the name
 *
 * Return: the switch, which stays while the lock is held, or NULL.
 */
struct vms_switch *vms_switch_find(struct vms_net *vn, const char *name)
{
	struct vms_switch *sw = NULL;
	struct net_device *dev;

	lockdep_assert_held(&vn->lock);
	rcu_read_lock();
	dev = dev_get_by_name_rcu(vn->net, name);
	if (dev && vms_is_switch(dev)) {
		sw = netdev_priv(dev);
		if (!sw->registered || sw->dead)
			sw = NULL;
	}
	rcu_read_unlock();
	return sw;
}

static int vms_switch_link_new(struct net *link_net, struct net_device *dev,
			       struct nlattr **tb,
			       struct netlink_ext_ack *extack)
{
	struct vms_switch *sw = netdev_priv(dev);

	sw->vn = vms_net(dev_net(dev));
	return vms_switch_register(sw, extack);
}

VMS_RTNL_NEWLINK(vms_switch_newlink, vms_switch_link_new)

static void vms_switch_dellink(struct net_device *dev, struct list_head *head)
{
	vms_switch_unregister(netdev_priv(dev), head);
}

struct rtnl_link_ops vms_switch_link_ops __read_mostly = {
	.kind		= VMSWITCH_LINK_KIND,
	.priv_size	= sizeof(struct vms_switch),
	.setup		= vms_switch_setup,
	.newlink	= vms_switch_newlink,
	.dellink	= vms_switch_dellink,
};
