/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the NIC kinds share among themselves and with nic.c.
 */
#ifndef _VMSWITCH_NIC_NIC_H
#define _VMSWITCH_NIC_NIC_H

#include "../dataplane/ingress.h"

extern const struct vms_nic_ops vms_netdev_nic_ops;
extern const struct vms_nic_ops vms_external_nic_ops;
extern const struct vms_nic_ops vms_vnic_nic_ops;

/* nic.c */
void vms_nic_show_links(struct vms_switch *sw);
void vms_nic_unplug(struct vms_nic *nic);

/* nic/receive.c */
struct sk_buff *vms_nic_receive_tag(struct vms_port *port, struct sk_buff *skb);

/* Whether the frame's outermost tag is not where the switch wants it: one of
 * 802.1Q in the slot, any other in the payload.
 */
static inline bool vms_nic_tag_misplaced(const struct sk_buff *skb, bool tagged)
{
	if (tagged) {
		if (unlikely(skb->vlan_proto != htons(ETH_P_8021Q)))
			return true;
	} else if (unlikely(skb->protocol == htons(ETH_P_8021Q))) {
		return true;
	}
	return false;
}

/**
 * vms_nic_receive() - let a frame into the switch
 * @port: the port of the NIC that it came from
 * @skb: the frame, not shared, data behind the MAC header, mac_header and
 *	protocol set; consumed
 *
 * Context: Data path: RCU, bottom halves off.
 */
static inline void vms_nic_receive(struct vms_port *port, struct sk_buff *skb)
{
	bool tagged;

	if (unlikely(skb->data_len) && skb_warn_if_lro(skb)) {
		vms_ingress_drop(port, skb, 0, VMS_DROP_MALFORMED);
		return;
	}
	skb_clear_tstamp(skb);
#ifdef CONFIG_NET_SWITCHDEV
	skb->offload_fwd_mark = 0;
#endif
	tagged = skb_vlan_tag_present(skb);
	if (unlikely(vms_nic_tag_misplaced(skb, tagged))) {
		skb = vms_nic_receive_tag(port, skb);
		if (!skb)
			return;
		tagged = skb_vlan_tag_present(skb);
	}
	vms_ingress(port, skb, tagged);
}

#endif /* _VMSWITCH_NIC_NIC_H */
