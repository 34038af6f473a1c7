// SPDX-License-Identifier: GPL-2.0
/*
 * The members of each VLAN.
 */
#include "vlan.h"

/* The smallest array: with its head it fills 64 bytes. */
#define VMS_FLOOD_MIN	16

/**
 * vms_vlan() - a VLAN of a switch
 * @sw: the switch; &vms_net.lock is held
 * @vid: its VID
 *
 * Return: the VLAN, or NULL if no port is a member.
 */
struct vms_vlan *vms_vlan(const struct vms_switch *sw, u16 vid)
{
	struct vms_vlan *vlan;

	vlan = rcu_dereference_protected(sw->vlans[vid], vms_locked(sw->vn));
	return vlan == sw->no_vlan ? NULL : vlan;
}

static void vms_vlan_free(struct vms_vlan *vlan)
{
	kvfree(rcu_access_pointer(vlan->members));
	kvfree(rcu_access_pointer(vlan->unknown));
	free_percpu(vlan->stats);
	kfree(vlan);
}

static void vms_vlan_free_rcu(struct rcu_head *head)
{
	vms_vlan_free(container_of(head, struct vms_vlan, rcu));
}

static struct vms_vlan *vms_vlan_alloc(u16 vid)
{
	struct vms_vlan *vlan;
	int cpu;

	vlan = kzalloc(sizeof(*vlan), GFP_KERNEL_ACCOUNT);
	if (!vlan)
		return NULL;
	vlan->vid = vid;
	vlan->stats = alloc_percpu_gfp(struct vms_vlan_stats,
				       GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!vlan->stats) {
		kfree(vlan);
		return NULL;
	}
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(vlan->stats, cpu)->syncp);
	return vlan;
}

/**
 * vms_vlans_init() - give a new switch its VLANs, which have no members
 * @sw: the switch
 *
 * Return: 0 or -ENOMEM.
 */
int vms_vlans_init(struct vms_switch *sw)
{
	unsigned int vid;

	sw->vlans = kvcalloc(VMS_N_VID, sizeof(*sw->vlans),
			     GFP_KERNEL_ACCOUNT);
	sw->no_vlan = vms_vlan_alloc(0);
	if (!sw->vlans || !sw->no_vlan) {
		vms_vlans_destroy(sw);
		return -ENOMEM;
	}
	for (vid = 0; vid < VMS_N_VID; vid++)
		RCU_INIT_POINTER(sw->vlans[vid], sw->no_vlan);
	return 0;
}

/**
 * vms_vlans_destroy() - undo vms_vlans_init()
 * @sw: a switch without ports, which no reader sees
 */
void vms_vlans_destroy(struct vms_switch *sw)
{
	if (sw->no_vlan)
		vms_vlan_free(sw->no_vlan);
	kvfree(sw->vlans);
}

static void vms_vlan_drop_if_empty(struct vms_switch *sw, u16 vid,
				   struct vms_vlan *vlan)
{
	if (vlan->n_members)
		return;
	rcu_assign_pointer(sw->vlans[vid], sw->no_vlan);
	call_rcu(&vlan->rcu, vms_vlan_free_rcu);
}

/* A copy without holes and with room for at least one more. */
static int vms_flood_copy(struct vms_flood __rcu **slot, struct vms_flood *old)
{
	struct vms_flood *new;
	u32 live, cap, i;

	live = old ? old->n - old->holes : 0;
	cap = max_t(u32, VMS_FLOOD_MIN, roundup_pow_of_two(live + 1) +
					(live + 1) / 2);
	new = kvmalloc(struct_size(new, id, cap), GFP_KERNEL_ACCOUNT);
	if (!new)
		return -ENOMEM;
	new->cap = cap;
	new->n = 0;
	new->holes = 0;
	new->first = 0;
	for (i = 0; old && i < old->n; i++)
		if (old->id[i])
			new->id[new->n++] = old->id[i];
	rcu_assign_pointer(*slot, new);
	if (old)
		kvfree_rcu(old, rcu);
	return 0;
}

static int vms_flood_add(struct vms_switch *sw, struct vms_flood __rcu **slot,
			 u16 id)
{
	struct vms_flood *flood;
	int err;

	flood = rcu_dereference_protected(*slot, vms_locked(sw->vn));
	if (!flood || flood->n == flood->cap) {
		err = vms_flood_copy(slot, flood);
		if (err)
			return err;
		flood = rcu_dereference_protected(*slot, vms_locked(sw->vn));
	}
	WRITE_ONCE(flood->id[flood->n], id);
	/* A reader that sees the new length sees the element. */
	smp_store_release(&flood->n, flood->n + 1);
	return 0;
}

/* Where a port is, or the length.  A port that leaves many VLANs is at about the
 * same place in all, as they have the same trunks; and ports often go in the
 * order in which they came or, when a transaction is undone, in reverse.  So
 * look around @hint, where the last one was.
 */
