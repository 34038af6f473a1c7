// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of the uplink's NIC that others have set.  Where they lead is not for
 * ports, and an address that they are for is not set a second time: some drivers
 * would take the new rule for the old one and replace it.
 */
#include <linux/bitmap.h>
#include <linux/bsearch.h>
#include <linux/ethtool.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "vmq.h"

/* So many are read at each look.  More are only if there are others than the last
 * time, if something has happened to the device, or after a while: reading one is
 * a search for many drivers.
 */
#define RULES_FEW		64
#define RULES_PERIOD		(30 * HZ)

static int location_compare(const void *a, const void *b)
{
	const u32 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static int mac_compare(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The locations of the ports' own filters, sorted; NULL: there is no memory. */
static u32 *rules_own(const struct vms_vmq *vmq, u32 *count)
{
	const struct vms_vmq_port *vp;
	u32 *own, i, n = 0;

	list_for_each_entry(vp, &vmq->ports, node)
		n += vp->n_filters;
	own = kvcalloc(n + 1, sizeof(*own), GFP_KERNEL);
	if (!own)
		return NULL;
	n = 0;
	list_for_each_entry(vp, &vmq->ports, node)
		for (i = 0; i < vp->n_filters; i++)
			if (vp->filters[i].installed)
				own[n++] = vp->filters[i].location;
	sort(own, n, sizeof(*own), location_compare, NULL);
	*count = n;
	return own;
}

/* Where rules lead.  One for an RSS context leads to all queues of its table, which
 * only newer kernels tell, so it counts as one that may lead anywhere.
 */
static void rules_note_queue(const struct ethtool_rx_flow_spec *fs,
			     struct vms_vmq_rules *rules)
{
	u64 queue;

	if (fs->ring_cookie == RX_CLS_FLOW_DISC ||
	    fs->ring_cookie == RX_CLS_FLOW_WAKE ||
	    ethtool_get_flow_spec_ring_vf(fs->ring_cookie))
		return;
	if (fs->flow_type & FLOW_RSS)
		rules->unknown = true;
	queue = ethtool_get_flow_spec_ring(fs->ring_cookie);
	if (queue < VMS_VMQ_QUEUES_MAX)
		__set_bit(queue, rules->queues);
}

/* A rule that asks for more than an address and a VID is for some frames only, and
 * does not get in the way of one for all.
 */
static void rules_note_mac(const struct ethtool_rx_flow_spec *fs,
			   struct vms_vmq_rules *rules)
{
	u32 extra = FLOW_EXT | FLOW_MAC_EXT | FLOW_RSS;
	const struct ethhdr *mask = &fs->m_u.ether_spec;
	u16 vid = 0;

	if ((fs->flow_type & ~extra) != ETHER_FLOW ||
	    !is_broadcast_ether_addr(mask->h_dest) ||
	    !is_zero_ether_addr(mask->h_source) || mask->h_proto)
		return;
	if (fs->flow_type & FLOW_EXT &&
	    (fs->m_ext.data[0] || fs->m_ext.data[1]))
		return;
	if (fs->flow_type & FLOW_EXT && fs->m_ext.vlan_tci) {
		vid = ntohs(fs->h_ext.vlan_tci & fs->m_ext.vlan_tci) &
		      VLAN_VID_MASK;
		if (!vid)
			return;
	}
	rules->macs[rules->n_macs++] =
		vms_vmq_key(vms_mac_u64(fs->h_u.ether_spec.h_dest), vid);
}

static int rules_read_one(struct net_device *dev, u32 location,
			  struct vms_vmq_rules *rules)
{
	struct ethtool_rxnfc info = { .cmd = ETHTOOL_GRXCLSRULE };
	int err;

	info.fs.location = location;
	err = dev->ethtool_ops->get_rxnfc(dev, &info, NULL);
	if (vms_vmq_is_transient(err))
		return err;
	if (err == -ENOENT || err == -EINVAL)
		return 0;
	if (err) {
		rules->unknown = true;
		return 0;
	}
	rules_note_queue(&info.fs, rules);
	rules_note_mac(&info.fs, rules);
	return 0;
}

static int rules_read_all(struct vms_vmq *vmq, const u32 *locations, u32 n)
{
	struct vms_vmq_rules *rules = &vmq->rules;
	u32 i;
	int err;

	vms_vmq_rules_free(vmq);
	rules->locations = kvcalloc(n + 1, sizeof(*rules->locations),
				    GFP_KERNEL);
	rules->macs = kvcalloc(n + 1, sizeof(*rules->macs), GFP_KERNEL);
	if (!rules->locations || !rules->macs)
		return -ENOMEM;
	memcpy(rules->locations, locations, n * sizeof(*locations));
	rules->n = n;
	for (i = 0; i < n; i++) {
		err = rules_read_one(vmq->nic->dev, locations[i], rules);
		if (err)
			return err;
		cond_resched();
	}
	sort(rules->macs, rules->n_macs, sizeof(*rules->macs), mac_compare,
	     NULL);
	rules->read = jiffies;
	rules->known = true;
	return 0;
}

static bool rules_are_known(const struct vms_vmq_rules *rules,
			    const u32 *locations, u32 n)
{
	return rules->known && n > RULES_FEW && n == rules->n &&
	       time_before(jiffies, rules->read + RULES_PERIOD) &&
	       !memcmp(rules->locations, locations, n * sizeof(*locations));
}

/* Others than the ports' own are moved to the front. */
static int rules_sift(struct vms_vmq *vmq, u32 *locations, u32 *n,
		      struct vms_vmq_pool *pool)
{
	u32 i, n_own, foreign = 0;
	u32 *own = rules_own(vmq, &n_own);

	if (!own)
		return -ENOMEM;
	for (i = 0; i < *n; i++) {
		if (!pool->any && locations[i] < pool->slots)
			__set_bit(locations[i], pool->used);
		if (!bsearch(&locations[i], own, n_own, sizeof(*own),
			     location_compare))
			locations[foreign++] = locations[i];
	}
	kvfree(own);
	*n = foreign;
	return 0;
}

static int rules_list(struct vms_vmq *vmq, u32 *locations, u32 n,
		      struct vms_vmq_pool *pool)
{
	struct ethtool_rxnfc info = {
		.cmd = ETHTOOL_GRXCLSRLALL,
		.rule_cnt = n,
	};
	struct net_device *dev = vmq->nic->dev;
	int err;

	err = dev->ethtool_ops->get_rxnfc(dev, &info, locations);
	if (err)
		return err;
	n = min(info.rule_cnt, n);
	err = rules_sift(vmq, locations, &n, pool);
	if (!err && !rules_are_known(&vmq->rules, locations, n))
		err = rules_read_all(vmq, locations, n);
	if (err)
		return err;
	if (!pool->any)
		pool->room = pool->slots - min(n, pool->slots);
	bitmap_andnot(pool->queues, pool->queues, vmq->rules.queues,
		      VMS_VMQ_QUEUES_MAX);
	if (vmq->rules.unknown) {
		bitmap_zero(pool->queues, VMS_VMQ_QUEUES_MAX);
		pool->reason = pool->reason ?: VMS_VMQ_R_RULE_QUEUES;
	}
	return 0;
}

/**
 * vms_vmq_rules_read() - leave out of a pool what others' rules need
 * @vmq: VMQ of the uplink
 * @n: number of all rules, those of ports included
 * @pool: what ports may be given
 *
 * Context: RTNL is held, vms_vmq_device_begin() was called.
 * Return: 0 or a negative error.
 */
int vms_vmq_rules_read(struct vms_vmq *vmq, u32 n, struct vms_vmq_pool *pool)
{
	u32 *locations;
	int err;

	/* One more, so that an empty list is an array, too. */
	locations = kvcalloc(n + 1, sizeof(*locations), GFP_KERNEL);
	if (!locations)
		return -ENOMEM;
	err = rules_list(vmq, locations, n, pool);
	kvfree(locations);
	return err;
}

/**
 * vms_vmq_rules_cover() - whether a rule of others is for what a filter is for
 * @vmq: VMQ of the uplink
 * @filter: the filter
 *
 * Context: RTNL is held.
 * Return: true if all frames for the filter would match a rule that is there.
 */
bool vms_vmq_rules_cover(const struct vms_vmq *vmq,
			 const struct vms_vmq_filter *filter)
{
	const struct vms_vmq_rules *rules = &vmq->rules;
	u64 any = vms_vmq_key(filter->mac, 0);
	u64 one = vms_vmq_key(filter->mac, filter->vid);

	return rules->n_macs &&
	       (bsearch(&any, rules->macs, rules->n_macs,
			sizeof(any), mac_compare) ||
		bsearch(&one, rules->macs, rules->n_macs,
			sizeof(one), mac_compare));
}

/**
 * vms_vmq_rules_free() - forget all rules
 * @vmq: VMQ of an uplink
 */
void vms_vmq_rules_free(struct vms_vmq *vmq)
{
	kvfree(vmq->rules.locations);
	kvfree(vmq->rules.macs);
	memset(&vmq->rules, 0, sizeof(vmq->rules));
}
