// SPDX-License-Identifier: GPL-2.0
/*
 * Forwarding database, data path: lookup and learning.
 */
#include "../event.h"
#include "dataplane.h"
#include "fdb_lookup.h"
#include "trace.h"
#include "vlan.h"

/* The port @id, if an entry of it for all VLANs is valid in @vid: it is in
 * those that its port is a member of.
 */
static struct vms_port *vms_fdb_any(const struct vms_switch *sw, u32 id,
				    u16 vid)
{
	struct vms_port *port = vms_switch_port_rcu(sw, id);
	const struct vms_policy *pol;

	pol = port ? vms_port_policy_rcu(port) : NULL;
	return pol && vms_policy_member(pol, vid) ? port : NULL;
}

/**
 * vms_fdb_lookup_all() - vms_fdb_lookup() where its short way does not do
 * @sw: the switch
 * @mac: the address
 * @vid: the VLAN
 *
 * An entry of the VLAN wins over one for all VLANs of a port.
 *
 * Context: data path.
 * Return: the port or NULL.
 */
struct vms_port *vms_fdb_lookup_all(const struct vms_switch *sw, u64 mac,
				    u16 vid)
{
	const struct vms_fdb_table *table = vms_fdb_table_rcu(sw);
	const u64 mixed = vms_fdb_mix(table, mac);
	const u64 any = vms_fdb_want(mixed, VMS_FID_ANY);
	const u64 exact = vms_fdb_want(mixed, vid);
	const struct vms_fdb_bucket *b;
	struct vms_port *found = NULL;
	struct vms_port *port;
	unsigned int i;
	u32 next;
	u64 word;

	b = vms_fdb_bucket(table, mixed);
	do {
		for (i = 0; i < VMS_FDB_WAYS; i++) {
			word = READ_ONCE(b->word[i]);
			if ((word ^ exact) <= VMS_FDB_V_PORT) {
				port = vms_switch_port_rcu(sw, word ^ exact);
				if (port)
					return port;
			} else if ((word ^ any) <= VMS_FDB_V_PORT) {
				port = vms_fdb_any(sw, word ^ any, vid);
				if (port)
					found = port;
			}
		}
		next = READ_ONCE(b->next);
		b = &table->bucket[next];
	} while (unlikely(next));
	return found;
}

/* The slot of (@mac, @vid) itself, without a lock: its content may change. */
static struct vms_fdb_pos vms_fdb_peek(const struct vms_switch *sw, u64 mac,
				       u16 vid)
{
	struct vms_fdb_table *table = vms_fdb_table_rcu(sw);
	const u64 mixed = vms_fdb_mix(table, mac);
	const u64 want = vms_fdb_want(mixed, vid);
	struct vms_fdb_bucket *b;
	unsigned int i;
	u32 next;

	b = vms_fdb_bucket(table, mixed);
	do {
		for (i = 0; i < VMS_FDB_WAYS; i++)
			if ((READ_ONCE(b->word[i]) ^ want) <= VMS_FDB_V_PORT)
				return (struct vms_fdb_pos){ b, i };
		next = READ_ONCE(b->next);
		b = &table->bucket[next];
	} while (unlikely(next));
	return (struct vms_fdb_pos){};
}

/* Whether the entry at @pos is of @port; if so, it has been seen now. */
static bool vms_fdb_refresh(const struct vms_port *port, struct vms_fdb_pos pos)
{
	u16 tick = READ_ONCE(port->sw->fdb.tick);

	if ((vms_fdb_val_at(pos) & VMS_FDB_V_PORT) != port->id)
		return false;
	if (READ_ONCE(pos.b->used[pos.i]) != tick)
		WRITE_ONCE(pos.b->used[pos.i], tick);
	return true;
}

static void vms_fdb_count(struct vms_port *port, bool moved)
{
	struct vms_stats *stats = this_cpu_ptr(port->stats);

	u64_stats_update_begin(&stats->syncp);
	if (moved)
		u64_stats_inc(&stats->moves);
	else
		u64_stats_inc(&stats->limited);
	u64_stats_update_end(&stats->syncp);
}

/* Room for one more entry of @port; &vms_fdb.lock is held. */
static bool vms_fdb_make_room(struct vms_switch *sw, struct vms_port *port,
			      const struct vms_policy *pol, bool new)
{
	bool evict = pol->flags & VMS_PF_EVICT;

	if (port->n_dynamic >= pol->mac_limit &&
	    !(evict && vms_fdb_evict(sw, port)))
		return false;
	if (new && sw->fdb.count >= sw->fdb.max &&
	    !(evict && vms_fdb_evict(sw, port)))
		return false;
	return true;
}

static void vms_fdb_move(struct vms_port *port, struct vms_fdb_pos pos,
			 u64 mac, u16 vid, const struct vms_policy *pol)
{
	u32 val = vms_fdb_val_at(pos);
	struct vms_switch *sw = port->sw;
	struct vms_port *old;

	if (!vms_fdb_is_dynamic(val) || (val & VMS_FDB_V_PORT) == port->id)
		return;
	if (!vms_fdb_make_room(sw, port, pol, false)) {
		vms_fdb_count(port, false);
		return;
	}
	/* Making room may have evicted this very entry. */
	if (!vms_fdb_in_use(pos))
		return;
	old = vms_switch_port_rcu(sw, val & VMS_FDB_V_PORT);
	if (old)
		WRITE_ONCE(old->n_dynamic, old->n_dynamic - 1);
	WRITE_ONCE(port->n_dynamic, port->n_dynamic + 1);
	vms_fdb_set_val(pos, (val & ~VMS_FDB_V_PORT) | port->id);
	WRITE_ONCE(pos.b->used[pos.i], READ_ONCE(sw->fdb.tick));
	if (pol->flags & VMS_PF_EVICT)
		vms_fdb_note(sw, mac, vid);
	vms_fdb_count(port, true);
	trace_vms_fdb_move(port, mac, vid);
	vms_event_fdb(sw, VMS_CMD_FDB_MOVE_NTF, mac, vid, VMS_FDB_DYNAMIC,
		      port, old);
}

