/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Forwarding database: what nearly every frame needs of it, inline.
 */
#ifndef _VMSWITCH_FDB_LOOKUP_H
#define _VMSWITCH_FDB_LOOKUP_H

#include "fdb_table.h"
#include "vlan.h"

struct vms_port *vms_fdb_lookup_all(const struct vms_switch *sw, u64 mac,
				    u16 vid);
void vms_fdb_learn_new(struct vms_port *port, const struct vms_policy *pol,
		       u64 mac, u16 vid);

/**
 * vms_fdb_lookup() - the port where an address lives
 * @sw: the switch
 * @mac: the address
 * @vid: the VLAN
 *
 * The short way: an entry of the VLAN in the first bucket, or one for all VLANs
 * of a port if there is no other bucket.  Touches one line of the table.
 *
 * Context: data path.
 * Return: the port or NULL.
 */
static inline struct vms_port *vms_fdb_lookup(const struct vms_switch *sw,
					      u64 mac, u16 vid)
{
	const struct vms_fdb_table *table = vms_fdb_table_rcu(sw);
	const struct vms_fdb_bucket *b = vms_fdb_hash(table, mac);
	const struct vms_policy *pol;
	struct vms_port *port;
	unsigned int i;
	u32 seq, val;

	seq = vms_fdb_read_begin(b);
	i = vms_fdb_way(b, vms_fdb_key(mac, vid));
	if (likely(i < VMS_FDB_WAYS)) {
		val = READ_ONCE(b->val[i]);
		port = vms_switch_port_rcu(sw, val & VMS_FDB_V_PORT);
		if (likely(port && !vms_fdb_read_retry(b, seq)))
			return port;
	} else if (!READ_ONCE(b->next)) {
		i = vms_fdb_way(b, vms_fdb_key(mac, VMS_FID_ANY));
		if (i == VMS_FDB_WAYS && !vms_fdb_read_retry(b, seq))
			return NULL;
		val = READ_ONCE(b->val[i % VMS_FDB_WAYS]);
		port = vms_switch_port_rcu(sw, val & VMS_FDB_V_PORT);
		pol = port ? vms_port_policy_rcu(port) : NULL;
		if (likely(pol && vms_policy_member(pol, vid) &&
			   !vms_fdb_read_retry(b, seq)))
			return port;
	}
	return vms_fdb_lookup_all(sw, mac, vid);
}

/* Whether the entry at @pos is of @port; if so, it has been seen now. */
static inline bool vms_fdb_refresh(const struct vms_port *port,
				   struct vms_fdb_pos pos)
{
	u16 tick = READ_ONCE(port->sw->fdb.tick);

	if ((READ_ONCE(pos.b->val[pos.i]) & VMS_FDB_V_PORT) != port->id)
		return false;
	/* Not written more than once a tick: the line is shared. */
	if (unlikely(READ_ONCE(pos.b->used[pos.i]) != tick))
		WRITE_ONCE(pos.b->used[pos.i], tick);
	return true;
}

/**
 * vms_fdb_learn() - note that an address was seen at a port
 * @port: the port
 * @pol: its policy, as the frame has found it
 * @mac: the source address
 * @vid: the VLAN
 *
 * Context: data path.
 */
static inline void vms_fdb_learn(struct vms_port *port,
				 const struct vms_policy *pol, u64 mac, u16 vid)
{
	struct vms_fdb_pos pos;

	pos.b = vms_fdb_hash(vms_fdb_table_rcu(port->sw), mac);
	pos.i = vms_fdb_way(pos.b, vms_fdb_key(mac, vid));
	if (likely(pos.i < VMS_FDB_WAYS) && likely(vms_fdb_refresh(port, pos)))
		return;
	vms_fdb_learn_new(port, pol, mac, vid);
}

#endif /* _VMSWITCH_FDB_LOOKUP_H */
