/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stages 6 and 7 of a frame's way: its destination, and what that allows.
 */
#ifndef _VMSWITCH_FORWARD_H
#define _VMSWITCH_FORWARD_H

#include <linux/etherdevice.h>

#include "egress.h"
#include "fdb_lookup.h"

/* forward.c: what is not the way of most frames. */
void vms_flood(struct sk_buff *skb);
void vms_capture(struct sk_buff *skb);
bool vms_segments_fit(const struct sk_buff *skb, u32 mtu);

/**
 * vms_forward_allowed() - whether a port may get a frame
 * @src: where the frame came from
 * @dst: the port
 * @pol: its policy, or NULL
 * @vid: the frame's VLAN
 *
 * Return: &enum vms_drop_reason, 0 if it may.
 */
static inline enum vms_drop_reason
vms_forward_allowed(const struct vms_port *src, const struct vms_port *dst,
		    const struct vms_policy *pol, u32 vid)
{
	if (unlikely(dst == src))
		return VMS_DROP_SAME_PORT;
	if (unlikely(!pol || !vms_policy_member(pol, vid)))
		return VMS_DROP_EGRESS_FILTERED;
	if (unlikely(!(READ_ONCE(dst->state) & VMS_PORT_S_LINK)))
		return VMS_DROP_LINK_DOWN;
	return VMS_DROP_NONE;
}

/* vms_forward_verdict() by the port's policy.
 *
 * At a trunk, or an uplink, a frame that leaves untagged with a tag inside is one
 * of the VLAN that the inner tag names: its sender would choose a VLAN behind the
 * port.
 */
static inline enum vms_drop_reason
vms_forward_judge(struct vms_dst *dst, struct vms_cb cb,
		  const struct sk_buff *skb)
{
	const struct vms_policy *pol = vms_port_policy_rcu(dst->port);
	enum vms_drop_reason reason;

	reason = vms_forward_allowed(cb.src, dst->port, pol, cb.vid);
	if (unlikely(reason))
		return reason;
	if (unlikely(!dst->nic))
		return VMS_DROP_LINK_DOWN;
	dst->untagged = pol->pvid == cb.vid;
	if (dst->untagged && unlikely(skb->protocol == htons(ETH_P_8021Q)) &&
	    (pol->flags & VMS_PF_TRUNK ||
	     dst->port->kind == VMS_NIC_EXTERNAL))
		return VMS_DROP_VLAN_TAGGED;
	return VMS_DROP_NONE;
}

/**
 * vms_forward_verdict() - whether a port may get this very frame
 * @dst: the port; on return also what was found there
 * @cb: what is known of the frame
 * @skb: the frame
 *
 * Its size is for vms_forward_fits().
 *
 * Context: data path.
 * Return: &enum vms_drop_reason, 0 if it may.
 */
static inline enum vms_drop_reason
vms_forward_verdict(struct vms_dst *dst, struct vms_cb cb,
		    const struct sk_buff *skb)
{
	dst->nic = vms_port_nic_rcu(dst->port);
	if (likely(READ_ONCE(dst->port->access) == cb.vid &&
		   dst->port != cb.src && dst->nic)) {
		dst->untagged = true;
		return VMS_DROP_NONE;
	}
	return vms_forward_judge(dst, cb, skb);
}

/* Whether the frame, or what it is cut into, fits the destination's MTU. */
static inline bool vms_forward_fits(const struct vms_dst *dst,
				    const struct sk_buff *skb)
{
	u32 mtu = READ_ONCE(dst->nic->dev->mtu);

	return likely(skb->len <= mtu) || vms_segments_fit(skb, mtu);
}

/* Let those who listen on the switch's netdev see the frame. */
static inline void vms_tap(const struct vms_switch *sw, struct vms_cb cb,
			   struct sk_buff *skb)
{
	if (likely(list_empty(&sw->dev->ptype_all)))
		return;
	*vms_cb(skb) = cb;
	vms_capture(skb);
}

static inline void vms_unicast(const struct vms_switch *sw,
			       struct vms_port *port, struct vms_cb cb,
			       struct sk_buff *skb)
{
	struct vms_dst dst = { .port = port };
	enum vms_drop_reason reason;
	struct vms_vlan *vlan;

	reason = vms_forward_verdict(&dst, cb, skb);
	if (unlikely(reason))
		goto drop;
	vms_tag(&dst, cb, skb);
	reason = VMS_DROP_TOO_BIG;
	if (unlikely(!vms_forward_fits(&dst, skb)))
		goto drop;
	vms_tap(sw, cb, skb);
	vlan = vms_vlan_rcu(sw, cb.vid);
	if (likely(vms_egress(&dst, vlan, cb, skb)))
		vms_count_vlan_unicast(vlan, cb.len);
	else
		vms_count_vlan_rx(vlan, cb.len);
	return;

drop:
	vms_count_vlan_rx(vms_vlan_rcu(sw, cb.vid), cb.len);
	*vms_cb(skb) = cb;
	/* That a guest talks to itself is the guest's doing. */
	vms_drop(reason == VMS_DROP_SAME_PORT ? cb.src : port, skb, reason);
}

/**
 * vms_forward() - find the destinations of a classified frame
 * @sw: the switch
 * @table: its forwarding database
 * @cb: what is known of the frame
 * @mac: its destination address
 * @skb: the frame
 *
 * Context: data path.  Consumes the frame.
 */
static inline void vms_forward(const struct vms_switch *sw,
			       const struct vms_fdb_table *table,
			       struct vms_cb cb, u64 mac, struct sk_buff *skb)
{
	struct vms_port *port;

	if (likely(!(mac & VMS_MAC_GROUP))) {
		port = vms_fdb_lookup(table, sw, mac, cb.vid);
		if (likely(port)) {
			vms_unicast(sw, port, cb, skb);
			return;
		}
	}
	*vms_cb(skb) = cb;
	vms_flood(skb);
}

#endif /* _VMSWITCH_FORWARD_H */
