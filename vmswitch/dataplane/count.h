/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counting of accepted and delivered frames.
 */
#ifndef _VMSWITCH_COUNT_H
#define _VMSWITCH_COUNT_H

#include "vlan.h"

/* @vlan may be NULL: its last member may be leaving at this moment. */
static inline void vms_count_rx(struct vms_port *port, struct vms_vlan *vlan,
				u32 len)
{
	struct vms_stats *stats = this_cpu_ptr(port->stats);
	struct vms_vlan_stats *vstats;

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->rx_packets);
	u64_stats_add(&stats->rx_bytes, len);
	u64_stats_update_end(&stats->syncp);

	if (unlikely(!vlan))
		return;
	vstats = this_cpu_ptr(vlan->stats);
	u64_stats_update_begin(&vstats->syncp);
	u64_stats_inc(&vstats->rx_packets);
	u64_stats_add(&vstats->rx_bytes, len);
	u64_stats_update_end(&vstats->syncp);
}

static inline void vms_count_tx(struct vms_port *port, struct vms_vlan *vlan,
				u32 len)
{
	struct vms_stats *stats = this_cpu_ptr(port->stats);
	struct vms_vlan_stats *vstats;

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->tx_packets);
	u64_stats_add(&stats->tx_bytes, len);
	u64_stats_update_end(&stats->syncp);

	if (unlikely(!vlan))
		return;
	vstats = this_cpu_ptr(vlan->stats);
	u64_stats_update_begin(&vstats->syncp);
	u64_stats_inc(&vstats->tx_packets);
	u64_stats_add(&vstats->tx_bytes, len);
	u64_stats_update_end(&vstats->syncp);
}

#endif /* _VMSWITCH_COUNT_H */
