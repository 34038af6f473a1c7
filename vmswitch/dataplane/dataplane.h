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
 * @len: bytes from the MAC header on, tag in the slot not included
 * @tci: the tag that it has where it leaves tagged: VLAN, PCP and DEI
 *
 * The stages that are in line pass it by value, in registers; it is stored for
 * those that are not.  Gone when the frame is handed to a NIC: whoever gets it
 * then (GRO, a qdisc, tc) writes skb->cb.
 */
struct vms_cb {
	struct vms_port *src;
	unsigned long vid;
	unsigned long len;
	u32 tci;
};

static inline struct vms_cb *vms_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct vms_cb) > sizeof_field(struct sk_buff, cb));
	return (struct vms_cb *)skb->cb;
}

/* The MAC header of a frame whose data is behind it, as at every stage before
 * the last.
 */
static inline const struct ethhdr *vms_eth_hdr(const struct sk_buff *skb)
{
	return (const struct ethhdr *)(skb->data - ETH_HLEN);
}

/* vms_mac_u64() of either address in a MAC header: two bytes more can be read.
 */
static inline u64 vms_eth_mac(const u8 *addr)
{
#ifdef __LITTLE_ENDIAN
	return get_unaligned((const u64 *)addr) << 16;
#else
	return vms_mac_u64(addr);
#endif
}

/* The policy may be a newer one than the flags that led here. */
static inline enum vms_drop_reason
vms_guard_address(const struct vms_port *port, u64 mac)
{
	const struct vms_policy *pol = vms_port_policy_rcu(port);

	if (unlikely(!pol))
		return VMS_DROP_PORT_DOWN;
	if (unlikely(pol->macs[0] != mac) && !vms_policy_owns(pol, mac) &&
	    (pol->flags & VMS_PF_GUARD))
		return VMS_DROP_MAC_GUARD;
	return VMS_DROP_NONE;
}

/**
 * vms_guard_source() - check a frame's source address
 * @port: the source port
 * @flags: VMS_PF_* bits of its policy
 * @mac: the address
 *
 * A group address is no source (802.1Q-2022, 8.7), nor is zero.
 *
 * Return: &enum vms_drop_reason, 0 if the frame goes on.
 */
static inline enum vms_drop_reason
vms_guard_source(const struct vms_port *port, u32 flags, u64 mac)
{
	if (unlikely(!mac || (mac & VMS_MAC_GROUP)))
		return VMS_DROP_MAC_INVALID;
	if (flags & VMS_PF_GUARD)
		return vms_guard_address(port, mac);
	return VMS_DROP_NONE;
}

/* Whether a port with these VMS_PF_* bits learns now. */
static inline bool vms_port_learns(const struct vms_switch *sw, u32 flags)
{
	if (flags & VMS_PF_LEARN)
		return true;
	return (flags & VMS_PF_LEARN_AUTO) &&
	       (READ_ONCE(sw->flags) & VMS_SW_UPLINK_LEARNS);
}

/* 01-80-C2-00-00-00..0F are never forwarded (802.1Q-2022, 8.6.3). */
static inline bool vms_mac_reserved(const u8 *addr)
{
	return unlikely(is_link_local_ether_addr(addr));
}

/* Count and trace a dropped frame and free it.  One that is not in the switch
 * yet has no &struct vms_cb and its data behind the MAC header.
 */
void vms_ingress_drop(struct vms_port *port, struct sk_buff *skb, u16 vid,
		      enum vms_drop_reason reason);
void vms_drop(struct vms_port *port, struct sk_buff *skb,
	      enum vms_drop_reason reason);

#endif /* _VMSWITCH_DATAPLANE_H */
