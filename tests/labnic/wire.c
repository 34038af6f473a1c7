// SPDX-License-Identifier: GPL-2.0
/*
 * The wire between two NICs, and what the hardware of the sender does with a
 * frame before it is there: segmentation and checksums.  A tag stays beside the
 * frame, for the receiver to put where it wants it.
 */
#include "compat.h"
#include "labnic.h"

static void labnic_wire_frame(struct labnic *other, struct sk_buff *skb)
{
	if (skb_orphan_frags_rx(skb, GFP_ATOMIC)) {
		labnic_count(other, LABNIC_RX_BAD);
		kfree_skb(skb);
		return;
	}
	skb_scrub_packet(skb, true);
	skb->priority = 0;
	skb->ip_summed = CHECKSUM_NONE;
	labnic_receive(other, skb);
}

static void labnic_wire_segments(struct labnic *nic, struct labnic *other,
				 struct sk_buff *skb)
{
	struct sk_buff *segments, *next;

	labnic_count(nic, LABNIC_TX_GSO);
	segments = skb_gso_segment(skb, NETIF_F_SG);
	if (IS_ERR_OR_NULL(segments)) {
		labnic_count(nic, LABNIC_TX_BAD);
		kfree_skb(skb);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(segments, skb, next) {
		skb_mark_not_on_list(skb);
		labnic_wire_frame(other, skb);
	}
}

/**
 * labnic_wire() - a frame goes through the wire
 * @nic: the NIC that transmits it
 * @other: the NIC at the far end
 * @skb: the frame, data at the MAC header; consumed
 *
 * Context: RCU, bottom halves off.
 */
void labnic_wire(struct labnic *nic, struct labnic *other, struct sk_buff *skb)
{
	if (skb_vlan_tag_present(skb))
		labnic_count(nic, LABNIC_TX_TAG);
	if (skb_is_gso(skb)) {
		labnic_wire_segments(nic, other, skb);
		return;
	}
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		labnic_count(nic, LABNIC_TX_CSUM);
		if (skb_checksum_help(skb)) {
			labnic_count(nic, LABNIC_TX_BAD);
			kfree_skb(skb);
			return;
		}
	}
	labnic_wire_frame(other, skb);
}
