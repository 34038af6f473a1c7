// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 9 of a frame's way: its tag, and the hand-over to the NIC.
 */
#include "dataplane.h"
#include "trace.h"
#include "vlan.h"

static void vms_count_tx(struct vms_port *port, u16 vid, u32 len)
{
	struct vms_stats *stats = this_cpu_ptr(port->stats);
	struct vms_vlan *vlan = vms_vlan_rcu(port->sw, vid);
	struct vms_vlan_stats *vstats;

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->tx_packets);
	u64_stats_add(&stats->tx_bytes, len);
	u64_stats_update_end(&stats->syncp);

	if (unlikely(!vlan))
		return;
	vstats = this_cpu_ptr(vlan->stats);
	u64_stats_update_begin(&vstats->syncp);
	u64_stats_inc(&vstats->tx_packets);
	u64_stats_add(&vstats->tx_bytes, len);
	u64_stats_update_end(&vstats->syncp);
}

/* The slot only is written, never bytes: inserting the tag is up to the device
 * or to the software fallback before it.
 */
static void vms_tag(struct sk_buff *skb, const struct vms_policy *pol)
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
 * @dst: the port, which may have the frame
 * @skb: the frame, with its &struct vms_cb
 *
 * Context: data path.  Consumes the frame.
 */
void vms_egress(struct vms_port *dst, struct sk_buff *skb)
{
	const struct vms_policy *pol = vms_port_policy_rcu(dst);
	struct vms_nic *nic = vms_port_nic_rcu(dst);
	enum vms_drop_reason reason;
	/* Whoever takes the frame writes over its cb. */
	u16 vid = vms_cb(skb)->vid;
	u32 len = vms_cb(skb)->len;

	/* The port may have lost either since it was chosen. */
	if (unlikely(!nic || !pol)) {
		vms_drop(dst, skb, VMS_DROP_LINK_DOWN);
		return;
	}

	vms_tag(skb, pol);
	skb_push(skb, ETH_HLEN);
	reason = nic->ops->xmit(nic, skb);
	if (likely(!reason)) {
		vms_count_tx(dst, vid, len);
		trace_vms_deliver(dst, vid, len);
	} else {
		vms_stats_drop(dst, reason);
		trace_vms_drop(dst, vid, len, reason);
	}
}
