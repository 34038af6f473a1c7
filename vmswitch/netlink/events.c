// SPDX-License-Identifier: GPL-2.0
/*
 * Events, told to whoever listens to the namespace.
 */
#include "../event.h"
#include "../dataplane/pool.h"
#include "netlink.h"

/**
 * vms_event_wanted() - whether anybody listens to the namespace's events
 * @sw: a switch of the namespace
 *
 * Context: Any.
 * Return: false if nobody does.
 */
bool vms_event_wanted(const struct vms_switch *sw)
{
	return vms_nl_listeners(sw->vn);
}

/* A message that does not fit is a mistake in its size function. */
static void send(const struct vms_switch *sw, struct sk_buff *msg, int err,
		 gfp_t gfp)
{
	if (WARN_ON_ONCE(err))
		nlmsg_free(msg);
	else
		vms_nl_multicast(sw->vn, msg, gfp);
}

/**
 * vms_event_switch() - tell what happened to a switch
 * @sw: the switch; &vms_net.lock is held
 * @cmd: VMS_CMD_SWITCH_*_NTF
 *
 * Context: May sleep.
 */
void vms_event_switch(struct vms_switch *sw, u8 cmd)
{
	struct sk_buff *msg;

	if (!vms_event_wanted(sw))
		return;
	msg = genlmsg_new(vms_nl_switch_size(), GFP_KERNEL);
	if (msg)
		send(sw, msg, vms_nl_switch_fill(msg, sw, 0, 0, 0, cmd),
		     GFP_KERNEL);
}

/**
 * vms_event_port() - tell what happened to a port
 * @port: the port; &vms_net.lock is held
 * @cmd: VMS_CMD_PORT_*_NTF
 *
 * Context: May sleep.
 */
void vms_event_port(struct vms_port *port, u8 cmd)
{
	struct sk_buff *msg;

	if (!vms_event_wanted(port->sw))
		return;
	msg = genlmsg_new(vms_nl_port_size(port), GFP_KERNEL);
	if (msg)
		send(port->sw, msg, vms_nl_port_fill(msg, port, 0, 0, 0, cmd),
		     GFP_KERNEL);
}

/**
 * vms_event_vmq() - tell that a port's queue, or the reason for it, changed
 * @port: the port; &vms_net.lock is held
 *
 * Context: May sleep.
 */
void vms_event_vmq(struct vms_port *port)
{
	struct sk_buff *msg;

	if (!vms_event_wanted(port->sw) || !vms_port_policy(port))
		return;
	msg = genlmsg_new(vms_nl_vmq_size(port), GFP_KERNEL);
	if (msg)
		send(port->sw, msg,
		     vms_nl_vmq_fill(msg, port, 0, 0, 0,
				     VMS_CMD_VMQ_CHANGE_NTF), GFP_KERNEL);
}

/**
 * vms_event_fdb() - tell what happened to an FDB entry
 * @sw: the switch
 * @cmd: VMS_CMD_FDB_*_NTF
 * @mac: the address
 * @vid: its VLAN, or VMS_FID_ANY
 * @type: &enum vms_fdb_type
 * @port: its port, or NULL if that is just gone
 * @from: the port where it was before, or NULL
 *
 * Context: Any; RCU is held.
 */
void vms_event_fdb(const struct vms_switch *sw, u8 cmd, u64 mac, u16 vid,
		   u8 type, const struct vms_port *port,
		   const struct vms_port *from)
{
	const struct vms_fdb_entry entry = {
		.mac = mac,
		.vid = vid,
		.type = type,
	};
	struct sk_buff *msg;

	if (!vms_event_wanted(sw))
		return;
	msg = vms_alloc_fails() ? NULL :
				  genlmsg_new(vms_nl_fdb_size(), GFP_ATOMIC);
	if (msg)
		send(sw, msg, vms_nl_fdb_fill(msg, sw, &entry, port, from,
					      0, 0, 0, cmd), GFP_ATOMIC);
}
