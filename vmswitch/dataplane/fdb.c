// SPDX-License-Identifier: GPL-2.0
/*
 * Forwarding database, data path: lookup and learning.
 */
#include "../event.h"
#include "dataplane.h"
#include "fdb_lookup.h"
#include "trace.h"
#include "vlan.h"

/* The port that slot @i of @b names, if the entry is valid in @vid.  An entry
 * for all VLANs is valid in those that its port is a member of.
 */
static struct vms_port *vms_fdb_candidate(const struct vms_switch *sw,
					  const struct vms_fdb_bucket *b,
					  unsigned int i, bool any, u16 vid)
{
	const struct vms_policy *pol;
	struct vms_port *port;

	port = vms_switch_port_rcu(sw, READ_ONCE(b->val[i]) & VMS_FDB_V_PORT);
	if (!any || !port)
		return port;
	pol = vms_port_policy_rcu(port);
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
	const struct vms_fdb_bucket *b = vms_fdb_hash(table, mac);
	const u64 want = vms_fdb_key(mac, vid);
	struct vms_port *exact, *any = NULL, *found;
	unsigned int i;
	u32 seq, next;
	u64 diff;

	do {
		do {
			seq = vms_fdb_read_begin(b);
			exact = NULL;
			found = NULL;
			for (i = 0; i < VMS_FDB_WAYS; i++) {
				diff = READ_ONCE(b->key[i]) ^ want;
				if (likely(diff > U16_MAX))
					continue;
				if (!diff)
					exact = vms_fdb_candidate(sw, b, i,
								  false, vid);
				else if (diff == (vid ^ VMS_FID_ANY))
					found = vms_fdb_candidate(sw, b, i,
								  true, vid) ?:
						found;
			}
			next = READ_ONCE(b->next);
		} while (vms_fdb_read_retry(b, seq));
		if (exact)
			return exact;
		if (found)
			any = found;
		b = &table->bucket[next];
	} while (unlikely(next));
	return any;
}

/* The slot of (@mac, @vid) itself, without a lock: its content may change. */
static struct vms_fdb_pos vms_fdb_peek(const struct vms_switch *sw, u64 mac,
				       u16 vid)
{
	struct vms_fdb_table *table = vms_fdb_table_rcu(sw);
	struct vms_fdb_bucket *b = vms_fdb_hash(table, mac);
	const u64 want = vms_fdb_key(mac, vid);
	unsigned int i;
	u32 next;

	do {
		for (i = 0; i < VMS_FDB_WAYS; i++)
			if (READ_ONCE(b->key[i]) == want)
				return (struct vms_fdb_pos){ b, i };
		next = READ_ONCE(b->next);
		b = &table->bucket[next];
	} while (unlikely(next));
	return (struct vms_fdb_pos){};
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
	u32 val = pos.b->val[pos.i];
	struct vms_switch *sw = port->sw;
	struct vms_port *old;

	if (!vms_fdb_is_dynamic(val) || (val & VMS_FDB_V_PORT) == port->id)
		return;
	if (!vms_fdb_make_room(sw, port, pol, false)) {
		vms_fdb_count(port, false);
		return;
	}
	/* Making room may have evicted this very entry. */
	if (pos.b->key[pos.i] != vms_fdb_key(mac, vid))
		return;
	old = vms_switch_port_rcu(sw, val & VMS_FDB_V_PORT);
	if (old)
		WRITE_ONCE(old->n_dynamic, old->n_dynamic - 1);
	WRITE_ONCE(port->n_dynamic, port->n_dynamic + 1);
	WRITE_ONCE(pos.b->val[pos.i],
		   (val & ~VMS_FDB_V_PORT) | port->id);
	WRITE_ONCE(pos.b->used[pos.i], READ_ONCE(sw->fdb.tick));
	vms_fdb_count(port, true);
	trace_vms_fdb_move(port, mac, vid);
	vms_event_fdb(sw, VMS_CMD_FDB_MOVE_NTF, mac, vid, VMS_FDB_DYNAMIC,
		      port, old);
}

static void vms_fdb_insert(struct vms_port *port, u64 mac, u16 vid,
			   const struct vms_policy *pol)
{
	struct vms_switch *sw = port->sw;
	struct vms_fdb_pos pos = {};

	/* It may have become static since that was tested without the lock. */
	if (vms_fdb_lookup(sw, mac, vid))
		return;
	if (vms_fdb_make_room(sw, port, pol, true))
		pos = vms_fdb_find_free(vms_fdb_table_locked(sw), mac);
	if (!pos.b) {
		vms_fdb_count(port, false);
		return;
	}
	vms_fdb_set(pos, vms_fdb_key(mac, vid),
		    vms_fdb_val(port->id, VMS_FDB_DYNAMIC), sw->fdb.tick);
	WRITE_ONCE(sw->fdb.count, sw->fdb.count + 1);
	WRITE_ONCE(port->n_dynamic, port->n_dynamic + 1);
	trace_vms_fdb_learn(port, mac, vid);
	vms_event_fdb(sw, VMS_CMD_FDB_ADD_NTF, mac, vid, VMS_FDB_DYNAMIC,
		      port, NULL);
}

/**
 * vms_fdb_learn_new() - vms_fdb_learn() of an address that is not known here
 * @port: the port
 * @pol: its policy, as the frame has found it: the port may have none by now
 * @mac: the source address
 * @vid: the VLAN
 *
 * A static entry never moves (802.1Q-2022, 8.8.1).
 *
 * Context: data path.
 */
void vms_fdb_learn_new(struct vms_port *port, const struct vms_policy *pol,
		       u64 mac, u16 vid)
{
	struct vms_fdb_pos pos = vms_fdb_peek(port->sw, mac, vid);
	struct vms_switch *sw = port->sw;
	struct vms_port *where = NULL;

	/* It may be known here, in an overflow bucket. */
	if (pos.b && vms_fdb_refresh(port, pos))
		return;
	/* Without the lock, so that a guest that floods addresses beyond its
	 * limit does not make the others wait.
	 */
	switch (vms_fdb_learn_verdict(port, pol, mac, vid, &where)) {
	case VMS_LEARN_STATIC:
		return;
	case VMS_LEARN_LIMIT:
		vms_fdb_count(port, false);
		return;
	default:
		break;
	}

	spin_lock(&sw->fdb.lock);
	pos = vms_fdb_find_key(vms_fdb_table_locked(sw), mac, vid, 0);
	if (pos.b)
		vms_fdb_move(port, pos, mac, vid, pol);
	else
		vms_fdb_insert(port, mac, vid, pol);
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

	*where = vms_fdb_lookup(port->sw, mac, vid);
	pos = vms_fdb_peek(port->sw, mac, vid);
	fixed = !pos.b || !vms_fdb_is_dynamic(READ_ONCE(pos.b->val[pos.i]));
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
