// SPDX-License-Identifier: GPL-2.0
/*
 * Channels, rings, the indirection table of RSS, and statistics.
 */
#include <linux/ethtool.h>

#include "compat.h"
#include "labnic.h"

static void labnic_get_drvinfo(struct net_device *dev,
			       struct ethtool_drvinfo *info)
{
	strscpy(info->driver, LABNIC_KIND, sizeof(info->driver));
}

static void labnic_get_channels(struct net_device *dev,
				struct ethtool_channels *channels)
{
	channels->max_rx = dev->num_rx_queues;
	channels->max_tx = dev->num_tx_queues;
	channels->rx_count = dev->real_num_rx_queues;
	channels->tx_count = dev->real_num_tx_queues;
}

/* The queues that run are closed and opened again, as on most NICs. */
static int labnic_set_channels(struct net_device *dev,
			       struct ethtool_channels *channels)
{
	struct labnic *nic = netdev_priv(dev);
	int err;

	if (!channels->rx_count || !channels->tx_count ||
	    labnic_rules_beyond(nic, channels->rx_count))
		return -EINVAL;
	if (netif_running(dev))
		labnic_queues_close(nic);
	err = netif_set_real_num_queues(dev, channels->tx_count,
					channels->rx_count);
	if (!err && !netif_is_rxfh_configured(dev))
		labnic_spread(nic);
	labnic_queues_spread(nic);
	if (netif_running(dev))
		labnic_queues_open(nic);
	return err;
}

static void labnic_get_ringparam(struct net_device *dev,
				 struct ethtool_ringparam *ring,
				 struct kernel_ethtool_ringparam *kernel_ring,
				 struct netlink_ext_ack *extack)
{
	struct labnic *nic = netdev_priv(dev);

	ring->rx_max_pending = LABNIC_RING_MAX;
	ring->rx_pending = nic->ring_size;
}

static int labnic_set_ringparam(struct net_device *dev,
				struct ethtool_ringparam *ring,
				struct kernel_ethtool_ringparam *kernel_ring,
				struct netlink_ext_ack *extack)
{
	struct labnic *nic = netdev_priv(dev);

	if (!ring->rx_pending)
		return -EINVAL;
	WRITE_ONCE(nic->ring_size, ring->rx_pending);
	return 0;
}

static u32 labnic_get_rxfh_indir_size(struct net_device *dev)
{
	return LABNIC_INDIR_SIZE;
}

static int labnic_get_rxfh(struct net_device *dev,
			   struct ethtool_rxfh_param *rxfh)
{
	struct labnic *nic = netdev_priv(dev);
	unsigned int i;

	rxfh->hfunc = ETH_RSS_HASH_UNKNOWN;
	for (i = 0; rxfh->indir && i < LABNIC_INDIR_SIZE; i++)
		rxfh->indir[i] = READ_ONCE(nic->indir[i]);
	return 0;
}

static int labnic_set_rxfh(struct net_device *dev,
			   struct ethtool_rxfh_param *rxfh,
			   struct netlink_ext_ack *extack)
{
	struct labnic *nic = netdev_priv(dev);
	unsigned int i;

	if (rxfh->key || rxfh->hfunc != ETH_RSS_HASH_NO_CHANGE)
		return -EOPNOTSUPP;
	for (i = 0; rxfh->indir && i < LABNIC_INDIR_SIZE; i++)
		WRITE_ONCE(nic->indir[i], rxfh->indir[i]);
	return 0;
}

LABNIC_RXFH_OPS(labnic_get_rxfh, labnic_set_rxfh)

#ifdef LABNIC_HAVE_RING_COUNT
static u32 labnic_get_rx_ring_count(struct net_device *dev)
{
	return dev->real_num_rx_queues;
}
#endif

static int labnic_get_sset_count(struct net_device *dev, int sset)
{
	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return LABNIC_COUNTERS + dev->num_tx_queues +
	       dev->num_rx_queues * (2 + nr_cpu_ids);
}

