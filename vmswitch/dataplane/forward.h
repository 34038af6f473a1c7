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
void vms_flood(struct vms_vlan *vlan, struct sk_buff *skb);
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
		    const struct vms_policy *pol, u16 vid)
{
	if (unlikely(dst == src))
		return VMS_DROP_SAME_PORT;
	if (unlikely(!pol || !vms_policy_member(pol, vid)))
		return VMS_DROP_EGRESS_FILTERED;
	if (unlikely(!(READ_ONCE(dst->state) & VMS_PORT_S_LINK)))
		return VMS_DROP_LINK_DOWN;
	return VMS_DROP_NONE;
}

/**
 * vms_forward_verdict() - whether a port may get this very frame
 * @dst: the port; on return also what was found there
 * @skb: the frame, with its &struct vms_cb
 *
 * At a trunk a frame that leaves untagged with a tag inside is one of the VLAN
 * that the inner tag names: its sender would choose a VLAN behind the port.
 *
 * Context: data path.
 * Return: &enum vms_drop_reason, 0 if it may.
 */
static inline enum vms_drop_reason vms_forward_verdict(struct vms_dst *dst,
						       struct sk_buff *skb)
{
	const struct vms_cb *cb = vms_cb(skb);
	enum vms_drop_reason reason;
	u32 mtu;

	dst->pol = vms_port_policy_rcu(dst->port);
	dst->nic = vms_port_nic_rcu(dst->port);
	reason = vms_forward_allowed(cb->src, dst->port, dst->pol, cb->vid);
	if (unlikely(reason))
		return reason;
	if (unlikely(!dst->nic))
		return VMS_DROP_LINK_DOWN;
	if (unlikely(skb->protocol == htons(ETH_P_8021Q)) &&
	    (dst->pol->flags & VMS_PF_TRUNK) && dst->pol->pvid == cb->vid)
		return VMS_DROP_VLAN_TAGGED;
	mtu = READ_ONCE(dst->nic->dev->mtu);
	if (unlikely(skb->len > mtu) && !vms_segments_fit(skb, mtu))
		return VMS_DROP_TOO_BIG;
	return VMS_DROP_NONE;
}

/* Let those who listen on the switch's netdev see the frame. */
static inline void vms_tap(struct sk_buff *skb)
{
	if (unlikely(!list_empty(&vms_cb(skb)->src->sw->dev->ptype_all)))
		vms_capture(skb);
}

static inline void vms_unicast(struct vms_port *port, struct vms_vlan *vlan,
			       struct sk_buff *skb)
{
	struct vms_dst dst = { .port = port };
	enum vms_drop_reason reason;

	reason = vms_forward_verdict(&dst, skb);
	if (unlikely(reason)) {
		/* That a guest talks to itself is the guest's doing. */
		vms_drop(reason == VMS_DROP_SAME_PORT ? vms_cb(skb)->src : port,
			 skb, reason);
		return;
	}
	vms_tap(skb);
	vms_egress(&dst, vlan, skb);
}

/**
 * vms_forward() - find the destinations of a classified frame
 * @vlan: the frame's VLAN or NULL
 * @skb: the frame, with its &struct vms_cb
 *
 * Context: data path.  Consumes the frame.
 */
static inline void vms_forward(struct vms_vlan *vlan, struct sk_buff *skb)
{
	const u8 *addr = eth_hdr(skb)->h_dest;
	const struct vms_cb *cb = vms_cb(skb);
	struct vms_port *port;

	if (likely(!is_multicast_ether_addr(addr))) {
		port = vms_fdb_lookup(cb->src->sw, vms_mac_u64(addr), cb->vid);
		if (likely(port)) {
			vms_unicast(port, vlan, skb);
			return;
		}
	}
	vms_flood(vlan, skb);
}

#endif /* _VMSWITCH_FORWARD_H */
