// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of a frame that a NIC does not take.
 */
#include "egress.h"

/**
 * vms_egress_failed() - count and trace a frame that a NIC did not take
 * @port: the destination
 * @vid: the frame's VLAN
 * @len: its length
 * @reason: why
 *
 * Context: data path.
 */
void vms_egress_failed(struct vms_port *port, u16 vid, u32 len,
		       enum vms_drop_reason reason)
{
	vms_stats_drop(port, reason);
	trace_vms_drop(port, vid, len, reason);
}
