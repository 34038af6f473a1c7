// SPDX-License-Identifier: GPL-2.0
/*
 * Transmit to a foreign netdev: directly where that bypasses nothing, else by
 * dev_queue_xmit().
 *
 * Not seen on the direct way: the tracepoints net:net_dev_queue,
 * net:net_dev_start_xmit and net:net_dev_xmit, and the netprio cgroup.
 */
#include <linux/netdevice.h>
#include <net/sch_generic.h>
#include <net/xfrm.h>

#include "lower.h"

/* Hand a frame, or the segments of one, to the device's queueing discipline. */
static noinline enum vms_drop_reason xmit_queued(struct sk_buff *skb)
{
	enum vms_drop_reason reason = VMS_DROP_NONE;
	struct sk_buff *next;
	int rc;

	for (; skb; skb = next) {
		next = skb->next;
		skb_mark_not_on_list(skb);
		rc = dev_queue_xmit(skb);
		if (unlikely(net_xmit_eval(rc)))
			reason = VMS_DROP_TX_REFUSED;
	}
	return reason;
}

static enum vms_drop_reason xmit_drop(struct sk_buff *skb,
				      enum vms_drop_reason reason)
{
	kfree_skb_list(skb);
	return reason;
}

/* As netdev_core_pick_tx(), which modules can not reach. */
static struct netdev_queue *xmit_pick_queue(struct net_device *dev,
					    struct sk_buff *skb)
{
	const struct net_device_ops *ops = dev->netdev_ops;
	int index = 0;

#ifdef CONFIG_XPS
	if (skb->sender_cpu - 1 >= nr_cpu_ids)
		skb->sender_cpu = raw_smp_processor_id() + 1;
#endif
	if (dev->real_num_tx_queues != 1) {
		if (ops->ndo_select_queue)
			index = ops->ndo_select_queue(dev, skb, NULL);
		else
			index = netdev_pick_tx(dev, skb, NULL);
		index = netdev_cap_txqueue(dev, index);
	}
	skb_set_queue_mapping(skb, index);
	return netdev_get_tx_queue(dev, index);
}

/* Whether the discipline @q, which can hold frames, may be left out. */
static bool xmit_may_bypass(const struct vms_nic *nic, const struct Qdisc *q)
{
	u8 qdisc = READ_ONCE(nic->qdisc);

	if (qdisc == VMS_QDISC_BYPASS)
		return true;
	/* A tap never stops its queue, so the default discipline above it never
	 * holds a frame.  One that an admin has set has a handle.
	 */
	return qdisc == VMS_QDISC_AUTO && !q->handle &&
	       container_of(nic, struct vms_lower, nic)->is_tap;
}

/* Whether something has to be done in software before the device can take the
 * frame, or may have to be.
 */
static bool xmit_needs_validation(const struct net_device *dev,
				  const struct sk_buff *skb)
{
	return skb->data_len || skb->ip_summed == CHECKSUM_PARTIAL || skb->sk ||
	       (skb_vlan_tag_present(skb) &&
		!(dev->features & NETIF_F_HW_VLAN_CTAG_TX)) ||
	       skb_is_gso(skb);
}

/* Give the device a frame, or the segments of one.  The queue is locked. */
static enum vms_drop_reason xmit_locked(struct net_device *dev,
					struct netdev_queue *txq,
					struct sk_buff *skb)
{
	enum vms_drop_reason reason = VMS_DROP_NONE;
	struct sk_buff *next;
	int rc;

	for (; skb; skb = next) {
		if (unlikely(netif_xmit_frozen_or_stopped(txq)))
			return xmit_drop(skb, VMS_DROP_TX_BUSY);
		next = skb->next;
		skb_mark_not_on_list(skb);

		if (dev_nit_active(dev))
			dev_queue_xmit_nit(skb, dev);
		rc = netdev_start_xmit(skb, dev, txq, next);
		if (likely(rc == NETDEV_TX_OK))
			continue;
		if (!dev_xmit_complete(rc)) {
			skb->next = next;
			return xmit_drop(skb, VMS_DROP_TX_BUSY);
		}
		reason = VMS_DROP_TX_REFUSED;
	}
	return reason;
}

static enum vms_drop_reason xmit_direct(struct net_device *dev,
					struct netdev_queue *txq,
					struct sk_buff *skb)
{
	enum vms_drop_reason reason;

	HARD_TX_LOCK(dev, txq, smp_processor_id());
	dev_xmit_recursion_inc();
	reason = xmit_locked(dev, txq, skb);
	dev_xmit_recursion_dec();
	HARD_TX_UNLOCK(dev, txq);
	return reason;
}

/* Let software do what the device can not, and transmit what comes of it.  Kept
 * out of line, for the address of a local variable costs each caller a check of
 * its stack.
 */
static noinline enum vms_drop_reason
xmit_validated(struct net_device *dev, struct netdev_queue *txq,
	       struct sk_buff *skb)
{
	bool again = false;

	skb = validate_xmit_skb_list(skb, dev, &again);
	if (unlikely(!skb))
		return VMS_DROP_OFFLOAD;
	if (unlikely(again))
		return xmit_queued(skb);
	return xmit_direct(dev, txq, skb);
}

/* Checksums and segmentation begin behind an inner tag in the payload. */
static noinline bool xmit_skip_inner_tag(struct sk_buff *skb)
{
	int depth;

	if (!vlan_get_protocol_and_depth(skb, skb->protocol, &depth))
		return false;
	skb_set_network_header(skb, depth);
	return true;
}

/**
 * vms_lower_xmit() - transmit a frame to a foreign netdev
 * @nic: the NIC
 * @skb: the frame, data at the MAC header, a tag in the slot or none; consumed
 *
 * The segments that software makes of a frame count as the one frame.
 *
 * Context: Data path: RCU, bottom halves off.
 * Return: &enum vms_drop_reason, 0 if the device has taken the frame.
 */
enum vms_drop_reason vms_lower_xmit(struct vms_nic *nic, struct sk_buff *skb)
{
	struct net_device *dev = nic->dev;
	struct netdev_queue *txq;
	struct Qdisc *q;

	skb->dev = dev;
	skb_reset_mac_header(skb);
	skb_forward_csum(skb);
	if (unlikely(eth_type_vlan(skb->protocol)) &&
	    skb->ip_summed == CHECKSUM_PARTIAL && !xmit_skip_inner_tag(skb))
		return xmit_drop(skb, VMS_DROP_MALFORMED);

	if (unlikely(!(dev->flags & IFF_UP) || !netif_device_present(dev) ||
		     vms_dev_hooks_egress(dev) || secpath_exists(skb)))
		return xmit_queued(skb);

	txq = xmit_pick_queue(dev, skb);
	q = rcu_dereference_bh(txq->qdisc);
	if (q->enqueue) {
		/* The discipline of a device without carrier takes all. */
		if (unlikely(q->flags & TCQ_F_BUILTIN))
			return xmit_drop(skb, VMS_DROP_LINK_DOWN);
		if (!xmit_may_bypass(nic, q))
			return xmit_queued(skb);
	}

	/* dev_queue_xmit() would shout about what a guest can provoke. */
	if (unlikely(READ_ONCE(txq->xmit_lock_owner) == smp_processor_id() ||
		     dev_xmit_recursion()))
		return q->enqueue ? xmit_queued(skb) :
				    xmit_drop(skb, VMS_DROP_LOOP);

	if (xmit_needs_validation(dev, skb))
		return xmit_validated(dev, txq, skb);
	return xmit_direct(dev, txq, skb);
}