static u32 vms_flood_find(const struct vms_flood *flood, u16 id, u32 hint)
{
	u32 up = clamp(hint, flood->first, flood->n), down = up;

	while (up < flood->n || down > flood->first) {
		if (up < flood->n && flood->id[up++] == id)
			return up - 1;
		if (down > flood->first && flood->id[--down] == id)
			return down;
	}
	return flood->n;
}

/* Holes at either end need not be passed again.  A reader may still see the
 * length that was.
 */
static void vms_flood_trim(struct vms_flood *flood)
{
	u32 n = flood->n;

	while (n && !flood->id[n - 1]) {
		n--;
		flood->holes--;
	}
	WRITE_ONCE(flood->n, n);
	if (flood->first > n)
		flood->first = n;
	while (flood->first < n && !flood->id[flood->first])
		flood->first++;
}

static bool vms_flood_del(struct vms_switch *sw, struct vms_flood __rcu **slot,
			  u16 id, u32 *hint)
{
	struct vms_flood *flood;
	u32 i;

	flood = rcu_dereference_protected(*slot, vms_locked(sw->vn));
	if (!flood)
		return false;
	i = vms_flood_find(flood, id, *hint);
	if (i == flood->n)
		return false;
	*hint = i;
	WRITE_ONCE(flood->id[i], 0);
	flood->holes++;
	vms_flood_trim(flood);
	/* Without memory the holes just stay. */
	if (flood->holes > 8 && flood->holes > flood->n / 2)
		vms_flood_copy(slot, flood);
	return true;
}

/**
 * vms_vlan_join() - make a port a member of a VLAN's flood set
 * @sw: the switch; &vms_net.lock is held
 * @vid: the VLAN
 * @id: the port, not yet a member
 *
 * Return: 0 or -ENOMEM.
 */
int vms_vlan_join(struct vms_switch *sw, u16 vid, u16 id)
{
	struct vms_vlan *vlan = vms_vlan(sw, vid);
	int err;

	if (!vlan) {
		vlan = vms_vlan_alloc(vid);
		if (!vlan)
			return -ENOMEM;
		rcu_assign_pointer(sw->vlans[vid], vlan);
	}
	err = vms_flood_add(sw, &vlan->members, id);
	if (!err)
		vlan->n_members++;
	else
		vms_vlan_drop_if_empty(sw, vid, vlan);
	return err;
}

/**
 * vms_vlan_leave() - take a port out of a VLAN's flood set; can not fail
 * @sw: the switch; &vms_net.lock is held
 * @vid: the VLAN
 * @id: the port, a member that does not take unknown unicast (any more)
 */
void vms_vlan_leave(struct vms_switch *sw, u16 vid, u16 id)
{
	struct vms_vlan *vlan = vms_vlan(sw, vid);

	if (WARN_ON_ONCE(!vlan || !vms_flood_del(sw, &vlan->members, id,
						 &sw->members_hint)))
		return;
	vlan->n_members--;
	vms_vlan_drop_if_empty(sw, vid, vlan);
}

/**
 * vms_vlan_take_unknown() - let a member take unknown unicast too
 * @sw: the switch; &vms_net.lock is held
 * @vid: the VLAN
 * @id: the port, a member
 *
 * Return: 0 or -ENOMEM.
 */
int vms_vlan_take_unknown(struct vms_switch *sw, u16 vid, u16 id)
{
	return vms_flood_add(sw, &vms_vlan(sw, vid)->unknown, id);
}

/**
 * vms_vlan_leave_unknown() - undo vms_vlan_take_unknown(); can not fail
 * @sw: the switch; &vms_net.lock is held
 * @vid: the VLAN
 * @id: the port
 */
void vms_vlan_leave_unknown(struct vms_switch *sw, u16 vid, u16 id)
{
	struct vms_vlan *vlan = vms_vlan(sw, vid);

	WARN_ON_ONCE(!vlan || !vms_flood_del(sw, &vlan->unknown, id,
					     &sw->unknown_hint));
}

/**
 * vms_vlan_shared() - which VLANs have at least two members
 * @sw: the switch; takes &vms_net.lock
 * @bitmap: VMS_N_VID bits, overwritten
 */
void vms_vlan_shared(struct vms_switch *sw, unsigned long *bitmap)
{
	const struct vms_vlan *vlan;
	u16 vid;

	bitmap_zero(bitmap, VMS_N_VID);
	mutex_lock(&sw->vn->lock);
	for (vid = VMS_VID_MIN; vid <= VMS_VID_MAX; vid++) {
		vlan = vms_vlan(sw, vid);
		if (vlan && vlan->n_members > 1)
			__set_bit(vid, bitmap);
	}
	mutex_unlock(&sw->vn->lock);
}
