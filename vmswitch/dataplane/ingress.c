// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of a frame that the switch does not forward.
 */
#include "dataplane.h"

/* The core's reason that comes nearest, for "perf trace -e skb:kfree_skb". */
static enum skb_drop_reason vms_core_reason(enum vms_drop_reason reason)
{
	switch (reason) {
	case VMS_DROP_NO_MEMORY:
		return SKB_DROP_REASON_NOMEM;
	case VMS_DROP_SWITCH_DOWN:
	case VMS_DROP_PORT_DOWN:
	case VMS_DROP_LINK_DOWN:
		return SKB_DROP_REASON_DEV_READY;
	case VMS_DROP_TOO_BIG:
		return SKB_DROP_REASON_PKT_TOO_BIG;
	default:
		return SKB_DROP_REASON_NOT_SPECIFIED;
	}
}

/**
 * vms_drop() - count and trace a dropped frame and free it
 * @port: the port that counts it
 * @skb: the frame, with its &struct vms_cb
 * @reason: why
 *
 * Context: data path.
 */
void vms_drop(struct vms_port *port, struct sk_buff *skb,
	      enum vms_drop_reason reason)
{
	vms_stats_drop(port, vms_cb(skb)->vid, vms_cb(skb)->len, reason);
	kfree_skb_reason(skb, vms_core_reason(reason));
}

/**
 * vms_ingress_drop() - drop a frame before it is in the switch
 * @port: the port that it came from
 * @skb: the frame, data behind the MAC header
 * @vid: its VLAN, as far as it is known, or 0
 * @reason: why
 *
 * Context: data path.
 */
void vms_ingress_drop(struct vms_port *port, struct sk_buff *skb, u16 vid,
		      enum vms_drop_reason reason)
{
	vms_cb(skb)->vid = vid;
	vms_cb(skb)->len = skb->len + ETH_HLEN;
	vms_drop(port, skb, reason);
}
