// SPDX-License-Identifier: GPL-2.0
/*
 * Which queues of the uplink's NIC, and how many filters, ports may be given.
 */
#include <linux/bitmap.h>
#include <linux/ethtool.h>
#include <linux/slab.h>

#include "vmq.h"

/* Rules that are looked at; a NIC with more has none to spare for the switch. */
#define POOL_RULES_MAX	8192U
/* Locations that are kept apart. */
#define POOL_SLOTS_MAX	65536U

/* RSS spreads whatever no filter matches over the queues in its table. */
static int pool_drop_rss(struct net_device *dev, struct vms_vmq_pool *pool)
{
	const struct ethtool_ops *ops = dev->ethtool_ops;
	u32 *table, size, i;
	int err;

	size = ops->get_rxfh && ops->get_rxfh_indir_size ?
	       ops->get_rxfh_indir_size(dev) : 0;
	/* Without a table it may use any queue. */
	if (!size) {
		bitmap_zero(pool->queues, VMS_VMQ_QUEUES_MAX);
		return 0;
	}
	table = kvcalloc(size, sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	err = vms_get_rxfh_indir(dev, table, size);
	for (i = 0; !err && i < size; i++)
		if (table[i] < VMS_VMQ_QUEUES_MAX)
			__clear_bit(table[i], pool->queues);
	kvfree(table);
	return err;
}

static void pool_drop_special(struct net_device *dev,
			      struct vms_vmq_pool *pool)
{
	u32 queue;

	for_each_set_bit(queue, pool->queues, pool->n_queues)
		if (vms_rx_queue_is_special(dev, queue))
			__clear_bit(queue, pool->queues);
}

static int pool_read_filters(struct vms_vmq *vmq, struct vms_vmq_pool *pool)
{
	struct ethtool_rxnfc info = { .cmd = ETHTOOL_GRXCLSRLCNT };
	struct net_device *dev = vmq->nic->dev;
	int err;

	err = dev->ethtool_ops->get_rxnfc(dev, &info, NULL);
	if (err)
		return err;
	pool->any = info.data & RX_CLS_LOC_SPECIAL;
	pool->slots = info.data & ~RX_CLS_LOC_SPECIAL;
	/* A driver that chooses means the highest location, not how many. */
	pool->room = U32_MAX;
	if (info.rule_cnt > POOL_RULES_MAX) {
		bitmap_zero(pool->queues, VMS_VMQ_QUEUES_MAX);
		pool->reason = VMS_VMQ_R_NO_FILTER;
		return 0;
	}
	if (!pool->any) {
		pool->slots = min(pool->slots, POOL_SLOTS_MAX);
		pool->room = pool->slots;
		pool->used = bitmap_zalloc(pool->slots, GFP_KERNEL);
		if (!pool->used)
			return -ENOMEM;
	}
	return vms_vmq_rules_read(vmq, info.rule_cnt, pool);
}

static int pool_read_device(struct vms_vmq *vmq, struct vms_vmq_pool *pool)
{
	struct net_device *dev = vmq->nic->dev;
	int err;

	err = pool_drop_rss(dev, pool);
	if (err)
		return err;
	pool_drop_special(dev, pool);
	if (pool->n_queues > 1 &&
	    bitmap_empty(pool->queues, VMS_VMQ_QUEUES_MAX))
		pool->reason = VMS_VMQ_R_RSS;
	return pool_read_filters(vmq, pool);
}

/* Filters are turned on by who runs the NIC: for some drivers that costs
 * others something (flow director and ATR share one table), so the switch does
 * not do it behind his back but says that they are off.
 */
static u8 pool_excuse(const struct net_device *dev)
{
	if (!vms_vmq_takes_rules(dev))
		return VMS_VMQ_R_UNSUPPORTED;
	if (dev->features & NETIF_F_NTUPLE)
		return 0;
	if (dev->hw_features & NETIF_F_NTUPLE)
		return VMS_VMQ_R_NTUPLE_OFF;
	return VMS_VMQ_R_UNSUPPORTED;
}

/* A device that is down loses nothing: what ports have is kept for them. */
static void pool_keep(const struct vms_vmq *vmq, struct vms_vmq_pool *pool)
{
	const struct vms_vmq_port *vp;

	pool->reason = VMS_VMQ_R_UPLINK_DOWN;
	pool->room = U32_MAX;
	list_for_each_entry(vp, &vmq->ports, node)
		if (vp->queue >= 0)
			__set_bit(vp->queue, pool->queues);
}

/**
 * vms_vmq_pool_read() - find out what ports may be given
 * @vmq: VMQ of the uplink
 * @pool: set; to be freed by vms_vmq_pool_free() whatever is returned
 *
 * Queue 0 is never among it: where a driver delivers what it is not sure of.
 *
 * Context: RTNL is held, &vms_net.lock is not.
 * Return: 0, or an error of the driver.
 */
int vms_vmq_pool_read(struct vms_vmq *vmq, struct vms_vmq_pool *pool)
{
	struct net_device *dev = vmq->nic->dev;
	int err;

	memset(pool, 0, sizeof(*pool));
	pool->n_queues = min_t(u32, dev->real_num_rx_queues,
			       VMS_VMQ_QUEUES_MAX);
	pool->reason = pool_excuse(dev);
	if (pool->reason)
		return 0;
	if (!netif_running(dev)) {
		pool_keep(vmq, pool);
		return 0;
	}
	if (pool->n_queues > 1)
		bitmap_set(pool->queues, 1, pool->n_queues - 1);
	err = vms_vmq_device_begin(dev);
	if (!err) {
		err = pool_read_device(vmq, pool);
		vms_vmq_device_end(dev);
	}
	if (err)
		bitmap_zero(pool->queues, VMS_VMQ_QUEUES_MAX);
	return err;
}

/**
 * vms_vmq_pool_free() - free what vms_vmq_pool_read() took
 * @pool: the pool
 */
void vms_vmq_pool_free(struct vms_vmq_pool *pool)
{
	bitmap_free(pool->used);
}
