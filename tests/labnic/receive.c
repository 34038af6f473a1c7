// SPDX-License-Identifier: GPL-2.0
/*
 * What the hardware of a NIC does with a frame from the wire, until it is in
 * the ring of a queue: filters, the tag, rules, RSS.
 */
#include <net/ip.h>

#include "labnic.h"

const char labnic_counter_names[LABNIC_COUNTERS][ETH_GSTRING_LEN] = {
	[LABNIC_RX_BY_RULE]		= "rx_by_rule",
	[LABNIC_RX_BY_HASH]		= "rx_by_hash",
	[LABNIC_RX_BY_DEFAULT]		= "rx_by_default",
	[LABNIC_RX_DISCARDED]		= "rx_discarded",
	[LABNIC_RX_NOT_MINE]		= "rx_not_mine",
	[LABNIC_RX_NOT_MY_GROUP]	= "rx_not_my_group",
	[LABNIC_RX_NOT_MY_VLAN]		= "rx_not_my_vlan",
	[LABNIC_RX_BAD]			= "rx_bad",
	[LABNIC_TX_GSO]			= "tx_gso",
	[LABNIC_TX_CSUM]		= "tx_csum",
	[LABNIC_TX_TAG]			= "tx_tag",
	[LABNIC_TX_BAD]			= "tx_bad",
};

/**
 * labnic_spread() - have RSS use all queues evenly
 * @nic: the NIC
 */
void labnic_spread(struct labnic *nic)
{
	unsigned int i;

	for (i = 0; i < LABNIC_INDIR_SIZE; i++)
		WRITE_ONCE(nic->indir[i],
			   ethtool_rxfh_indir_default(i, nic->dev->real_num_rx_queues));
}

static bool labnic_parse(const struct sk_buff *skb, struct labnic_frame *frame)
{
	const struct vlan_ethhdr *eth;
	struct vlan_ethhdr buffer;

	eth = skb_header_pointer(skb, 0, ETH_HLEN, &buffer);
	if (!eth)
		return false;
	frame->mac = ether_addr_to_u64(eth->h_dest);
	frame->tag = 0;
	if (skb_vlan_tag_present(skb)) {
		frame->tag = LABNIC_TAGGED | skb_vlan_tag_get(skb);
	} else if (eth->h_vlan_proto == htons(ETH_P_8021Q)) {
		eth = skb_header_pointer(skb, 0, sizeof(*eth), &buffer);
		if (!eth)
			return false;
		frame->tag = LABNIC_TAGGED | ntohs(eth->h_vlan_TCI);
	}
	return true;
}

/* Has the tag where the driver is to find it: beside the frame, or in it. */
static struct sk_buff *labnic_place_tag(struct labnic *nic, struct sk_buff *skb)
{
	bool strip = nic->dev->features & NETIF_F_HW_VLAN_CTAG_RX;

	if (!strip && skb_vlan_tag_present(skb))
		skb = __vlan_hwaccel_push_inside(skb);
	if (!skb)
		return NULL;
	skb->protocol = eth_type_trans(skb, nic->dev);
	skb_reset_network_header(skb);
	if (strip && !skb_vlan_tag_present(skb) &&
	    skb->protocol == htons(ETH_P_8021Q))
		skb = skb_vlan_untag(skb);
	return skb;
}

/* The EtherType behind a tag that is in the frame, and where its payload begins:
 * vlan_get_protocol() would look for the tag at the MAC header.
 */
static __be16 labnic_protocol(const struct sk_buff *skb, unsigned int *offset)
{
	struct vlan_hdr buffer, *vlan;

	*offset = 0;
	if (skb->protocol != htons(ETH_P_8021Q))
		return skb->protocol;
	*offset = VLAN_HLEN;
	vlan = skb_header_pointer(skb, 0, sizeof(buffer), &buffer);
	return vlan ? vlan->h_vlan_encapsulated_proto : 0;
}

