// SPDX-License-Identifier: GPL-2.0
/*
 * Life cycle of a vNIC: its netdev, and what its port decides for it.
 */
#include <linux/etherdevice.h>
#include <net/netlink.h>

#include "../txn.h"
#include "vnic.h"

/* Software can do all of it, where the device that a frame leaves by can not. */
#define VNIC_FEATURES	(NETIF_F_HW_CSUM | NETIF_F_SCTP_CRC | NETIF_F_SG |	\
			 NETIF_F_FRAGLIST | NETIF_F_HIGHDMA |		\
			 NETIF_F_GSO_SOFTWARE | NETIF_F_GSO_ENCAP_ALL |	\
			 NETIF_F_RXCSUM | NETIF_F_RXHASH)
#define VNIC_VLAN_TX	NETIF_F_HW_VLAN_CTAG_TX
/* Always on: the switch delivers no tag but in the slot. */
#define VNIC_VLAN_RX	NETIF_F_HW_VLAN_CTAG_RX

static int vnic_init(struct net_device *dev)
{
	struct vms_vnic *vnic = vms_vnic(dev);
	int err;

	netdev_lockdep_set_classes(dev);
	err = vms_vnic_alloc_queues(dev);
	if (err)
		return err;
	netdev_hold(vnic->nic.sw->dev, &vnic->sw_tracker, GFP_KERNEL);
	vnic->nic.attached = true;
	return 0;
}

static void vnic_uninit(struct net_device *dev)
{
	struct vms_vnic *vnic = vms_vnic(dev);

	vnic->nic.attached = false;
	netdev_put(vnic->nic.sw->dev, &vnic->sw_tracker);
}

static void vnic_set_carrier(struct vms_vnic *vnic, bool on)
{
	struct vms_port *port = vms_nic_port_rtnl(&vnic->nic);

	if (port)
		vms_port_set_state(port, VMS_PORT_S_CARRIER,
				   on ? VMS_PORT_S_CARRIER : 0);
}

static int vnic_open(struct net_device *dev)
{
	int err;

	err = vms_vnic_start_queues(dev);
	if (err)
		return err;
	vnic_set_carrier(vms_vnic(dev), true);
	return 0;
}

static int vnic_stop(struct net_device *dev)
{
	vnic_set_carrier(vms_vnic(dev), false);
	vms_vnic_stop_queues(dev);
	return 0;
}

static void vnic_get_stats64(struct net_device *dev,
			     struct rtnl_link_stats64 *stats)
{
	struct vms_vnic_rq_sum sum;
	unsigned int i;

	dev_fetch_sw_netstats(stats, dev->tstats);
	for (i = 0; i < dev->num_rx_queues; i++) {
		vms_vnic_rq_sum(&vms_vnic(dev)->rq[i], &sum);
		stats->rx_packets += sum.packets;
		stats->rx_bytes += sum.bytes;
		stats->rx_dropped += sum.drops + sum.unclone_failed;
	}
}

static int vnic_get_iflink(const struct net_device *dev)
{
	return READ_ONCE(vms_vnic(dev)->nic.sw->dev->ifindex);
}

/* Who holds the vNIC, maybe a tenant, asks for another address. */
static int vnic_set_mac_address(struct net_device *dev, void *p)
{
	struct vms_port *port = vms_nic_port_rtnl(&vms_vnic(dev)->nic);
	struct sockaddr *sa = p;
	int err;

	err = eth_prepare_mac_addr_change(dev, p);
	if (err)
		return err;
	if (ether_addr_equal(dev->dev_addr, sa->sa_data))
		return 0;
	if (port) {
		err = vms_port_move_mac(port, sa->sa_data, NULL);
		if (err)
			return err;
	}
	eth_commit_mac_addr_change(dev, p);
	return 0;
}

static const struct net_device_ops vnic_netdev_ops = {
	.ndo_init		= vnic_init,
	.ndo_uninit		= vnic_uninit,
	.ndo_open		= vnic_open,
	.ndo_stop		= vnic_stop,
	.ndo_start_xmit		= vms_vnic_start_xmit,
	.ndo_get_stats64	= vnic_get_stats64,
	.ndo_get_iflink		= vnic_get_iflink,
	.ndo_set_mac_address	= vnic_set_mac_address,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_features_check	= passthru_features_check,
};

/**
 * vms_is_vnic() - whether a device is a vNIC of any switch
 * @dev: the device
 *
 * Return: true if it is.
 */
