// SPDX-License-Identifier: GPL-2.0
/*
 * Forwarding database: which entry goes when there is no room.
 */
#include "fdb_table.h"

/* Buckets that are looked through for an entry to evict, and how many more if
 * there is none in these.
 */
#define VMS_FDB_EVICT_SCAN	16
#define VMS_FDB_EVICT_MAX	128

/* The entry of @b that was not seen for longest, of @port if that is not NULL,
 * if it is older than *@best.
 */
static void vms_fdb_oldest(const struct vms_switch *sw,
			   struct vms_fdb_bucket *b,
			   const struct vms_port *port,
			   struct vms_fdb_pos *best)
{
	struct vms_fdb_pos pos = { .b = b };
	u16 age, best_age = 0;
	u32 val;

	if (best->b)
		best_age = sw->fdb.tick - best->b->used[best->i];
	for (; pos.i < VMS_FDB_WAYS; pos.i++) {
		val = vms_fdb_val_at(pos);
		if (!vms_fdb_may_go(val) ||
		    (port && (val & VMS_FDB_V_PORT) != port->id))
			continue;
		age = sw->fdb.tick - b->used[pos.i];
		if (best->b && age <= best_age)
			continue;
		*best = pos;
		best_age = age;
	}
}

/* Of the addresses that @port has learned last, remove the one that is known
 * for longest: for a port with few, which a bounded search does not find.
 */
static struct vms_fdb_pos vms_fdb_recent(struct vms_switch *sw,
					 const struct vms_port *port)
{
	struct vms_fdb_table *table = vms_fdb_table_locked(sw);
	struct vms_fdb *fdb = &sw->fdb;
	struct vms_fdb_pos pos;
	unsigned int n;
	u64 *key;
	u32 val;

	for (n = 0; n < VMS_FDB_RECENT; n++) {
		key = &fdb->recent[(fdb->recent_at + n) % VMS_FDB_RECENT];
		if (!*key)
			continue;
		pos = vms_fdb_find_key(table, *key & ~(u64)VLAN_VID_MASK,
				       *key & VLAN_VID_MASK, port->id);
		*key = 0;
		val = pos.b ? vms_fdb_val_at(pos) : 0;
		if (vms_fdb_may_go(val))
			return pos;
	}
	return (struct vms_fdb_pos){};
}

/**
 * vms_fdb_note() - note that a port that evicts has learned an address
 * @sw: the switch
 * @mac: the address
 * @vid: its VLAN
 *
 * Context: &vms_fdb.lock is held.
 */
void vms_fdb_note(struct vms_switch *sw, u64 mac, u16 vid)
{
	struct vms_fdb *fdb = &sw->fdb;

	fdb->recent[fdb->recent_at++ % VMS_FDB_RECENT] = mac | vid;
}

/**
 * vms_fdb_evict() - remove a dynamic entry that was not seen for long
 * @sw: the switch
 * @port: only an entry of this port; NULL: of any
 *
 * Looks through a bounded part of the table, from where the last search ended,
 * and takes the oldest that it finds: whoever sends frames decides how often
 * this is done, and all who learn wait for it.
 *
 * Context: &vms_fdb.lock is held.
 * Return: false if it found none.
 */
bool vms_fdb_evict(struct vms_switch *sw, const struct vms_port *port)
{
	struct vms_fdb_table *table = vms_fdb_table_locked(sw);
	struct vms_fdb_pos best = {};
	unsigned int n;

	if (port && !port->n_dynamic)
		return false;
	for (n = 0; n < VMS_FDB_EVICT_MAX; n++) {
		if (n >= VMS_FDB_EVICT_SCAN && best.b)
			break;
		if (++sw->fdb.hand >= table->n_buckets)
			sw->fdb.hand = 0;
		vms_fdb_oldest(sw, &table->bucket[sw->fdb.hand], port, &best);
	}
	if (!best.b && port)
		best = vms_fdb_recent(sw, port);
	if (best.b)
		vms_fdb_expire(sw, best);
	return best.b;
}

/**
 * vms_fdb_evict_near() - make room where an entry has to be
 * @sw: the switch
 * @mac: its address, for which vms_fdb_find_free() has found no room
 * @port: only an entry of this port may go; NULL: of any
 *
 * Context: &vms_fdb.lock is held.
 * Return: a free slot, or one without a bucket.
 */
struct vms_fdb_pos vms_fdb_evict_near(struct vms_switch *sw, u64 mac,
				      const struct vms_port *port)
{
	struct vms_fdb_table *table = vms_fdb_table_locked(sw);
	struct vms_fdb_pos best = {};
	struct vms_fdb_bucket *b;

	b = vms_fdb_bucket(table, vms_fdb_mix(table, mac));
	for (;;) {
		vms_fdb_oldest(sw, b, port, &best);
		if (!b->next)
			break;
		b = &table->bucket[b->next];
	}
	if (best.b)
		vms_fdb_expire(sw, best);
	return best;
}

/**
 * vms_fdb_make_way() - remove dynamic entries until there are few enough
 * @sw: the switch
 * @below: there are to be fewer than so many
 *
 * As far as there are dynamic entries that may go: it ends when it has looked
 * through all of the table and found none.  The lock is not held for longer than
 * a bounded search takes.
 *
 * Context: &vms_net.lock is held; may sleep.
 */
void vms_fdb_make_way(struct vms_switch *sw, u32 below)
{
	u32 turn = vms_fdb_table_locked(sw)->n_buckets / VMS_FDB_EVICT_MAX + 1;
	struct vms_fdb *fdb = &sw->fdb;
	bool enough = false;
	u32 left = turn;

	while (!enough && left--) {
		spin_lock_bh(&fdb->lock);
		enough = fdb->count < below;
		if (!enough && vms_fdb_evict(sw, NULL))
			left = turn;
		spin_unlock_bh(&fdb->lock);
		cond_resched();
	}
}

/**
 * vms_fdb_claim() - a slot for an entry that no dynamic one may keep out
 * @sw: the switch
 * @mac: its address
 *
 * Context: &vms_fdb.lock is held.
 * Return: a free slot, or one without a bucket if the database is full.
 */
struct vms_fdb_pos vms_fdb_claim(struct vms_switch *sw, u64 mac)
{
	struct vms_fdb_pos pos = {};

	if (sw->fdb.count >= sw->fdb.max)
		return pos;
	pos = vms_fdb_find_free(vms_fdb_table_locked(sw), mac);
	return pos.b ? pos : vms_fdb_evict_near(sw, mac, NULL);
}
