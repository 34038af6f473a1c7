/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stages 1 to 3 of a frame's way: reception, VLAN, source address.  In line,
 * as the stages that follow: most frames cross the switch without a call.
 */
#ifndef _VMSWITCH_INGRESS_H
#define _VMSWITCH_INGRESS_H

#include "forward.h"

/* Why a port takes no frames at all, if it does not. */
static inline enum vms_drop_reason
vms_ingress_closed(const struct vms_port *port, const struct vms_policy *pol)
{
	if (unlikely(!(READ_ONCE(port->sw->flags) & VMS_SW_UP)))
		return VMS_DROP_SWITCH_DOWN;
	/* The policy of a port that is going is not there any more. */
	if (unlikely(!(READ_ONCE(port->state) & VMS_PORT_S_ADMIN) || !pol))
		return VMS_DROP_PORT_DOWN;
	return VMS_DROP_NONE;
}

/**
 * vms_ingress() - take a frame in from the NIC plugged into a port
 * @port: the port
 * @skb: the frame: data ETH_HLEN behind the MAC header, not shared, a tag in
 *	the slot only if it is of 802.1Q
 * @tagged: whether there is one in the slot
 *
 * Context: data path (RCU, bottom halves off).  Consumes the frame.
 */
static inline void vms_ingress(struct vms_port *port, struct sk_buff *skb,
			       bool tagged)
{
	u32 flags = tagged ? 0 : READ_ONCE(port->untagged);
	const struct ethhdr *eth = vms_eth_hdr(skb);
	const struct vms_fdb_table *table;
	struct vms_switch *sw = port->sw;
	const struct vms_policy *pol;
	enum vms_drop_reason reason;
	struct vms_cb cb;
	u64 mac;

	cb.src = port;
	cb.len = skb->len + ETH_HLEN;

	if (likely(flags && (READ_ONCE(sw->flags) & VMS_SW_UP))) {
		cb.tci = flags >> VMS_UNTAGGED_TCI;
		cb.vid = cb.tci & VLAN_VID_MASK;
	} else {
		cb.vid = 0;
		pol = vms_port_policy_rcu(port);
		reason = vms_ingress_closed(port, pol);
		if (unlikely(reason))
			goto drop;
		reason = vms_vlan_classify(pol, tagged, skb_vlan_tag_get(skb),
					   &cb.vid, &cb.tci);
		if (unlikely(reason))
			goto drop;
		cb.tci |= cb.vid;
		flags = pol->flags;
		/* From here on the frame's tag is what @cb says of it. */
		__vlan_hwaccel_clear_tag(skb);
	}

	mac = vms_eth_mac(eth->h_source);
	reason = vms_guard_source(port, flags, mac);
	if (unlikely(reason))
		goto drop;

	table = vms_fdb_table_rcu(sw);
	if (vms_port_learns(sw, flags))
		vms_fdb_learn(table, sw, port, mac, cb.vid);

	vms_count_rx(port, cb.len);
	vms_forward(sw, table, cb, vms_eth_mac(eth->h_dest), skb);
	return;

drop:
	vms_ingress_drop(port, skb, cb.vid, reason);
}

#endif /* _VMSWITCH_INGRESS_H */
