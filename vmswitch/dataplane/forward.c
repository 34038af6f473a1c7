// SPDX-License-Identifier: GPL-2.0
/*
 * Stages 6 and 7 of a frame's way: its destinations, and what each allows.
 */
#include <linux/etherdevice.h>

#include "dataplane.h"
#include "vlan.h"

/**
 * vms_forward_allowed() - whether a port may get a frame
 * @src: where the frame came from
 * @dst: the port
 * @vid: the frame's VLAN
 *
 * Return: &enum vms_drop_reason, 0 if it may.
 */
enum vms_drop_reason vms_forward_allowed(const struct vms_port *src,
					 const struct vms_port *dst, u16 vid)
{
	const struct vms_policy *pol = vms_port_policy_rcu(dst);

	if (unlikely(dst == src))
		return VMS_DROP_SAME_PORT;
	if (unlikely(!pol || !vms_policy_member(pol, vid)))
		return VMS_DROP_EGRESS_FILTERED;
	if (unlikely(!(READ_ONCE(dst->state) & VMS_PORT_S_LINK)))
		return VMS_DROP_LINK_DOWN;
	return VMS_DROP_NONE;
}

/* The segments of a GSO frame must fit; a tag inside them is payload that an
 * Ethernet device takes beyond its MTU.
 */
static bool vms_segments_fit(const struct sk_buff *skb, u32 mtu)
{
	u32 limit = mtu + ETH_HLEN;

	if (eth_type_vlan(skb->protocol))
		limit += VLAN_HLEN;
	return skb_is_gso(skb) && skb_gso_validate_mac_len(skb, limit);
}

/* At a trunk a frame that leaves untagged with a tag inside is one of the VLAN
 * that the inner tag names: its sender would choose a VLAN behind the port.
 */
static bool vms_forward_hops(const struct vms_port *dst, u16 vid)
{
	const struct vms_policy *pol = vms_port_policy_rcu(dst);

	return pol && (pol->flags & VMS_PF_TRUNK) && pol->pvid == vid;
}

static enum vms_drop_reason vms_forward_verdict(struct vms_port *dst,
						struct sk_buff *skb)
{
	const struct vms_cb *cb = vms_cb(skb);
	enum vms_drop_reason reason;
	const struct vms_nic *nic;
	u32 mtu;

	reason = vms_forward_allowed(cb->src, dst, cb->vid);
	if (unlikely(reason))
		return reason;
	if (unlikely(skb->protocol == htons(ETH_P_8021Q)) &&
	    vms_forward_hops(dst, cb->vid))
		return VMS_DROP_VLAN_TAGGED;
	nic = vms_port_nic_rcu(dst);
	if (unlikely(!nic))
		return VMS_DROP_LINK_DOWN;
	mtu = READ_ONCE(nic->dev->mtu);
	if (unlikely(skb->len > mtu) && !vms_segments_fit(skb, mtu))
		return VMS_DROP_TOO_BIG;
	return VMS_DROP_NONE;
}

/* tcpdump on the switch's netdev sees each frame once, with its C-tag,
 * whatever the ports do with it.  A listener on all devices ("any") sees it at
 * the ports' devices, and here too while somebody else listens on the switch.
 */
static noinline void vms_capture(struct sk_buff *skb)
{
	struct net_device *dev = vms_cb(skb)->src->sw->dev;
	struct net_device *old_dev = skb->dev;
	const struct vms_cb *cb = vms_cb(skb);
	__be16 old_proto = skb->vlan_proto;
	bool tagged = skb_vlan_tag_present(skb);
	u16 old_tci = skb->vlan_tci;

	skb_push(skb, ETH_HLEN);
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), cb->pcp_dei | cb->vid);
	skb->dev = dev;
	dev_queue_xmit_nit(skb, dev);
	skb->dev = old_dev;
	if (tagged)
		__vlan_hwaccel_put_tag(skb, old_proto, old_tci);
	else
		__vlan_hwaccel_clear_tag(skb);
	__skb_pull(skb, ETH_HLEN);
}

