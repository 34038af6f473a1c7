// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 9 of a frame's way, where it is not that of most frames.
 */
#include "egress.h"

/**
 * vms_egress_failed() - count and trace a frame that a NIC did not take
 * @port: the destination
 * @vlan: the frame's VLAN
 * @len: its length
 * @reason: why
 *
 * Context: data path.
 */
void vms_egress_failed(struct vms_port *port, const struct vms_vlan *vlan,
		       unsigned long len, enum vms_drop_reason reason)
{
	vms_stats_drop(port, vlan->vid, len, reason);
}

/**
 * vms_egress_trace() - trace a delivered frame
 * @port: the destination
 * @vlan: the frame's VLAN
 * @len: its length
 *
 * Context: data path.
 */
void vms_egress_trace(const struct vms_port *port, const struct vms_vlan *vlan,
		      unsigned long len)
{
	trace_vms_deliver(port, vlan->vid, len);
}
