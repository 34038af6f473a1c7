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
void vms_fdb_learn_new(struct vms_port *port, u64 mac, u16 vid);

/**
 * vms_fdb_lookup() - the port where an address lives
 * @table: the forwarding database of @sw
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
static inline struct vms_port *
vms_fdb_lookup(const struct vms_fdb_table *table, const struct vms_switch *sw,
	       u64 mac, u32 vid)
{
	const u64 mixed = vms_fdb_mix(table, mac);
	const struct vms_fdb_bucket *b = vms_fdb_bucket(table, mixed);
	const struct vms_policy *pol;
	struct vms_port *port;
	unsigned long id;

	id = vms_fdb_match(b, vms_fdb_want(mixed, vid));
	port = vms_switch_port_rcu(sw, id);
	if (likely(port))
		return port;
	if (!id && !READ_ONCE(b->next)) {
		id = vms_fdb_match_any(b, vms_fdb_want(mixed, VMS_FID_ANY));
		if (!id)
			return NULL;
		port = vms_switch_port_rcu(sw, id);
		pol = port ? vms_port_policy_rcu(port) : NULL;
		if (likely(pol && vms_policy_member(pol, vid)))
			return port;
	}
	return vms_fdb_lookup_all(sw, mac, vid);
}

/**
 * vms_fdb_learn() - note that an address was seen at a port
 * @table: the forwarding database of @sw
 * @sw: the port's switch
 * @port: the port
 * @mac: the source address
 * @vid: the VLAN
 *
 * Context: data path.
 */
static inline void vms_fdb_learn(const struct vms_fdb_table *table,
				 const struct vms_switch *sw,
				 struct vms_port *port, u64 mac, u32 vid)
{
	const u64 mixed = vms_fdb_mix(table, mac);
	struct vms_fdb_bucket *b = vms_fdb_bucket(table, mixed);
	u16 tick = READ_ONCE(sw->fdb.tick);
	unsigned int i;

	i = vms_fdb_way(b, vms_fdb_want(mixed, vid) | port->id);
	if (unlikely(i == VMS_FDB_WAYS))
		vms_fdb_learn_new(port, mac, vid);
	else if (unlikely(READ_ONCE(b->used[i]) != tick))
		/* Not written more than once a tick: the line is shared. */
		WRITE_ONCE(b->used[i], tick);
}

#endif /* _VMSWITCH_FDB_LOOKUP_H */
