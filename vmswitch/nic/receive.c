// SPDX-License-Identifier: GPL-2.0
/*
 * What a frame goes through before it enters the switch, off the fast path.
 */
#include "../dataplane/pool.h"
#include "nic.h"

/* The core strips any outermost tag into the slot, but to this switch only an
 * 802.1Q tag names a VLAN; another one is payload.
 */
static struct sk_buff *put_tag_back(struct vms_port *port, struct sk_buff *skb)
{
	__be16 proto = skb->vlan_proto;
	int err;

	skb_push(skb, ETH_HLEN);
	err = vms_alloc_fails() ? -ENOMEM :
	      __vlan_insert_tag(skb, proto, skb_vlan_tag_get(skb));
	skb_pull(skb, ETH_HLEN);
	if (unlikely(err)) {
		vms_ingress_drop(port, skb, 0, VMS_DROP_NO_MEMORY);
		return NULL;
	}
	skb->protocol = proto;
	__vlan_hwaccel_clear_tag(skb);
	skb_reset_mac_len(skb);
	/* A checksum of the whole payload does not cover the tag. */
	skb_forward_csum(skb);
	return skb;
}

/**
 * vms_nic_receive_tag() - move the outermost tag to where it belongs
 * @port: the port that the frame came from
 * @skb: a frame for which vms_nic_tag_misplaced() is true
 *
 * Context: Data path: RCU, bottom halves off.
 * Return: the frame, or NULL if it was dropped (and counted).
 */
struct sk_buff *vms_nic_receive_tag(struct vms_port *port, struct sk_buff *skb)
{
	if (skb_vlan_tag_present(skb))
		return put_tag_back(port, skb);

	/* skb_vlan_untag() looks at the two bytes behind the tag, too. */
	if (unlikely(!pskb_may_pull(skb, VLAN_HLEN + sizeof(__be16)))) {
		vms_ingress_drop(port, skb, 0, VMS_DROP_MALFORMED);
		return NULL;
	}
	skb = skb_vlan_untag(skb);
	if (unlikely(!skb))
		vms_stats_drop(port, 0, 0, VMS_DROP_NO_MEMORY);
	return skb;
}
