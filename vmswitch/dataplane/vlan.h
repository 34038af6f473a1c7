/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VLAN classification and the members of each VLAN.
 */
#ifndef _VMSWITCH_VLAN_H
#define _VMSWITCH_VLAN_H

#include "../vmswitch.h"

/**
 * struct vms_flood - ports that a flood goes to
 * @rcu: for kfree_rcu()
 * @cap: room in @id
 * @n: used length of @id; stored with release after the element
 * @holes: elements below @n that were removed and are 0; under &vms_net.lock
 * @first: no element before this one is left; under &vms_net.lock
 * @id: port ids
 *
 * Grows in place; a removed member leaves a hole, so that removal needs no
 * memory and a reader neither misses nor repeats another member.
 */
struct vms_flood {
	struct rcu_head rcu;
	u32 cap;
	u32 n;
	u32 holes;
	u32 first;
	u16 id[];
};

/**
 * struct vms_vlan - one VLAN of a switch; exists while a port is a member
 * @members: all members: where broadcast and multicast go
 * @unknown: the members that take unknown unicast
 * @stats: counters, per CPU
 * @n_members: number of members; under &vms_net.lock
 * @vid: its VID
 * @rcu: frees the VLAN after the last reader
 *
 * A port may be in an array before its policy says so (a transaction reserves
 * the room) and after it has ceased to: the policy decides.
 */
struct vms_vlan {
	struct vms_flood __rcu *members;
	struct vms_flood __rcu *unknown;
	struct vms_vlan_stats __percpu *stats;
	u32 n_members;
	u16 vid;
	struct rcu_head rcu;
};

/* Never NULL: a VLAN without members is vms_switch.no_vlan. */
static inline struct vms_vlan *vms_vlan_rcu(const struct vms_switch *sw,
					    unsigned long vid)
{
	return rcu_dereference_bh_check(sw->vlans[vid], rcu_read_lock_held());
}

static inline bool vms_policy_member(const struct vms_policy *pol, u32 vid)
{
	if (pol->flags & VMS_PF_TRUNK)
		return test_bit(vid, pol->members);
	return vid == pol->pvid;
}

/**
 * vms_vlan_classify() - give a frame its VLAN and filter it on ingress
 * @pol: policy of the source port
 * @tagged: the frame carries a C-tag
 * @tci: the content of that tag
 * @vid: where the VLAN is stored
 * @pcp_dei: where PCP and DEI are stored, in the bits of a TCI
 *
 * 802.1Q-2022, 6.9.1: a frame with VID 0 is priority-tagged: it takes the
 * PVID and keeps its PCP.  8.6.2: a frame of a VLAN that the port is no member
 * of is dropped.
 *
 * Return: &enum vms_drop_reason, 0 if the frame goes on.
 */
static inline enum vms_drop_reason
vms_vlan_classify(const struct vms_policy *pol, bool tagged, u16 tci,
		  unsigned long *vid, u32 *pcp_dei)
{
	u32 tag_vid;

	if (!tagged) {
		*pcp_dei = pol->pcp_dei;
		*vid = pol->pvid;
		return likely(*vid) ? VMS_DROP_NONE : VMS_DROP_VLAN_UNTAGGED;
	}

	*pcp_dei = tci & ~VLAN_VID_MASK;
	tag_vid = tci & VLAN_VID_MASK;
	if (!tag_vid) {
		*vid = pol->pvid;
		return likely(*vid) ? VMS_DROP_NONE : VMS_DROP_VLAN_UNTAGGED;
	}
	*vid = tag_vid;
	if (unlikely(tag_vid == VLAN_VID_MASK))
		return VMS_DROP_VLAN_RESERVED;
	if (unlikely(!(pol->flags & VMS_PF_TRUNK)))
		return VMS_DROP_VLAN_TAGGED;
	if (unlikely(!test_bit(tag_vid, pol->members)))
		return VMS_DROP_VLAN_FILTERED;
	return VMS_DROP_NONE;
}

int vms_vlans_init(struct vms_switch *sw);
void vms_vlans_destroy(struct vms_switch *sw);
struct vms_vlan *vms_vlan(const struct vms_switch *sw, u16 vid);
int vms_vlan_join(struct vms_switch *sw, u16 vid, u16 id);
void vms_vlan_leave(struct vms_switch *sw, u16 vid, u16 id);
int vms_vlan_take_unknown(struct vms_switch *sw, u16 vid, u16 id);
void vms_vlan_leave_unknown(struct vms_switch *sw, u16 vid, u16 id);
void vms_vlan_shared(struct vms_switch *sw, unsigned long *bitmap);

#endif /* _VMSWITCH_VLAN_H */
