/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stage 9 of a frame's way: its tag, and the hand-over to the NIC.
 */
#ifndef _VMSWITCH_EGRESS_H
#define _VMSWITCH_EGRESS_H

#include "../nic/xmit.h"
#include "count.h"
#include "dataplane.h"
#include "trace.h"

/**
 * struct vms_dst - one destination of a frame, as it was judged
 * @port: the port
 * @nic: its NIC
 * @untagged: the frame leaves without a tag
 */
struct vms_dst {
	struct vms_port *port;
	struct vms_nic *nic;
	bool untagged;
};

/* egress.c: what is not the way of most frames. */
void vms_egress_trace(const struct vms_port *port, const struct vms_vlan *vlan,
		      unsigned long len);
void vms_egress_failed(struct vms_port *port, const struct vms_vlan *vlan,
		       unsigned long len, enum vms_drop_reason reason);

/* Give the frame the tag that it leaves with.  The slot only is written, never
 * bytes: inserting the tag is up to the device or to the software fallback
 * before it.
 */
static inline void vms_tag(const struct vms_dst *dst, struct vms_cb cb,
			   struct sk_buff *skb)
{
	if (!dst->untagged)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), cb.tci);
}

/**
 * vms_egress() - hand a frame to the NIC of a port and count the outcome
 * @dst: the destination, which may have the frame
 * @vlan: the frame's VLAN
 * @cb: what is known of the frame
 * @skb: the frame, after vms_tag()
 *
 * What is told of the frame once the NIC has it is taken from @vlan, not @cb, so
 * that what has to be kept over the calls fits the registers.
 *
 * Context: data path.  Consumes the frame.
 * Return: whether the NIC has taken it.
 */
static inline bool vms_egress(const struct vms_dst *dst,
			      const struct vms_vlan *vlan, struct vms_cb cb,
			      struct sk_buff *skb)
{
	struct vms_port *port = dst->port;
	struct vms_nic *nic = dst->nic;
	enum vms_drop_reason reason;

	__skb_push(skb, ETH_HLEN);
	/* To the compiler another variable, which gets a register that survives
	 * the calls below.  Else it saves and restores the one that the port
	 * was found in around each of the four (7 instructions).
	 */
	OPTIMIZER_HIDE_VAR(port);
	if (likely(READ_ONCE(nic->direct)))
		reason = vms_lower_xmit(nic, skb);
	else
		reason = nic->ops->xmit(nic, skb);
	if (unlikely(reason)) {
		vms_egress_failed(port, vlan, cb.len, reason);
		return false;
	}
	vms_count_tx(port, cb.len);
	if (trace_vms_deliver_enabled())
		vms_egress_trace(port, vlan, cb.len);
	return true;
}

#endif /* _VMSWITCH_EGRESS_H */
