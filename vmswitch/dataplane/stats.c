// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of ports and VLANs.
 */
#include "trace.h"
#include "vlan.h"

/**
 * vms_stats_drop() - count and trace a dropped frame
 * @port: the port that counts it
 * @vid: the frame's VLAN, 0 if it is not known yet
 * @len: its length from the MAC header on, 0 if it is gone
 * @reason: why
 *
 * Context: bottom halves off.
 */
void vms_stats_drop(struct vms_port *port, u16 vid, unsigned int len,
		    enum vms_drop_reason reason)
{
	struct vms_stats *stats = this_cpu_ptr(port->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->drops[reason]);
	u64_stats_update_end(&stats->syncp);
	trace_vms_drop(port, vid, len, reason);
}

static void vms_stats_add_cpu(const struct vms_stats *stats,
			      struct vms_stats_sum *sum)
{
	struct vms_stats_sum one;
	unsigned int start;
	int i;

	do {
		start = u64_stats_fetch_begin(&stats->syncp);
		one.rx_packets = u64_stats_read(&stats->rx_packets);
		one.rx_bytes = u64_stats_read(&stats->rx_bytes);
		one.tx_packets = u64_stats_read(&stats->tx_packets);
		one.tx_bytes = u64_stats_read(&stats->tx_bytes);
		one.moves = u64_stats_read(&stats->moves);
		one.limited = u64_stats_read(&stats->limited);
		for (i = 0; i < __VMS_DROP_MAX; i++)
			one.drops[i] = u64_stats_read(&stats->drops[i]);
	} while (u64_stats_fetch_retry(&stats->syncp, start));
	vms_stats_add_sum(sum, &one);
}

/**
 * vms_stats_add_sum() - add one sum to another
 * @sum: added to
 * @more: what is added
 */
void vms_stats_add_sum(struct vms_stats_sum *sum,
		       const struct vms_stats_sum *more)
{
	int i;

	sum->rx_packets += more->rx_packets;
	sum->rx_bytes += more->rx_bytes;
	sum->tx_packets += more->tx_packets;
	sum->tx_bytes += more->tx_bytes;
	sum->moves += more->moves;
	sum->limited += more->limited;
	for (i = 0; i < __VMS_DROP_MAX; i++)
		sum->drops[i] += more->drops[i];
}

/**
 * vms_stats_add() - add a port's counters to a sum
 * @port: the port; kept alive by RCU or &vms_net.lock
 * @sum: added to
 */
void vms_stats_add(const struct vms_port *port, struct vms_stats_sum *sum)
{
	int cpu;

	for_each_possible_cpu(cpu)
		vms_stats_add_cpu(per_cpu_ptr(port->stats, cpu), sum);
}

/**
 * vms_stats_switch() - add up the counters of all ports that a switch has had
 * @sw: the switch
 * @sum: overwritten
 *
 * The counters of a port that is being deleted may be missed for a moment.
 */
void vms_stats_switch(struct vms_switch *sw, struct vms_stats_sum *sum)
{
	struct vms_port_table *table;
	struct vms_port *port;
	u32 id;

	spin_lock_bh(&sw->gone_lock);
	*sum = sw->gone;
	spin_unlock_bh(&sw->gone_lock);

	rcu_read_lock();
	table = rcu_dereference(sw->ports);
	for (id = 1; table && id < table->size; id++) {
		port = rcu_dereference(table->port[id]);
		if (port)
			vms_stats_add(port, sum);
	}
	rcu_read_unlock();
}

static void vms_stats_vlan_cpu(const struct vms_vlan_stats *stats,
			       struct vms_stats_sum *sum)
{
	struct vms_stats_sum one = {};
	u64 packets, bytes;
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&stats->syncp);
		packets = u64_stats_read(&stats->unicast_packets);
		bytes = u64_stats_read(&stats->unicast_bytes);
		one.rx_packets = u64_stats_read(&stats->rx_packets) + packets;
		one.rx_bytes = u64_stats_read(&stats->rx_bytes) + bytes;
		one.tx_packets = u64_stats_read(&stats->tx_packets) + packets;
		one.tx_bytes = u64_stats_read(&stats->tx_bytes) + bytes;
	} while (u64_stats_fetch_retry(&stats->syncp, start));
	vms_stats_add_sum(sum, &one);
}

/**
 * vms_stats_vlan() - add up the counters of a VLAN
 * @sw: the switch; &vms_net.lock is held
 * @vid: the VLAN
 * @sum: overwritten
 *
 * Return: false if no port is a member of the VLAN.
 */
bool vms_stats_vlan(struct vms_switch *sw, u16 vid, struct vms_stats_sum *sum)
{
	const struct vms_vlan *vlan = vms_vlan(sw, vid);
	int cpu;

	if (!vlan)
		return false;
	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu)
		vms_stats_vlan_cpu(per_cpu_ptr(vlan->stats, cpu), sum);
	return true;
}
