/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The frame's way: nic -> ingress -> forward -> egress -> nic.
 */
#ifndef _VMSWITCH_DATAPLANE_H
#define _VMSWITCH_DATAPLANE_H

#include "../vmswitch.h"

/**
 * struct vms_cb - what the switch knows of a frame, in skb->cb
 * @src: the port that it came from
 * @vid: its VLAN
 * @pcp_dei: PCP and DEI in the bits of a TCI
 * @len: bytes from the MAC header on, tag in the slot not included
 *
 * Valid from vms_ingress() until the frame is handed to a NIC: whoever gets it
 * then (GRO, a qdisc, tc) writes skb->cb.
 */
struct vms_cb {
	struct vms_port *src;
	u16 vid;
	u16 pcp_dei;
	u32 len;
};

static inline struct vms_cb *vms_cb(struct sk_buff *skb)
{
	return (struct vms_cb *)skb->cb;
}

/* Entry of a frame from the NIC plugged into @port.  RCU, bottom halves off.
 * skb->data points behind the MAC header, skb->mac_header is set, the frame is
 * not shared, and a tag in the slot is of 802.1Q.  Consumes the frame.
 */
void vms_ingress(struct vms_port *port, struct sk_buff *skb);

/**
 * vms_guard_source() - check a frame's source address
 * @pol: policy of the source port
 * @mac: the address
 *
 * A group address is no source (802.1Q-2022, 8.7), nor is zero.
 *
 * Return: &enum vms_drop_reason, 0 if the frame goes on.
 */
static inline enum vms_drop_reason
vms_guard_source(const struct vms_policy *pol, u64 mac)
{
	if (unlikely(!mac || (mac & VMS_MAC_GROUP)))
		return VMS_DROP_MAC_INVALID;
	if ((pol->flags & VMS_PF_GUARD) && unlikely(pol->macs[0] != mac) &&
	    !vms_policy_owns(pol, mac))
		return VMS_DROP_MAC_GUARD;
	return VMS_DROP_NONE;
}

/* Whether the port learns now. */
static inline bool vms_port_learns(const struct vms_switch *sw,
				   const struct vms_policy *pol)
{
	if (pol->flags & VMS_PF_LEARN)
		return true;
	return (pol->flags & VMS_PF_LEARN_AUTO) &&
	       (READ_ONCE(sw->flags) & VMS_SW_UPLINK_LEARNS);
}

/* 01-80-C2-00-00-00..0F are never forwarded (802.1Q-2022, 8.6.3). */
static inline bool vms_mac_reserved(const u8 *addr)
{
	return unlikely(is_link_local_ether_addr(addr));
}

/* Count and trace a dropped frame and free it. */
void vms_drop(struct vms_port *port, struct sk_buff *skb,
	      enum vms_drop_reason reason);

#endif /* _VMSWITCH_DATAPLANE_H */