bool vms_is_vnic(const struct net_device *dev)
{
	return dev->netdev_ops == &vnic_netdev_ops;
}

static const struct device_type vnic_type = {
	.name = VMSWITCH_VNIC_KIND,
};

static void vnic_setup(struct net_device *dev)
{
	ether_setup(dev);
	SET_NETDEV_DEVTYPE(dev, &vnic_type);
	dev->netdev_ops = &vnic_netdev_ops;
	dev->ethtool_ops = &vms_vnic_ethtool_ops;
	dev->needs_free_netdev = true;
	dev->priv_destructor = vms_vnic_free_queues;

	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_NO_QUEUE |
			   IFF_DISABLE_NETPOLL;
	/* Its transmit function runs inside other devices' transmit locks. */
	vms_netdev_set_lltx(dev);

	dev->features |= VNIC_FEATURES | VNIC_VLAN_TX | VNIC_VLAN_RX;
	dev->hw_features |= VNIC_FEATURES | VNIC_VLAN_TX;
	dev->vlan_features |= VNIC_FEATURES;
	dev->hw_enc_features |= VNIC_FEATURES;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_MAX_MTU;
}

/* What is common to both ways of making a vNIC. */
static int vnic_register(struct net_device *dev, struct vms_switch *sw,
			 struct netlink_ext_ack *extack)
{
	struct vms_nic *nic = &vms_vnic(dev)->nic;
	int err;

	nic->ops = &vms_vnic_nic_ops;
	nic->dev = dev;
	nic->sw = sw;
	INIT_LIST_HEAD(&nic->node);

	err = register_netdevice(dev);
	if (err) {
		NL_SET_ERR_MSG(extack, "the vNIC's device can not be registered");
		return err;
	}

	netif_carrier_off(dev);
	/* Frames from the wire went through GRO before they entered. */
	dev->features &= ~NETIF_F_GRO;
	dev->wanted_features &= ~NETIF_F_GRO;
	netdev_update_features(dev);
	return 0;
}

/**
 * vms_vnic_create() - make a vNIC
 * @sw: the switch
 * @net: the namespace in which the device appears; the caller has checked that
 *	the requester may do so
 * @name: name of the device
 * @addr: its MAC address, or NULL: a random one
 * @mtu: its MTU, or 0: 1500
 * @extack: where a refusal is explained
 *
 * Context: RTNL is held, &vms_net.lock is not.
 * Return: the NIC, not plugged yet, or an ERR_PTR().
 */
struct vms_nic *vms_vnic_create(struct vms_switch *sw, struct net *net,
				const char *name, const u8 *addr, u32 mtu,
				struct netlink_ext_ack *extack)
{
	unsigned int queues = min_t(unsigned int, num_online_cpus(),
				    VMS_VNIC_QUEUES);
	struct net_device *dev;
	int err;

	ASSERT_RTNL();
	if (!dev_valid_name(name)) {
		NL_SET_ERR_MSG(extack, "not a name that a vNIC's device can have");
		return ERR_PTR(-EINVAL);
	}
	if (__dev_get_by_name(net, name)) {
		NL_SET_ERR_MSG(extack, "a device of this name exists already");
		return ERR_PTR(-EEXIST);
	}

	dev = alloc_netdev_mqs(sizeof(struct vms_vnic), name, NET_NAME_USER,
			       vnic_setup, queues, queues);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	dev_net_set(dev, net);
	dev->rtnl_link_ops = &vms_vnic_link_ops;
	if (addr)
		eth_hw_addr_set(dev, addr);
	else
		eth_hw_addr_random(dev);
	if (mtu)
		dev->mtu = mtu;
	netif_set_real_num_queues(dev, 1, 1);

	err = vnic_register(dev, sw, extack);
	if (err)
		goto err_dev;
	err = rtnl_configure_link(dev, NULL, 0, NULL);
	if (err)
		goto err_registered;
	return &vms_vnic(dev)->nic;

err_registered:
	unregister_netdevice(dev);
	return ERR_PTR(err);
err_dev:
	free_netdev(dev);
	return ERR_PTR(err);
}

static int vnic_validate(struct nlattr *tb[], struct nlattr *data[],
			 struct netlink_ext_ack *extack)
{
	struct nlattr *addr = tb[IFLA_ADDRESS];

