// SPDX-License-Identifier: GPL-2.0
/*
 * Channels, and statistics of each queue.
 */
#include <linux/ethtool.h>

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

static int labnic_set_channels(struct net_device *dev,
			       struct ethtool_channels *channels)
{
	if (!channels->rx_count || !channels->tx_count)
		return -EINVAL;
	return netif_set_real_num_queues(dev, channels->tx_count,
					 channels->rx_count);
}

static int labnic_get_sset_count(struct net_device *dev, int sset)
{
	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return dev->num_rx_queues + dev->num_tx_queues;
}

static void labnic_get_strings(struct net_device *dev, u32 sset, u8 *data)
{
	unsigned int i;

	if (sset != ETH_SS_STATS)
		return;
	for (i = 0; i < dev->num_rx_queues; i++)
		ethtool_sprintf(&data, "rx_queue_%u_packets", i);
	for (i = 0; i < dev->num_tx_queues; i++)
		ethtool_sprintf(&data, "tx_queue_%u_packets", i);
}

static void labnic_get_ethtool_stats(struct net_device *dev,
				     struct ethtool_stats *stats, u64 *data)
{
	struct labnic *nic = netdev_priv(dev);
	unsigned int i, start;

	for (i = 0; i < dev->num_rx_queues; i++, data++) {
		struct labnic_queue *rq = &nic->queues[i];

		do {
			start = u64_stats_fetch_begin(&rq->syncp);
			*data = u64_stats_read(&rq->packets);
		} while (u64_stats_fetch_retry(&rq->syncp, start));
	}
	for (i = 0; i < dev->num_tx_queues; i++, data++) {
		struct labnic_sink *sink = &nic->sinks[i];

		do {
			start = u64_stats_fetch_begin(&sink->syncp);
			*data = u64_stats_read(&sink->packets);
		} while (u64_stats_fetch_retry(&sink->syncp, start));
	}
}

const struct ethtool_ops labnic_ethtool_ops = {
	.get_drvinfo		= labnic_get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_ts_info		= ethtool_op_get_ts_info,
	.get_channels		= labnic_get_channels,
	.set_channels		= labnic_set_channels,
	.get_sset_count		= labnic_get_sset_count,
	.get_strings		= labnic_get_strings,
	.get_ethtool_stats	= labnic_get_ethtool_stats,
};
