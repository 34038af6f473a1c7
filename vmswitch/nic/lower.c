// SPDX-License-Identifier: GPL-2.0
/*
 * A NIC that is a foreign netdev: how its frames come to the switch, and what
 * is done to the device itself.
 */
#include <linux/bitmap.h>
#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/dst.h>

#include "../dataplane/pool.h"
#include "../vmq/vmq.h"
#include "lower.h"

/* The stages rely on an Ethernet header.  What the host has multicast and hears
 * itself has none.
 */
static noinline rx_handler_result_t
lower_handle_headless(struct vms_port *port, struct sk_buff *skb)
{
	if (skb->pkt_type == PACKET_LOOPBACK)
		return RX_HANDLER_PASS;
	vms_ingress_drop(port, skb, 0, VMS_DROP_MALFORMED);
	return RX_HANDLER_CONSUMED;
}

static struct sk_buff *lower_share_check(struct sk_buff *skb)
{
	if (!vms_alloc_fails())
		return skb_share_check(skb, GFP_ATOMIC);
	kfree_skb(skb);
	return NULL;
}

static rx_handler_result_t lower_handle_frame(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct vms_nic *nic = rcu_dereference(skb->dev->rx_handler_data);
	const struct vms_vmq_rx *vmq = rcu_dereference(nic->vmq);
	struct vms_port *port = vms_nic_port_rcu(nic);
	const u8 *dest;

	if (unlikely(vmq) && vms_vmq_observe(vmq, skb))
		return RX_HANDLER_CONSUMED;
	if (unlikely(!port))
		return RX_HANDLER_PASS;
	if (unlikely(skb_mac_header(skb) + ETH_HLEN != skb->data))
		return lower_handle_headless(port, skb);

	/* LLDP and LACP of the wire end at the uplink device; a guest's are
	 * dropped by the switch (802.1Q-2022, 8.6.3).
	 */
	dest = vms_eth_hdr(skb)->h_dest;
	if (unlikely(is_multicast_ether_addr(dest)) &&
	    is_link_local_ether_addr(dest) && port->kind == VMS_NIC_EXTERNAL)
		return RX_HANDLER_PASS;

	if (unlikely(skb_shared(skb))) {
		skb = lower_share_check(skb);
		if (!skb) {
			vms_stats_drop(port, 0, 0, VMS_DROP_NO_MEMORY);
			return RX_HANDLER_CONSUMED;
		}
	}

	/* What a tunnel device tells of the frame's outer headers. */
	skb_dst_drop(skb);
	vms_nic_receive(port, skb);
	return RX_HANDLER_CONSUMED;
}

static bool lower_is_tap(const struct net_device *dev)
{
	return dev->rtnl_link_ops && !strcmp(dev->rtnl_link_ops->kind, "tun");
}

/**
 * vms_lower_alloc() - make a NIC for a foreign netdev
 * @ops: the NIC kind
 * @sw: the switch
 * @dev: the device
 *
 * Context: RTNL is held.
 * Return: the NIC, which holds a reference to @dev, or NULL.
 */
struct vms_nic *vms_lower_alloc(const struct vms_nic_ops *ops,
				struct vms_switch *sw, struct net_device *dev)
{
	struct vms_lower *lower;

	lower = kzalloc(sizeof(*lower), GFP_KERNEL_ACCOUNT);
	if (!lower)
		return NULL;

	lower->nic.ops = ops;
	lower->nic.sw = sw;
	lower->nic.dev = dev;
	INIT_LIST_HEAD(&lower->nic.node);
	lower->nic.direct = true;
	lower->nic.is_tap = lower_is_tap(dev);
	netdev_hold(dev, &lower->nic.dev_tracker, GFP_KERNEL);
	return &lower->nic;
}

/**
 * vms_lower_free() - free a NIC made by vms_lower_alloc()
 * @nic: the NIC, not attached; a reader may still see it
 *
 * Context: RTNL is held.
 */
void vms_lower_free(struct vms_nic *nic)
{
	struct vms_lower *lower = vms_lower(nic);

	/* Readers need no reference of their own: before a device is freed,
	 * its unregistration waits for them.
	 */
	netdev_put(nic->dev, &nic->dev_tracker);
	kvfree(lower->uplink.macs);
	bitmap_free(lower->uplink.vids);
	kfree_rcu(lower, nic.rcu);
}

/**
 * vms_lower_of_dev() - find the NIC that a foreign netdev is attached as
 * @dev: the device
 *
 * Context: RTNL is held.
 * Return: the NIC or NULL.
 */
