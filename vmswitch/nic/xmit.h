/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Transmit to a foreign netdev directly, where that bypasses nothing.  In line
 * as the stages before: it is the end of most frames' way.
 *
 * Not seen on the direct way: the tracepoints net:net_dev_queue,
 * net:net_dev_start_xmit and net:net_dev_xmit, and the netprio cgroup.
 */
#ifndef _VMSWITCH_XMIT_H
#define _VMSWITCH_XMIT_H

#include <linux/netdevice.h>
#include <net/sch_generic.h>
#include <net/sock.h>
#include <net/xfrm.h>

#include "../vmswitch.h"

/* xmit.c */
enum vms_drop_reason vms_lower_xmit_queued(struct sk_buff *skb,
					   const struct Qdisc *q);
enum vms_drop_reason vms_lower_xmit_carefully(struct vms_nic *nic,
					      struct sk_buff *skb);

/* Whether the discipline @q may be left out. */
static inline bool vms_xmit_may_bypass(const struct vms_nic *nic,
				       const struct Qdisc *q)
{
	u8 qdisc;

	if (!q->enqueue)
		return true;
	/* That of a device which is closed or has no carrier takes all. */
	if (unlikely(q->flags & TCQ_F_BUILTIN))
		return false;
	qdisc = READ_ONCE(nic->qdisc);
	if (qdisc == VMS_QDISC_BYPASS)
		return true;
	/* A tap never stops its queue, so the default discipline above it never
	 * holds a frame.  (One with IFF_BACKPRESSURE, of 7.x, does: what would
	 * wait there is dropped as tx-busy.)  A discipline that an admin has
	 * set has a handle.
	 */
	return qdisc == VMS_QDISC_AUTO && !q->handle && nic->is_tap;
}

/* Give the device a frame.  The queue is locked. */
static __always_inline enum vms_drop_reason
vms_xmit_one(struct net_device *dev, struct netdev_queue *txq,
	     struct sk_buff *skb, bool more)
{
	int rc;

	if (unlikely(netif_xmit_frozen_or_stopped(txq)))
		goto busy;
	if (dev_nit_active(dev))
		dev_queue_xmit_nit(skb, dev);
	rc = netdev_start_xmit(skb, dev, txq, more);
	if (likely(rc == NETDEV_TX_OK))
		return VMS_DROP_NONE;
	if (dev_xmit_complete(rc))
		return VMS_DROP_TX_REFUSED;
busy:
	kfree_skb(skb);
	return VMS_DROP_TX_BUSY;
}

/* Whether the frame's socket has to see what is sent (TLS that the device is to
 * encrypt).  Each frame of a tap has a socket, which does not.
 */
static inline bool vms_xmit_socket_cares(const struct sk_buff *skb)
{
#ifdef CONFIG_SOCK_VALIDATE_XMIT
	const struct sock *sk = skb->sk;

	return sk && sk_fullsock(sk) && sk->sk_validate_xmit_skb;
#else
	return false;
#endif
}

/* Whether the frame can be given to the device as it is. */
static __always_inline bool vms_xmit_is_plain(const struct net_device *dev,
					      const struct sk_buff *skb)
{
	/* With pages, or with a checksum that is COMPLETE or PARTIAL. */
	if (skb->data_len | (skb->ip_summed & CHECKSUM_COMPLETE))
		return false;
	if (vms_xmit_socket_cares(skb))
		return false;
	if (skb_vlan_tag_present(skb) &&
	    !(dev->features & NETIF_F_HW_VLAN_CTAG_TX))
		return false;
	return !skb_is_gso(skb) && !secpath_exists(skb);
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
static __always_inline enum vms_drop_reason
vms_lower_xmit(struct vms_nic *nic, struct sk_buff *skb)
{
	struct net_device *dev = nic->dev;
	int cpu = smp_processor_id();
	enum vms_drop_reason reason;
	struct netdev_queue *txq;
	struct Qdisc *q;

	skb->dev = dev;
	txq = netdev_get_tx_queue(dev, 0);
	q = rcu_dereference_bh(txq->qdisc);
	if (!vms_xmit_may_bypass(nic, q))
		return vms_lower_xmit_queued(skb, q);
	if (!vms_xmit_is_plain(dev, skb) || dev->real_num_tx_queues != 1 ||
	    unlikely(vms_dev_hooks_egress(dev)))
		return vms_lower_xmit_carefully(nic, skb);
	skb_set_queue_mapping(skb, 0);
	/* Who comes to a device again knows it by the lock, if it has one. */
	if (unlikely(vms_netdev_is_lltx(dev) ?
		     dev_xmit_recursion() :
		     READ_ONCE(txq->xmit_lock_owner) == cpu))
		return vms_lower_xmit_carefully(nic, skb);

	HARD_TX_LOCK(dev, txq, cpu);
	/* The same device, read again rather than kept over the call. */
	dev = txq->dev;
	dev_xmit_recursion_inc();
	reason = vms_xmit_one(dev, txq, skb, false);
	dev_xmit_recursion_dec();
	HARD_TX_UNLOCK(dev, txq);
	return reason;
}

#endif /* _VMSWITCH_XMIT_H */
