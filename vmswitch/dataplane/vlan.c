// SPDX-License-Identifier: GPL-2.0
/*
 * The members of each VLAN.
 */
#include "vlan.h"

/* The smallest array: with its head it fills 64 bytes. */
#define VMS_FLOOD_MIN	18

static struct vms_vlan *vms_vlan(const struct vms_switch *sw, u16 vid)
{
	return rcu_dereference_protected(sw->vlans[vid], vms_locked(sw->vn));
}

static void vms_vlan_free(struct vms_vlan *vlan)
{
	kfree(rcu_access_pointer(vlan->members));
	kfree(rcu_access_pointer(vlan->unknown));
	free_percpu(vlan->stats);
	kfree(vlan);
}

static void vms_vlan_free_rcu(struct rcu_head *head)
{
	vms_vlan_free(container_of(head, struct vms_vlan, rcu));
}

static struct vms_vlan *vms_vlan_create(struct vms_switch *sw, u16 vid)
{
	struct vms_vlan *vlan;
	int cpu;

	vlan = kzalloc(sizeof(*vlan), GFP_KERNEL_ACCOUNT);
	if (!vlan)
		return NULL;
	vlan->stats = alloc_percpu_gfp(struct vms_vlan_stats,
				       GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!vlan->stats) {
		kfree(vlan);
		return NULL;
	}
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(vlan->stats, cpu)->syncp);
	rcu_assign_pointer(sw->vlans[vid], vlan);
	return vlan;
}

static void vms_vlan_drop_if_empty(struct vms_switch *sw, u16 vid,
				   struct vms_vlan *vlan)
{
	if (vlan->n_members)
		return;
	RCU_INIT_POINTER(sw->vlans[vid], NULL);
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
	new = kmalloc(struct_size(new, id, cap), GFP_KERNEL_ACCOUNT);
	if (!new)
		return -ENOMEM;
	new->cap = cap;
	new->n = 0;
	new->holes = 0;
	for (i = 0; old && i < old->n; i++)
		if (old->id[i])
			new->id[new->n++] = old->id[i];
	rcu_assign_pointer(*slot, new);
	if (old)
		kfree_rcu(old, rcu);
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

static bool vms_flood_del(struct vms_switch *sw, struct vms_flood __rcu **slot,
			  u16 id)
{
	struct vms_flood *flood;
	u32 i;

	flood = rcu_dereference_protected(*slot, vms_locked(sw->vn));
	for (i = 0; flood && i < flood->n; i++) {
		if (flood->id[i] != id)
			continue;
		WRITE_ONCE(flood->id[i], 0);
		flood->holes++;
		/* Without memory the holes just stay. */
		if (flood->holes > 8 && flood->holes > flood->n / 2)
			vms_flood_copy(slot, flood);
		return true;
	}
	return false;
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

	if (!vlan)
		vlan = vms_vlan_create(sw, vid);
	if (!vlan)
		return -ENOMEM;
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

	if (WARN_ON_ONCE(!vlan || !vms_flood_del(sw, &vlan->members, id)))
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

	WARN_ON_ONCE(!vlan || !vms_flood_del(sw, &vlan->unknown, id));
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
