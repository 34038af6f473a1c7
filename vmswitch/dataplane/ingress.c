// SPDX-License-Identifier: GPL-2.0
/*
 * Stages 1 to 3 of a frame's way: reception, VLAN, source address.
 */
#include <linux/etherdevice.h>

#include "forward.h"
#include "trace.h"

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
	vms_stats_drop(port, reason);
	trace_vms_drop(port, vms_cb(skb)->vid, vms_cb(skb)->len, reason);
	kfree_skb_reason(skb, vms_core_reason(reason));
}

/**
 * vms_ingress() - take a frame in from the NIC plugged into a port
 * @port: the port
 * @skb: the frame: data behind the MAC header, not shared, a tag in the slot
 *	only if it is of 802.1Q
 *
 * Context: data path (RCU, bottom halves off).  Consumes the frame.
 */
void vms_ingress(struct vms_port *port, struct sk_buff *skb)
{
	const struct vms_policy *pol = vms_port_policy_rcu(port);
	struct vms_switch *sw = port->sw;
	struct vms_cb *cb = vms_cb(skb);
	enum vms_drop_reason reason;
	struct vms_vlan *vlan;
	u64 mac;

	BUILD_BUG_ON(sizeof(struct vms_cb) > sizeof_field(struct sk_buff, cb));

	cb->src = port;
	cb->vid = 0;
	cb->len = skb->len + ETH_HLEN;

	reason = VMS_DROP_SWITCH_DOWN;
	if (unlikely(!(READ_ONCE(sw->flags) & VMS_SW_UP)))
		goto drop;
	/* The policy of a port that is just being made is not there yet. */
	reason = VMS_DROP_PORT_DOWN;
	if (unlikely(!(READ_ONCE(port->state) & VMS_PORT_S_ADMIN) || !pol))
		goto drop;

	reason = vms_vlan_classify(pol, skb_vlan_tag_present(skb),
				   skb_vlan_tag_get(skb), &cb->vid,
				   &cb->pcp_dei);
	if (unlikely(reason))
		goto drop;

	mac = vms_mac_u64(eth_hdr(skb)->h_source);
	reason = vms_guard_source(pol, mac);
	if (unlikely(reason))
		goto drop;

	if (vms_port_learns(sw, pol))
		vms_fdb_learn(port, pol, mac, cb->vid);

	vlan = vms_vlan_rcu(sw, cb->vid);
	vms_count_rx(port, vlan, cb->len);
	vms_forward(vlan, skb);
	return;

drop:
	vms_drop(port, skb, reason);
}
