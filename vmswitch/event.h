/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events that the switch tells user space; sent by netlink/events.c.
 */
#ifndef _VMSWITCH_EVENT_H
#define _VMSWITCH_EVENT_H

#include "vmswitch.h"

/* &vms_net.lock held, may sleep; @cmd: VMS_CMD_SWITCH_*_NTF. */
void vms_event_switch(struct vms_switch *sw, u8 cmd);
/* &vms_net.lock held, may sleep; @cmd: VMS_CMD_PORT_*_NTF. */
void vms_event_port(struct vms_port *port, u8 cmd);
/* Any context, RCU held; @cmd: VMS_CMD_FDB_*_NTF; @from: of a move, or NULL. */
void vms_event_fdb(const struct vms_switch *sw, u8 cmd, u64 mac, u16 vid,
		   u8 type, const struct vms_port *port,
		   const struct vms_port *from);
/* &vms_net.lock held, may sleep; @port: one that wants a queue, or did. */
void vms_event_vmq(struct vms_port *port);
/* Whether anybody listens to the namespace's events. */
bool vms_event_wanted(const struct vms_switch *sw);

#endif /* _VMSWITCH_EVENT_H */