struct vms_nic *vms_lower_of_dev(const struct net_device *dev)
{
	if (rtnl_dereference(dev->rx_handler) != lower_handle_frame)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

/* A merged frame can not be taken apart as it was.  While the switch is above
 * the device, the kernel keeps LRO from being switched on again.
 */
static void lower_lro_off(struct vms_nic *nic)
{
	vms_lower(nic)->lro = nic->dev->features & NETIF_F_LRO;
	dev_disable_lro(nic->dev);
}

/* Whoever had forwarding switched on meanwhile has found LRO off. */
static bool lower_forwards(const struct net_device *dev)
{
	const struct in_device *in4 = __in_dev_get_rtnl(dev);
#if IS_ENABLED(CONFIG_IPV6)
	const struct inet6_dev *in6 = __in6_dev_get(dev);

	if (in6 && in6->cnf.forwarding)
		return true;
#endif
	return in4 && IN_DEV_FORWARD(in4);
}

/* What a program of XDP is given must not be merged either. */
static void lower_lro_restore(struct vms_nic *nic)
{
	struct net_device *dev = nic->dev;

	if (!vms_lower(nic)->lro || dev->reg_state != NETREG_REGISTERED ||
	    lower_forwards(dev))
		return;
	vms_netdev_lock_ops(dev);
	if (!dev_xdp_prog_count(dev)) {
		dev->wanted_features |= NETIF_F_LRO;
		netdev_update_features(dev);
	}
	vms_netdev_unlock_ops(dev);
}

/**
 * vms_lower_of_dev_rcu() - the same, for the data path
 * @dev: the device
 *
 * Context: Data path: RCU, bottom halves off.
 * Return: the NIC or NULL.
 */
struct vms_nic *vms_lower_of_dev_rcu(const struct net_device *dev)
{
	if (rcu_access_pointer(dev->rx_handler) != lower_handle_frame)
		return NULL;
	return rcu_dereference_bh_check(dev->rx_handler_data,
					rcu_read_lock_held());
}

/**
 * vms_lower_attach() - make a device's frames come to the switch
 * @nic: the NIC
 * @extack: where a refusal is explained
 *
 * Context: RTNL is held, &vms_net.lock is not.
 * Return: 0 or a negative error number.
 */
int vms_lower_attach(struct vms_nic *nic, struct netlink_ext_ack *extack)
{
	struct net_device *dev = nic->dev;
	int err;

	err = netdev_rx_handler_register(dev, lower_handle_frame, nic);
	if (err) {
		NL_SET_ERR_MSG(extack, "the device's frames go elsewhere already");
		return err;
	}

	err = netdev_master_upper_dev_link(dev, nic->sw->dev, NULL, NULL,
					   extack);
	if (err)
		goto err_rx_handler;

	lower_lro_off(nic);
	return 0;

err_rx_handler:
	netdev_rx_handler_unregister(dev);
	return err;
}

/**
 * vms_lower_detach() - undo vms_lower_attach()
 * @nic: the NIC, unplugged
 *
 * No reader that entered by @nic is left on return.
 *
 * Context: RTNL is held, &vms_net.lock is not.
 */
void vms_lower_detach(struct vms_nic *nic)
{
	netdev_upper_dev_unlink(nic->dev, nic->sw->dev);
	netdev_rx_handler_unregister(nic->dev);
	lower_lro_restore(nic);
}

/* A tenant can have this fail as often as he likes: the log is for what happens
 * when nobody is there to be told.
 */
static void lower_open(struct vms_nic *nic, struct netlink_ext_ack *extack)
{
	int err = dev_open(nic->dev, NULL);

	if (!err)
		return;
	NL_SET_ERR_MSG(extack, "the device is plugged, but can not be set up");
	if (!extack && net_ratelimit())
		netdev_warn(nic->dev, "can not be opened for its switch port: %d\n",
			    err);
}

/**
 * vms_lower_plugged() - do to the device what its port's settings say
 * @nic: the NIC, plugged
 * @extack: where it is told if the device can not be set up; may be NULL
 *
 * The device is opened for its port once: an admin who closes it later is
 * right.  An uplink is opened only if it was closed here.
 *
 * Context: RTNL is held, &vms_net.lock is not.
 */
void vms_lower_plugged(struct vms_nic *nic, struct netlink_ext_ack *extack)
{
	struct vms_port *port = vms_nic_port_rtnl(nic);
	struct vms_lower *lower = vms_lower(nic);
	const struct vms_policy *pol;
	bool close = false;
	bool open = false;

	rcu_read_lock();
	pol = port ? vms_port_policy_rcu(port) : NULL;
	if (pol) {
		close = pol->down_mode == VMS_DOWN_CLOSE && !pol->admin;
		open = lower->closed ||
		       (lower->settled != port->id && pol->autoup &&
			nic->ops->kind == VMS_NIC_NETDEV);
	}
	rcu_read_unlock();
	if (!pol)
		return;

	lower->settled = port->id;
	if (close) {
		lower->closed |= netif_running(nic->dev);
		dev_close(nic->dev);
	} else if (open) {
		lower->closed = false;
		lower_open(nic, extack);
	}
}

/**
 * vms_lower_has_vlans() - whether VLAN devices are stacked on a device
 * @dev: the device
 *
 * Context: Any.
 * Return: true if there are.
 */
bool vms_lower_has_vlans(struct net_device *dev)
{
	struct net_device *upper;
	struct list_head *iter;
	bool found = false;

	rcu_read_lock();
	netdev_for_each_upper_dev_rcu(dev, upper, iter)
		if (is_vlan_dev(upper))
			found = true;
	rcu_read_unlock();
	return found;
}

/**
 * vms_nic_vids_taken() - VLANs whose frames the switch does not see
 * @nic: the NIC
 * @vids: bitmap of VMS_N_VID bits, set to the VIDs of 802.1Q devices that are
 *	stacked on the NIC's device, which gives them their frames first
 *
 * Context: Any.
 */
void vms_nic_vids_taken(const struct vms_nic *nic, unsigned long *vids)
{
	struct net_device *upper;
	struct list_head *iter;

	bitmap_zero(vids, VMS_N_VID);
	/* What is stacked on a vNIC is behind the switch. */
	if (nic->ops->kind == VMS_NIC_INTERNAL)
		return;
	rcu_read_lock();
	netdev_for_each_upper_dev_rcu(nic->dev, upper, iter)
		if (is_vlan_dev(upper) &&
		    vlan_dev_vlan_proto(upper) == htons(ETH_P_8021Q))
			__set_bit(vlan_dev_vlan_id(upper), vids);
	rcu_read_unlock();
}