static void labnic_get_strings(struct net_device *dev, u32 sset, u8 *data)
{
	unsigned int i, cpu;

	if (sset != ETH_SS_STATS)
		return;
	for (i = 0; i < dev->num_rx_queues; i++)
		ethtool_sprintf(&data, "rx_queue_%u_packets", i);
	for (i = 0; i < dev->num_tx_queues; i++)
		ethtool_sprintf(&data, "tx_queue_%u_packets", i);
	for (i = 0; i < dev->num_rx_queues; i++) {
		ethtool_sprintf(&data, "rx_queue_%u_drops", i);
		for (cpu = 0; cpu < nr_cpu_ids; cpu++)
			ethtool_sprintf(&data, "rx_queue_%u_cpu_%u", i, cpu);
	}
	memcpy(data, labnic_counter_names, sizeof(labnic_counter_names));
}

static u64 labnic_counter(const struct labnic *nic, unsigned int counter)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(nic->counts, cpu)->n[counter]);
	return sum;
}

static u64 labnic_rx_packets(const struct labnic_queue *rq)
{
	unsigned int start;
	u64 packets;

	do {
		start = u64_stats_fetch_begin(&rq->syncp);
		packets = u64_stats_read(&rq->packets);
	} while (u64_stats_fetch_retry(&rq->syncp, start));
	return packets;
}

static u64 labnic_tx_packets(const struct labnic_sink *sink)
{
	unsigned int start;
	u64 packets;

	do {
		start = u64_stats_fetch_begin(&sink->syncp);
		packets = u64_stats_read(&sink->packets);
	} while (u64_stats_fetch_retry(&sink->syncp, start));
	return packets;
}

static void labnic_get_ethtool_stats(struct net_device *dev,
				     struct ethtool_stats *stats, u64 *data)
{
	struct labnic *nic = netdev_priv(dev);
	unsigned int i, cpu;

	for (i = 0; i < dev->num_rx_queues; i++)
		*data++ = labnic_rx_packets(&nic->queues[i]);
	for (i = 0; i < dev->num_tx_queues; i++)
		*data++ = labnic_tx_packets(&nic->sinks[i]);
	for (i = 0; i < dev->num_rx_queues; i++) {
		*data++ = atomic_read(&nic->queues[i].dropped);
		for (cpu = 0; cpu < nr_cpu_ids; cpu++)
			*data++ = READ_ONCE(nic->queues[i].served[cpu]);
	}
	for (i = 0; i < LABNIC_COUNTERS; i++)
		*data++ = labnic_counter(nic, i);
}

const struct ethtool_ops labnic_ethtool_ops = {
#ifdef LABNIC_HAVE_OPS_LOCK
	.op_needs_rtnl		= ETHTOOL_OP_NEEDS_RTNL_SCHANNELS,
#endif
	.get_drvinfo		= labnic_get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_ts_info		= ethtool_op_get_ts_info,
	.get_channels		= labnic_get_channels,
	.set_channels		= labnic_set_channels,
	.get_ringparam		= labnic_get_ringparam,
	.set_ringparam		= labnic_set_ringparam,
	.get_rxnfc		= labnic_get_rxnfc,
	.set_rxnfc		= labnic_set_rxnfc,
#ifdef LABNIC_HAVE_RING_COUNT
	.get_rx_ring_count	= labnic_get_rx_ring_count,
#endif
	.get_rxfh_indir_size	= labnic_get_rxfh_indir_size,
	.get_rxfh		= LABNIC_RXFH_OP(labnic_get_rxfh),
	.set_rxfh		= LABNIC_RXFH_OP(labnic_set_rxfh),
	.get_sset_count		= labnic_get_sset_count,
	.get_strings		= labnic_get_strings,
	.get_ethtool_stats	= labnic_get_ethtool_stats,
};