	if (addr && nla_len(addr) != ETH_ALEN) {
		NL_SET_ERR_MSG_ATTR(extack, addr, "a MAC address has 6 bytes");
		return -EINVAL;
	}
	if (addr && !is_valid_ether_addr(nla_data(addr))) {
		NL_SET_ERR_MSG_ATTR(extack, addr, "not a unicast MAC address");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

static struct vms_switch *vnic_find_switch(struct net *net, struct nlattr *link,
					   struct netlink_ext_ack *extack)
{
	struct net_device *dev;

	if (!link) {
		NL_SET_ERR_MSG(extack, "a vNIC needs a switch (link SWITCH)");
		return NULL;
	}
	dev = __dev_get_by_index(net, nla_get_u32(link));
	if (!dev || !vms_is_switch(dev)) {
		NL_SET_ERR_MSG_ATTR(extack, link, "the link is not a switch");
		return NULL;
	}
	return netdev_priv(dev);
}

/* The port of a vNIC that "ip link" has made is named like the device.  One that
 * is there has an address, which stays if no other is asked for.
 */
static int vnic_make_port(struct net_device *dev, bool set_mac,
			  struct netlink_ext_ack *extack)
{
	struct vms_nic *nic = &vms_vnic(dev)->nic;
	struct vms_req req = {
		.cmd = VMS_CMD_PORT_NEW,
		.set = BIT_ULL(VMS_A_PORT_KIND),
		.port.kind = VMS_NIC_INTERNAL,
		.port.vnic = nic,
	};

	if (set_mac) {
		req.set |= BIT_ULL(VMS_A_PORT_MACS);
		req.port.macs = dev->dev_addr;
		req.port.n_macs = 1;
	}
	strscpy(req.sw_name, vms_switch_name(nic->sw), sizeof(req.sw_name));
	strscpy(req.port.name, dev->name, sizeof(req.port.name));
	return vms_req_run(nic->sw->vn, &req, false, true, extack);
}

/* The core would give the device its master when all is made, and delete it when
 * that fails, for whatever reason; the port would stay.
 */
static int vnic_check_master(struct nlattr *attr,
			     struct netlink_ext_ack *extack)
{
	if (!attr || !nla_get_u32(attr))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "a vNIC is linked to its switch, and given another master when it is there (ip link set)");
	return -EOPNOTSUPP;
}

static int vnic_newlink(struct net *net, struct net_device *dev,
			struct nlattr *tb[], struct netlink_ext_ack *extack)
{
	struct vms_switch *sw = vnic_find_switch(net, tb[IFLA_LINK], extack);
	int err;

	if (!sw)
		return -EINVAL;
	err = vnic_check_master(tb[IFLA_MASTER], extack);
	if (err)
		return err;
	if (!tb[IFLA_ADDRESS])
		eth_hw_addr_random(dev);
	err = netif_set_real_num_queues(dev, tb[IFLA_NUM_TX_QUEUES] ?
					     dev->num_tx_queues : 1,
					tb[IFLA_NUM_RX_QUEUES] ?
					dev->num_rx_queues : 1);
	if (err)
		return err;

	err = vnic_register(dev, sw, extack);
	if (err)
		return err;
	err = vnic_make_port(dev, tb[IFLA_ADDRESS], extack);
	if (err)
		unregister_netdevice(dev);
	return err;
}

VMS_RTNL_NEWLINK(vnic_newlink_op, vnic_newlink)

/* The port stays, with its configuration: only "del-port" deletes it. */
static void vnic_dellink(struct net_device *dev, struct list_head *kill)
{
	vms_nic_unplug(&vms_vnic(dev)->nic);
	unregister_netdevice_queue(dev, kill);
}

static struct net *vnic_get_link_net(const struct net_device *dev)
{
	return dev_net(vms_vnic(dev)->nic.sw->dev);
}

static unsigned int vnic_num_queues(void)
{
	return min_t(unsigned int, num_online_cpus(), VMS_VNIC_QUEUES);
}

struct rtnl_link_ops vms_vnic_link_ops = {
	.kind			= VMSWITCH_VNIC_KIND,
	.priv_size		= sizeof(struct vms_vnic),
	.setup			= vnic_setup,
	.validate		= vnic_validate,
	.newlink		= vnic_newlink_op,
	.dellink		= vnic_dellink,
	.get_link_net		= vnic_get_link_net,
	.get_num_tx_queues	= vnic_num_queues,
	.get_num_rx_queues	= vnic_num_queues,
};

/**
 * vms_vnic_pre_changeaddr() - whether the holder of a vNIC may change its MAC
 * @dev: the vNIC's netdev
 * @info: the notifier's argument
 *
 * Here a refusal can be explained; vnic_set_mac_address() checks again.
 *
 * Context: RTNL is held, &vms_net.lock is not.
 * Return: 0, -EPERM or -EADDRINUSE.
 */
int vms_vnic_pre_changeaddr(struct net_device *dev,
			    struct netdev_notifier_pre_changeaddr_info *info)
{
	struct vms_port *port = vms_nic_port_rtnl(&vms_vnic(dev)->nic);
	struct netlink_ext_ack *extack = info->info.extack;
	const struct vms_policy *pol;
	struct vms_net *vn;
	int err = 0;