static void vms_tap(struct sk_buff *skb)
{
	if (unlikely(!list_empty(&vms_cb(skb)->src->sw->dev->ptype_all)))
		vms_capture(skb);
}

static void vms_unicast(struct vms_port *dst, struct sk_buff *skb)
{
	struct vms_port *src = vms_cb(skb)->src;
	enum vms_drop_reason reason;

	reason = vms_forward_verdict(dst, skb);
	if (unlikely(reason)) {
		/* That a guest talks to itself is the guest's doing. */
		vms_drop(reason == VMS_DROP_SAME_PORT ? src : dst, skb, reason);
		return;
	}
	vms_tap(skb);
	vms_egress(dst, skb);
}

static void vms_egress_copy(struct vms_port *dst, struct sk_buff *skb)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (likely(copy))
		vms_egress(dst, copy);
	else
		vms_stats_drop(dst, VMS_DROP_NO_MEMORY);
}

/* Deliver to each port of @flood that may have the frame and whose policy has
 * the flag @want.  The last one gets the frame itself, the others a clone.
 */
static void vms_flood(struct sk_buff *skb, const struct vms_flood *flood,
		      u32 want)
{
	const struct vms_policy *pol;
	enum vms_drop_reason reason;
	struct vms_port *last = NULL;
	struct vms_port *dst;
	u32 n, i;
	u16 id;

	/* Pairs with vms_flood_add(). */
	n = flood ? smp_load_acquire(&flood->n) : 0;
	for (i = 0; i < n; i++) {
		id = READ_ONCE(flood->id[i]);
		dst = id ? vms_switch_port_rcu(vms_cb(skb)->src->sw, id) : NULL;
		if (!dst)
			continue;
		pol = vms_port_policy_rcu(dst);
		if (!pol || !(pol->flags & want))
			continue;
		reason = vms_forward_verdict(dst, skb);
		if (reason == VMS_DROP_TOO_BIG ||
		    reason == VMS_DROP_VLAN_TAGGED)
			vms_stats_drop(dst, reason);
		if (reason)
			continue;
		if (last)
			vms_egress_copy(last, skb);
		else
			vms_tap(skb);
		last = dst;
	}

	if (last)
		vms_egress(last, skb);
	else
		vms_drop(vms_cb(skb)->src, skb, VMS_DROP_NO_DESTINATION);
}

/**
 * vms_forward() - find the destinations of a classified frame
 * @skb: the frame, with its &struct vms_cb
 *
 * Context: data path.  Consumes the frame.
 */
void vms_forward(struct sk_buff *skb)
{
	const u8 *addr = eth_hdr(skb)->h_dest;
	const struct vms_cb *cb = vms_cb(skb);
	struct vms_switch *sw = cb->src->sw;
	const struct vms_vlan *vlan;
	struct vms_port *dst;

	if (likely(!is_multicast_ether_addr(addr))) {
		dst = vms_fdb_lookup(sw, vms_mac_u64(addr), cb->vid);
		if (likely(dst)) {
			vms_unicast(dst, skb);
			return;
		}
	} else if (vms_mac_reserved(addr)) {
		vms_drop(cb->src, skb, VMS_DROP_RESERVED_ADDRESS);
		return;
	}

	vlan = vms_vlan_rcu(sw, cb->vid);
	if (unlikely(!vlan))
		vms_drop(cb->src, skb, VMS_DROP_NO_DESTINATION);
	else if (!is_multicast_ether_addr(addr))
		vms_flood(skb, rcu_dereference_bh_check(vlan->unknown,
							rcu_read_lock_held()),
			  VMS_PF_UNKNOWN);
	else
		vms_flood(skb, rcu_dereference_bh_check(vlan->members,
							rcu_read_lock_held()),
			  is_broadcast_ether_addr(addr) ? VMS_PF_BCAST :
							  VMS_PF_MCAST);
}
