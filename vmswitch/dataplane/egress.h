/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stage 9 of a frame's way: its tag, and the hand-over to the NIC.
 */
#ifndef _VMSWITCH_EGRESS_H
#define _VMSWITCH_EGRESS_H

#include "count.h"
#include "dataplane.h"
#include "trace.h"

/**
 * struct vms_dst - one destination of a frame, as it was judged
 * @port: the port
 * @pol: its policy
 * @nic: its NIC
 */
struct vms_dst {
	struct vms_port *port;
	const struct vms_policy *pol;
	struct vms_nic *nic;
};

/* A NIC did not take a frame; it is gone. */
void vms_egress_failed(struct vms_port *port, u16 vid, u32 len,
		       enum vms_drop_reason reason);

/* The slot only is written, never bytes: inserting the tag is up to the device
 * or to the software fallback before it.
 */
static inline void vms_tag(struct sk_buff *skb, const struct vms_policy *pol)
{
	const struct vms_cb *cb = vms_cb(skb);

	if (cb->vid == pol->pvid)
		__vlan_hwaccel_clear_tag(skb);
	else
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q),
				       cb->pcp_dei | cb->vid);
}

/**
 * vms_egress() - hand a frame to the NIC of a port and count the outcome
 * @dst: the destination, which may have the frame
 * @vlan: the frame's VLAN or NULL
 * @skb: the frame, with its &struct vms_cb
 *
 * Context: data path.  Consumes the frame.
 */
static inline void vms_egress(const struct vms_dst *dst, struct vms_vlan *vlan,
			      struct sk_buff *skb)
{
	/* Whoever takes the frame writes over its cb. */
	u16 vid = vms_cb(skb)->vid;
	u32 len = vms_cb(skb)->len;
	enum vms_drop_reason reason;

	vms_tag(skb, dst->pol);
	__skb_push(skb, ETH_HLEN);
	reason = dst->nic->ops->xmit(dst->nic, skb);
	if (unlikely(reason)) {
		vms_egress_failed(dst->port, vid, len, reason);
		return;
	}
	vms_count_tx(dst->port, vlan, len);
	trace_vms_deliver(dst->port, vid, len);
}

#endif /* _VMSWITCH_EGRESS_H */
