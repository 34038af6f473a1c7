/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counting of accepted and delivered frames.
 */
#ifndef _VMSWITCH_COUNT_H
#define _VMSWITCH_COUNT_H

#include "vlan.h"

static inline void vms_count(struct u64_stats_sync *syncp,
			     u64_stats_t *packets, u64_stats_t *bytes, unsigned long len)
{
	u64_stats_update_begin(syncp);
	u64_stats_inc(packets);
	u64_stats_add(bytes, len);
	u64_stats_update_end(syncp);
}

static inline void vms_count_rx(struct vms_port *port, unsigned long len)
{
	struct vms_stats *stats = this_cpu_ptr(port->stats);

	vms_count(&stats->syncp, &stats->rx_packets, &stats->rx_bytes, len);
}

static inline void vms_count_tx(struct vms_port *port, unsigned long len)
{
	struct vms_stats *stats = this_cpu_ptr(port->stats);

	vms_count(&stats->syncp, &stats->tx_packets, &stats->tx_bytes, len);
}

static inline void vms_count_vlan_rx(struct vms_vlan *vlan, unsigned long len)
{
	struct vms_vlan_stats *stats = this_cpu_ptr(vlan->stats);

	vms_count(&stats->syncp, &stats->rx_packets, &stats->rx_bytes, len);
}

static inline void vms_count_vlan_tx(struct vms_vlan *vlan, unsigned long len)
{
	struct vms_vlan_stats *stats = this_cpu_ptr(vlan->stats);

	vms_count(&stats->syncp, &stats->tx_packets, &stats->tx_bytes, len);
}

/* A frame that was accepted and then delivered once, as most are. */
static inline void vms_count_vlan_unicast(struct vms_vlan *vlan, unsigned long len)
{
	struct vms_vlan_stats *stats = this_cpu_ptr(vlan->stats);

	vms_count(&stats->syncp, &stats->unicast_packets,
		  &stats->unicast_bytes, len);
}

#endif /* _VMSWITCH_COUNT_H */
