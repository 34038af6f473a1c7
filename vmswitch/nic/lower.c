// SPDX-License-Identifier: GPL-2.0
/*
 * A NIC that is a foreign netdev: how its frames come to the switch, and what
 * is done to the device itself.
 */
#include <linux/bitmap.h>
#include <linux/etherdevice.h>
#include <linux/slab.h>
#include <net/dst.h>

#include "lower.h"

static rx_handler_result_t lower_handle_frame(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct vms_nic *nic = rcu_dereference(skb->dev->rx_handler_data);
	struct vms_port *port = vms_nic_port_rcu(nic);

	if (unlikely(!port || skb->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;

	/* LLDP and LACP of the wire end at the uplink device; a guest's are
	 * dropped by the switch (802.1Q-2022, 8.6.3).
	 */
	if (unlikely(is_link_local_ether_addr(eth_hdr(skb)->h_dest)) &&
	    port->kind == VMS_NIC_EXTERNAL)
		return RX_HANDLER_PASS;

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb)) {
		vms_stats_drop(port, VMS_DROP_NO_MEMORY);
		return RX_HANDLER_CONSUMED;
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
	lower->is_tap = lower_is_tap(dev);
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
	bitmap_free(lower->vids);
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

	/* A merged frame can not be taken apart as it was. */
	dev_disable_lro(dev);
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
}

static void lower_open(struct vms_nic *nic)
{
	int err = dev_open(nic->dev, NULL);

	if (err)
		netdev_warn(nic->dev, "can not be opened for its switch port: %d\n",
			    err);
}

/**
 * vms_lower_plugged() - do to the device what its port's settings say
 * @nic: the NIC, plugged
 *
 * The device is opened for its port once: an admin who closes it later is
 * right.  An uplink is opened only if it was closed here.
 *
 * Context: RTNL is held, &vms_net.lock is not.
 */
void vms_lower_plugged(struct vms_nic *nic)
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
		       (!lower->settled && pol->autoup &&
			nic->ops->kind == VMS_NIC_NETDEV);
	}
	rcu_read_unlock();
	if (!pol)
		return;

	lower->settled = true;
	if (close) {
		lower->closed |= netif_running(nic->dev);
		dev_close(nic->dev);
	} else if (open) {
		lower->closed = false;
		lower_open(nic);
	}
}