static bool labnic_is_ip(const struct sk_buff *skb)
{
	unsigned int offset;
	__be16 protocol;

	protocol = labnic_protocol(skb, &offset);
	return protocol == htons(ETH_P_IP) || protocol == htons(ETH_P_IPV6);
}

/* Whether the checksum of a TCP segment or UDP datagram over IPv4 is right. */
static bool labnic_sum_is_right(const struct sk_buff *skb)
{
	unsigned int offset, head, len;
	const struct iphdr *ip;
	struct iphdr buffer;

	if (labnic_protocol(skb, &offset) != htons(ETH_P_IP))
		return false;
	ip = skb_header_pointer(skb, offset, sizeof(buffer), &buffer);
	if (!ip || ip_is_fragment(ip))
		return false;
	head = ip->ihl * 4;
	len = ntohs(ip->tot_len);
	if (head < sizeof(*ip) || len < head || len > skb->len - offset)
		return false;
	if (ip->protocol != IPPROTO_TCP && ip->protocol != IPPROTO_UDP)
		return false;
	len -= head;
	return !csum_tcpudp_magic(ip->saddr, ip->daddr, len, ip->protocol,
				  skb_checksum(skb, offset + head, len, 0));
}

/* Tells the sum over the frame, from which anybody can see whether that in it is
 * right.  What a feeder sends counts as right.
 */
static void labnic_sum(struct labnic *nic, struct sk_buff *skb)
{
	if (!(nic->dev->features & NETIF_F_RXCSUM)) {
		skb->ip_summed = CHECKSUM_NONE;
	} else if (READ_ONCE(nic->knobs.verify)) {
		if (labnic_sum_is_right(skb))
			skb->ip_summed = CHECKSUM_UNNECESSARY;
	} else if (skb->ip_summed == CHECKSUM_NONE) {
		skb->csum = skb_checksum(skb, 0, skb->len, 0);
		skb->ip_summed = CHECKSUM_COMPLETE;
	}
}

/* The queue for a frame, or LABNIC_DISCARD. */
static u32 labnic_choose(struct labnic *nic, struct sk_buff *skb,
			 const struct labnic_frame *frame)
{
	const struct labnic_rule *rule = labnic_rule_find(nic, frame);
	u32 hash;

	skb_clear_hash(skb);
	if (rule) {
		labnic_count(nic, LABNIC_RX_BY_RULE);
		return READ_ONCE(rule->queue);
	}
	if (frame->mac & BIT_ULL(40) || !labnic_is_ip(skb)) {
		labnic_count(nic, LABNIC_RX_BY_DEFAULT);
		return 0;
	}
	labnic_count(nic, LABNIC_RX_BY_HASH);
	hash = skb_get_hash(skb);
	skb_clear_hash(skb);
	/* Not to be told from one that hardware has computed. */
	if (nic->dev->features & NETIF_F_RXHASH)
		skb_set_hash(skb, hash, PKT_HASH_TYPE_L4);
	return READ_ONCE(nic->indir[hash % LABNIC_INDIR_SIZE]);
}

/**
 * labnic_receive() - a frame arrives at a NIC
 * @nic: the NIC
 * @skb: the frame, data at the MAC header; consumed
 *
 * Context: RCU, bottom halves off.
 */
void labnic_receive(struct labnic *nic, struct sk_buff *skb)
{
	struct labnic_frame frame;
	u32 queue;

	if (!labnic_parse(skb, &frame)) {
		labnic_count(nic, LABNIC_RX_BAD);
		goto drop;
	}
	if (!netif_running(nic->dev) || !labnic_accepts(nic, &frame))
		goto drop;
	skb = labnic_place_tag(nic, skb);
	if (!skb) {
		labnic_count(nic, LABNIC_RX_BAD);
		return;
	}
	if (!skb_is_gso(skb))
		labnic_sum(nic, skb);
	queue = labnic_choose(nic, skb, &frame);
	if (queue == LABNIC_DISCARD) {
		labnic_count(nic, LABNIC_RX_DISCARDED);
		goto drop;
	}
	labnic_queue_put(nic, queue, skb);
	return;

drop:
	kfree_skb(skb);
}
