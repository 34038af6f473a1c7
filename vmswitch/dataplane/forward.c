// SPDX-License-Identifier: GPL-2.0
/*
 * Stages 6 and 7 of a frame's way, where it is not that of most frames.
 */
#include "forward.h"
#include "pool.h"

/**
 * vms_segments_fit() - whether a frame beyond the MTU fits when it is cut
 * @skb: the frame
 * @mtu: MTU of the device
 *
 * A tag inside the segments is payload that an Ethernet device takes beyond
 * its MTU.
 *
 * Return: true if the frame is GSO and its segments fit.
 */
bool vms_segments_fit(const struct sk_buff *skb, u32 mtu)
{
	u32 limit = mtu + ETH_HLEN;

	if (eth_type_vlan(skb->protocol))
		limit += VLAN_HLEN;
	return skb_is_gso(skb) && skb_gso_validate_mac_len(skb, limit);
}

/**
 * vms_capture() - show a frame to those who listen on the switch's netdev
 * @skb: the frame, with its &struct vms_cb
 *
 * They see each frame once, with its C-tag, whatever the ports do with it.  A
 * listener on all devices ("any") sees it at the ports' devices, and here too
 * while somebody else listens on the switch.
 *
 * Context: data path.
 */
void vms_capture(struct sk_buff *skb)
{
	struct net_device *dev = vms_cb(skb)->src->sw->dev;
	struct net_device *old_dev = skb->dev;
	const struct vms_cb *cb = vms_cb(skb);
	bool tagged = skb_vlan_tag_present(skb);

	skb_push(skb, ETH_HLEN);
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), cb->tci);
	skb->dev = dev;
	dev_queue_xmit_nit(skb, dev);
	skb->dev = old_dev;
	if (!tagged)
		__vlan_hwaccel_clear_tag(skb);
	__skb_pull(skb, ETH_HLEN);
}

static void vms_flood_egress(const struct vms_dst *dst, struct vms_cb cb,
			     struct vms_vlan *vlan, struct sk_buff *skb)
{
	vms_tag(dst, cb, skb);
	if (likely(vms_egress(dst, vlan, cb, skb)))
		vms_count_vlan_tx(vlan, cb.len);
}

static void vms_flood_copy(const struct vms_dst *dst, struct vms_cb cb,
			   struct vms_vlan *vlan, struct sk_buff *skb)
{
	struct sk_buff *copy = NULL;

	if (!vms_alloc_fails())
		copy = skb_clone(skb, GFP_ATOMIC);
	if (unlikely(!copy))
		copy = vms_pool_clone(cb.src->sw->pool, skb);
	if (unlikely(!copy)) {
		vms_stats_drop(dst->port, cb.vid, cb.len, VMS_DROP_NO_MEMORY);
		return;
	}
	vms_flood_egress(dst, cb, vlan, copy);
}

/* Whether @dst gets a copy.  Ports that may not have the frame are passed over
 * in silence, but for reasons that lie in the frame itself.
 */
static bool vms_flood_wants(struct vms_dst *dst, struct vms_cb cb,
			    const struct sk_buff *skb, u32 want)
{
	const struct vms_policy *pol = vms_port_policy_rcu(dst->port);
	enum vms_drop_reason reason;

	if (!pol || !(pol->flags & want))
		return false;
	reason = vms_forward_verdict(dst, cb, skb);
	if (!reason && unlikely(!vms_forward_fits(dst, skb)))
		reason = VMS_DROP_TOO_BIG;
	if (reason == VMS_DROP_TOO_BIG || reason == VMS_DROP_VLAN_TAGGED)
		vms_stats_drop(dst->port, cb.vid, cb.len, reason);
	return !reason;
}

/* Deliver to each port of @set that may have the frame and whose policy has
 * the flag @want.  The last one gets the frame itself, the others a clone.
 */
static void vms_flood_set(const struct vms_flood *set, struct vms_vlan *vlan,
			  struct sk_buff *skb, u32 want)
{
	const struct vms_cb cb = *vms_cb(skb);
	struct vms_dst dst, last = {};
	u32 n, i;
	u16 id;

	/* Pairs with vms_flood_add(). */
	n = set ? smp_load_acquire(&set->n) : 0;
	for (i = 0; i < n; i++) {
		id = READ_ONCE(set->id[i]);
		dst.port = id ? vms_switch_port_rcu(cb.src->sw, id) : NULL;
		if (!dst.port || !vms_flood_wants(&dst, cb, skb, want))
			continue;
		if (last.port)
			vms_flood_copy(&last, cb, vlan, skb);
		else
			vms_tap(cb.src->sw, cb, skb);
		last = dst;
	}

	if (last.port)
		vms_flood_egress(&last, cb, vlan, skb);
	else
		vms_drop(cb.src, skb, VMS_DROP_NO_DESTINATION);
}

/**
 * vms_flood() - deliver a frame whose destination is no single port
 * @skb: the frame, with its &struct vms_cb
 *
 * Context: data path.  Consumes the frame.
 */
void vms_flood(struct sk_buff *skb)
{
	const struct vms_cb *cb = vms_cb(skb);
	struct vms_vlan *vlan = vms_vlan_rcu(cb->src->sw, cb->vid);
	const u8 *addr = vms_eth_hdr(skb)->h_dest;
	struct vms_flood __rcu **set;
	u32 want;

	vms_count_vlan_rx(vlan, cb->len);
	if (vms_mac_reserved(addr)) {
		vms_drop(cb->src, skb, VMS_DROP_RESERVED_ADDRESS);
		return;
	}
	set = &vlan->members;
	want = is_broadcast_ether_addr(addr) ? VMS_PF_BCAST : VMS_PF_MCAST;
	if (!is_multicast_ether_addr(addr)) {
		set = &vlan->unknown;
		want = VMS_PF_UNKNOWN;
	}
	vms_flood_set(rcu_dereference_bh_check(*set, rcu_read_lock_held()),
		      vlan, skb, want);
}
