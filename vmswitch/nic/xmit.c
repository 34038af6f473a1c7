// SPDX-License-Identifier: GPL-2.0
/*
 * Transmit to a foreign netdev what can not go the short way of xmit.h: by
 * dev_queue_xmit(), or directly after software has done what the device can not.
 */
#include "xmit.h"

static enum vms_drop_reason xmit_drop(struct sk_buff *skb,
				      enum vms_drop_reason reason)
{
	kfree_skb_list(skb);
	return reason;
}

/* As netdev_core_pick_tx(), which modules can not reach. */
static noinline u16 xmit_pick_queue(struct net_device *dev, struct sk_buff *skb)
{
	const struct net_device_ops *ops = dev->netdev_ops;
	int index;

#ifdef CONFIG_XPS
	if (skb->sender_cpu - 1 >= nr_cpu_ids)
		skb->sender_cpu = raw_smp_processor_id() + 1;
#endif
	if (ops->ndo_select_queue)
		index = ops->ndo_select_queue(dev, skb, NULL);
	else
		index = netdev_pick_tx(dev, skb, NULL);
	return netdev_cap_txqueue(dev, index);
}

/* Give the device the segments of a frame. */
static enum vms_drop_reason xmit_segments(struct net_device *dev,
					  struct netdev_queue *txq,
					  struct sk_buff *skb)
{
	enum vms_drop_reason reason = VMS_DROP_NONE;
	enum vms_drop_reason rc;
	struct sk_buff *next;

	for (; skb; skb = next) {
		next = skb->next;
		skb_mark_not_on_list(skb);
		rc = vms_xmit_one(dev, txq, skb, next);
		if (unlikely(rc == VMS_DROP_TX_BUSY))
			return xmit_drop(next, rc);
		if (unlikely(rc))
			reason = rc;
	}
	return reason;
}

/* A sum over the whole payload is nothing to a device; one that is still to be
 * computed, or segmentation, begins behind an inner tag in the payload.
 */
static bool xmit_checksum(struct sk_buff *skb)
{
	int depth;

	skb_forward_csum(skb);
	if (likely(!eth_type_vlan(skb->protocol)) ||
	    skb->ip_summed != CHECKSUM_PARTIAL)
		return true;
	if (!vlan_get_protocol_and_depth(skb, skb->protocol, &depth))
		return false;
	skb_set_network_header(skb, depth);
	return true;
}

/**
 * vms_lower_xmit_queued() - leave a frame to a device's queueing discipline
 * @skb: the frame, as in vms_lower_xmit(), with the device; consumed
 * @q: the discipline
 *
 * And to whoever hooks into what the device sends.
 *
 * Context: Data path: RCU, bottom halves off.
 * Return: &enum vms_drop_reason, 0 if the discipline has taken the frame.
 */
enum vms_drop_reason vms_lower_xmit_queued(struct sk_buff *skb,
					   const struct Qdisc *q)
{
	int rc;

	if (unlikely(q->flags & TCQ_F_BUILTIN && q->enqueue))
		return xmit_drop(skb, VMS_DROP_LINK_DOWN);
	if (unlikely(!xmit_checksum(skb)))
		return xmit_drop(skb, VMS_DROP_MALFORMED);
	rc = dev_queue_xmit(skb);
	/* The macro looks twice at what it is given. */
	return unlikely(net_xmit_eval(rc)) ? VMS_DROP_TX_REFUSED :
					     VMS_DROP_NONE;
}

/* Let software do what the device can not, and transmit what comes of it. */
static enum vms_drop_reason xmit_validated(struct net_device *dev,
					   struct netdev_queue *txq,
					   struct sk_buff *skb)
{
	enum vms_drop_reason reason;
	bool again = false;

	if (!vms_xmit_is_plain(dev, skb))
		skb = validate_xmit_skb_list(skb, dev, &again);
	/* @again is for frames with a secpath: they do not come here. */
	if (unlikely(!skb))
		return VMS_DROP_OFFLOAD;

	HARD_TX_LOCK(dev, txq, smp_processor_id());
	dev_xmit_recursion_inc();
	reason = xmit_segments(dev, txq, skb);
	dev_xmit_recursion_dec();
	HARD_TX_UNLOCK(dev, txq);
	return reason;
}

/**
 * vms_lower_xmit_carefully() - vms_lower_xmit() off the short way
 * @nic: the NIC
 * @skb: the frame; consumed
 *
 * For frames that ask for something, and devices at which others have their
 * say.  That the device is up and present needs no test: one that is closed or
 * has no carrier has the discipline of such devices, and one that is detached
 * has its queues stopped.
 *
 * Context: Data path: RCU, bottom halves off.
 * Return: &enum vms_drop_reason, 0 if the device has taken the frame.
 */
enum vms_drop_reason vms_lower_xmit_carefully(struct vms_nic *nic,
					      struct sk_buff *skb)
{
	struct net_device *dev = nic->dev;
	struct netdev_queue *txq;
	struct Qdisc *q;
	u16 index = 0;

	if (dev->real_num_tx_queues != 1)
		index = xmit_pick_queue(dev, skb);
	skb_set_queue_mapping(skb, index);
	txq = netdev_get_tx_queue(dev, index);
	q = rcu_dereference_bh(txq->qdisc);
	if (!vms_xmit_may_bypass(nic, q) || vms_dev_hooks_egress(dev) ||
	    secpath_exists(skb))
		return vms_lower_xmit_queued(skb, q);

	if (unlikely(!xmit_checksum(skb)))
		return xmit_drop(skb, VMS_DROP_MALFORMED);
	/* dev_queue_xmit() would shout about what a guest can provoke. */
	if (unlikely(READ_ONCE(txq->xmit_lock_owner) == smp_processor_id() ||
		     dev_xmit_recursion()))
		return q->enqueue ? vms_lower_xmit_queued(skb, q) :
				    xmit_drop(skb, VMS_DROP_LOOP);
	return xmit_validated(dev, txq, skb);
}