	if (!port || ether_addr_equal(dev->dev_addr, info->dev_addr))
		return 0;

	vn = port->sw->vn;
	mutex_lock(&vn->lock);
	pol = vms_port_policy(port);
	if (!pol->mac_change) {
		NL_SET_ERR_MSG(extack,
			       "the port does not let the address change (mac-change)");
		err = -EPERM;
	} else if (vms_fdb_conflict(port, vms_mac_u64(info->dev_addr), pol)) {
		NL_SET_ERR_MSG(extack, "the address belongs to another port of the VLAN");
		err = -EADDRINUSE;
	}
	mutex_unlock(&vn->lock);
	return err;
}

static void vnic_update_carrier(struct vms_vnic *vnic, bool link)
{
	if (link && !READ_ONCE(vnic->masked))
		netif_carrier_on(vnic->nic.dev);
	else
		netif_carrier_off(vnic->nic.dev);
}

/**
 * vms_vnic_show_link() - let a vNIC's carrier show its port's link
 * @nic: the NIC
 * @port: its port
 *
 * Context: &vms_net.lock is held.
 */
void vms_vnic_show_link(struct vms_nic *nic, struct vms_port *port)
{
	struct vms_vnic *vnic = container_of(nic, struct vms_vnic, nic);
	const struct vms_policy *pol = vms_port_policy(port);
	const struct vms_port *uplink = port->sw->uplink;
	bool uplink_has_link;

	uplink_has_link = uplink &&
			  READ_ONCE(uplink->state) & VMS_PORT_S_LINK;

	/* The lock keeps vnic_link() from coming in between. */
	spin_lock_bh(&port->state_lock);
	WRITE_ONCE(vnic->masked, pol && pol->link_follow && !uplink_has_link);
	vnic_update_carrier(vnic, port->state & VMS_PORT_S_LINK);
	spin_unlock_bh(&port->state_lock);
}

static void vnic_link(struct vms_nic *nic, bool up)
{
	vnic_update_carrier(container_of(nic, struct vms_vnic, nic), up);
}

static bool vnic_owns_address(const struct vms_policy *pol, const u8 *addr)
{
	u64 mac = vms_mac_u64(addr);
	unsigned int i;

	for (i = 0; i < pol->n_macs; i++)
		if (pol->macs[i] == mac)
			return true;
	return false;
}

static void vnic_plugged(struct vms_nic *nic, struct netlink_ext_ack *extack)
{
	struct vms_port *port = vms_nic_port_rtnl(nic);
	struct net_device *dev = nic->dev;
	const struct vms_policy *pol;
	bool changed = false;
	u8 addr[ETH_ALEN];
	struct vms_net *vn;

	if (!port)
		return;
	vn = port->sw->vn;
	mutex_lock(&vn->lock);
	pol = vms_port_policy(port);
	if (pol->n_macs && !vnic_owns_address(pol, dev->dev_addr)) {
		vms_u64_mac(pol->macs[0], addr);
		changed = true;
	}
	vms_vnic_show_link(nic, port);
	mutex_unlock(&vn->lock);

	if (changed) {
		eth_hw_addr_set(dev, addr);
		call_netdevice_notifiers(NETDEV_CHANGEADDR, dev);
	}
}

static void vnic_detach(struct vms_nic *nic, struct list_head *kill)
{
	/* A namespace that dies may have begun already. */
	if (nic->dev->reg_state == NETREG_REGISTERED)
		unregister_netdevice_queue(nic->dev, kill);
}

const struct vms_nic_ops vms_vnic_nic_ops = {
	.kind		= VMS_NIC_INTERNAL,
	.detach		= vnic_detach,
	.plugged	= vnic_plugged,
	.link		= vnic_link,
	.xmit		= vms_vnic_xmit,
};