static void vms_fdb_insert(struct vms_port *port, u64 mac, u16 vid,
			   const struct vms_policy *pol)
{
	struct vms_switch *sw = port->sw;
	struct vms_fdb_table *table = vms_fdb_table_locked(sw);
	struct vms_fdb_pos pos = {};

	/* It may have become static since that was tested without the lock. */
	if (vms_fdb_lookup(table, sw, mac, vid))
		return;
	if (vms_fdb_make_room(sw, port, pol, true))
		pos = vms_fdb_find_free(table, mac);
	if (!pos.b && (pol->flags & VMS_PF_EVICT))
		pos = vms_fdb_evict_near(sw, mac, port);
	if (!pos.b) {
		vms_fdb_count(port, false);
		return;
	}
	vms_fdb_set(pos, vms_fdb_want(vms_fdb_mix(table, mac), vid),
		    vms_fdb_val(port->id, VMS_FDB_DYNAMIC), sw->fdb.tick);
	WRITE_ONCE(sw->fdb.count, sw->fdb.count + 1);
	WRITE_ONCE(port->n_dynamic, port->n_dynamic + 1);
	if (pol->flags & VMS_PF_EVICT)
		vms_fdb_note(sw, mac, vid);
	trace_vms_fdb_learn(port, mac, vid);
	vms_event_fdb(sw, VMS_CMD_FDB_ADD_NTF, mac, vid, VMS_FDB_DYNAMIC,
		      port, NULL);
}

/**
 * vms_fdb_learn_new() - vms_fdb_learn() of an address that is not known here
 * @port: the port
 * @mac: the source address
 * @vid: the VLAN
 *
 * A static entry never moves (802.1Q-2022, 8.8.1).
 *
 * Context: data path.
 */
void vms_fdb_learn_new(struct vms_port *port, u64 mac, u16 vid)
{
	const struct vms_policy *pol = vms_port_policy_rcu(port);
	struct vms_fdb_pos pos = vms_fdb_peek(port->sw, mac, vid);
	struct vms_switch *sw = port->sw;
	struct vms_port *where = NULL;

	/* The port is going, or has left the VLAN meanwhile. */
	if (unlikely(!pol || !vms_policy_member(pol, vid)))
		return;
	/* It may be known here, in an overflow bucket. */
	if (pos.b && vms_fdb_refresh(port, pos))
		return;
	/* Without the lock, so that a guest that floods addresses beyond its
	 * limit does not make the others wait.
	 */
	switch (vms_fdb_learn_verdict(port, pol, mac, vid, &where)) {
	/* An entry for all VLANs is not seen by vms_fdb_refresh(). */
	case VMS_LEARN_KNOWN:
	case VMS_LEARN_STATIC:
		return;
	case VMS_LEARN_LIMIT:
		vms_fdb_count(port, false);
		return;
	default:
		break;
	}

	spin_lock(&sw->fdb.lock);
	/* While the table is copied, which takes no longer than it takes to
	 * send again, the address stays unknown.
	 */
	if (sw->fdb.frozen)
		goto out;
	/* What is learned by a policy that has just been replaced would stay:
	 * vms_fdb_doubt() has looked by now, or waits for the lock.
	 */
	pol = vms_port_policy_rcu(port);
	if (!pol || !vms_policy_member(pol, vid) ||
	    !vms_port_learns(sw, pol->flags))
		goto out;
	pos = vms_fdb_find_key(vms_fdb_table_locked(sw), mac, vid, 0);
	if (pos.b)
		vms_fdb_move(port, pos, mac, vid, pol);
	else
		vms_fdb_insert(port, mac, vid, pol);
out:
	spin_unlock(&sw->fdb.lock);
}

/**
 * vms_fdb_learn_verdict() - what vms_fdb_learn() would do
 * @port: a port that learns
 * @pol: its policy
 * @mac: the source address
 * @vid: the VLAN
 * @where: set to the port where the address is, if it is anywhere
 *
 * Context: RCU.
 * Return: &enum vms_learn_result.
 */
enum vms_learn_result vms_fdb_learn_verdict(const struct vms_port *port,
					    const struct vms_policy *pol,
					    u64 mac, u16 vid,
					    struct vms_port **where)
{
	const struct vms_fdb *fdb = &port->sw->fdb;
	struct vms_fdb_pos pos;
	bool fixed;

	*where = vms_fdb_lookup(vms_fdb_table_rcu(port->sw), port->sw, mac,
				vid);
	pos = vms_fdb_peek(port->sw, mac, vid);
	fixed = !pos.b || !vms_fdb_is_dynamic(vms_fdb_val_at(pos));
	if (*where == port)
		return VMS_LEARN_KNOWN;
	if (*where && fixed)
		return VMS_LEARN_STATIC;
	if (!(pol->flags & VMS_PF_EVICT)) {
		if (READ_ONCE(port->n_dynamic) >= pol->mac_limit)
			return VMS_LEARN_LIMIT;
		if (!*where && READ_ONCE(fdb->count) >= READ_ONCE(fdb->max))
			return VMS_LEARN_LIMIT;
	}
	return *where ? VMS_LEARN_MOVE : VMS_LEARN_NEW;
}
