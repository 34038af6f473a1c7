// SPDX-License-Identifier: GPL-2.0
/*
 * Forwarding database: walks of the whole table, to flush, to age, to dump.
 */
#include <linux/bitmap.h>

#include "../event.h"
#include "dataplane.h"
#include "fdb_table.h"
#include "vlan.h"

static bool vms_fdb_matches(const struct vms_fdb_table *table,
			    const struct vms_fdb_filter *filter,
			    struct vms_fdb_pos pos)
{
	u32 val = vms_fdb_val_at(pos);

	return vms_fdb_in_use(pos) && (val & VMS_FDB_V_PORT) &&
	       (filter->type & BIT(vms_fdb_val_type(val))) &&
	       (!filter->vid || filter->vid == vms_fdb_fid(pos)) &&
	       (!filter->port || filter->port == (val & VMS_FDB_V_PORT)) &&
	       (!filter->mac || filter->mac == vms_fdb_mac(table, pos));
}

static bool vms_fdb_bucket_empty(const struct vms_fdb_bucket *b)
{
	return !(READ_ONCE(b->word[0]) | READ_ONCE(b->word[1]) |
		 READ_ONCE(b->word[2]) | READ_ONCE(b->word[3]));
}

typedef bool (*vms_fdb_test_fn)(struct vms_switch *sw, struct vms_fdb_pos pos,
				const void *arg);

/* Remove all entries that pass @test.  The lock is held for one bucket at a
 * time, so that learning does not wait for a sweep of a large table.
 */
static u32 vms_fdb_sweep(struct vms_switch *sw, vms_fdb_test_fn test,
			 const void *arg)
{
	struct vms_fdb_table *table = vms_fdb_table_locked(sw);
	struct vms_fdb_pos pos;
	u32 removed = 0;
	u32 i;

	for (i = 0; i < table->n_buckets; i++) {
		pos.b = &table->bucket[i];
		if (!(i % VMS_FDB_CHUNK))
			cond_resched();
		if (vms_fdb_bucket_empty(pos.b))
			continue;
		spin_lock_bh(&sw->fdb.lock);
		for (pos.i = 0; pos.i < VMS_FDB_WAYS; pos.i++) {
			if (!vms_fdb_in_use(pos) || !test(sw, pos, arg))
				continue;
			vms_fdb_expire(sw, pos);
			removed++;
		}
		spin_unlock_bh(&sw->fdb.lock);
	}
	return removed;
}

static bool vms_fdb_test_filter(struct vms_switch *sw, struct vms_fdb_pos pos,
				const void *arg)
{
	return !(vms_fdb_val_at(pos) & VMS_FDB_V_HELD) &&
	       vms_fdb_matches(vms_fdb_table_locked(sw), arg, pos);
}

/**
 * vms_fdb_flush() - remove the entries that a filter names
 * @sw: the switch
 * @filter: which
 *
 * Context: &vms_net.lock is held; may sleep.
 * Return: how many were removed.
 */
u32 vms_fdb_flush(struct vms_switch *sw, const struct vms_fdb_filter *filter)
{
	return vms_fdb_sweep(sw, vms_fdb_test_filter, filter);
}

/**
 * vms_fdb_delete() - remove the entry of an address in one VLAN, if it is there
 * @sw: the switch
 * @mac: the address
 * @vid: the VLAN
 *
 * So does one go that is only reserved.
 *
 * Context: &vms_net.lock is held.
 */
void vms_fdb_delete(struct vms_switch *sw, u64 mac, u16 vid)
{
	struct vms_fdb_pos pos;

	spin_lock_bh(&sw->fdb.lock);
	pos = vms_fdb_find_key(vms_fdb_table_locked(sw), mac, vid, 0);
	if (pos.b)
		vms_fdb_expire(sw, pos);
	spin_unlock_bh(&sw->fdb.lock);
}

/**
 * vms_fdb_vids() - the VLANs in which there is an entry of an address
 * @sw: the switch
 * @mac: the address
 * @vids: bitmap of VMS_N_VID bits, set to them; reserved entries count
 *
 * Context: &vms_net.lock is held.
 */
void vms_fdb_vids(struct vms_switch *sw, u64 mac, unsigned long *vids)
{
	struct vms_fdb_table *table = vms_fdb_table_locked(sw);
	struct vms_fdb_pos pos;

	bitmap_zero(vids, VMS_N_VID);
	spin_lock_bh(&sw->fdb.lock);
	pos.b = vms_fdb_bucket(table, vms_fdb_mix(table, mac));
	for (;;) {
		for (pos.i = 0; pos.i < VMS_FDB_WAYS; pos.i++)
			if (vms_fdb_in_use(pos) &&
			    vms_fdb_mac(table, pos) == mac)
				__set_bit(vms_fdb_fid(pos), vids);
		if (!pos.b->next)
			break;
		pos.b = &table->bucket[pos.b->next];
	}
	spin_unlock_bh(&sw->fdb.lock);
	__clear_bit(VMS_FID_ANY, vids);
}

/**
 * vms_fdb_find() - what is known of an address in a VLAN
 * @sw: the switch; &vms_net.lock is held
 * @mac: the address
 * @fid: the VLAN, or VMS_FID_ANY
 * @entry: filled
 *
 * Return: false if there is no entry.
 */
bool vms_fdb_find(struct vms_switch *sw, u64 mac, u16 fid,
		  struct vms_fdb_entry *entry)
{
	struct vms_fdb_pos pos;

	spin_lock_bh(&sw->fdb.lock);
	pos = vms_fdb_find_key(vms_fdb_table_locked(sw), mac, fid, 0);
	if (pos.b)
		*entry = (struct vms_fdb_entry){
			.mac = mac,
			.vid = fid,
			.port = vms_fdb_val_at(pos) & VMS_FDB_V_PORT,
			.type = vms_fdb_val_type(vms_fdb_val_at(pos)),
			.ticks = sw->fdb.tick - pos.b->used[pos.i],
		};
	spin_unlock_bh(&sw->fdb.lock);
	return pos.b && entry->port;
}

/* Whether the port of an entry would not have it any more.  Who has lost its
 * link may be behind another port when it is heard of again.
 */
static bool vms_fdb_test_policy(struct vms_switch *sw, struct vms_fdb_pos pos,
				const void *arg)
{
	u32 val = vms_fdb_val_at(pos), id = val & VMS_FDB_V_PORT;
	const struct vms_policy *pol;
	const struct vms_port *port;

	if (!id || (val & VMS_FDB_V_HELD))
		return false;
	port = vms_switch_port_rcu(sw, id);
	pol = port ? vms_port_policy_rcu(port) : NULL;
	if (!pol)
		return vms_fdb_val_type(val) != VMS_FDB_PORT;
	return vms_fdb_may_go(val) &&
	       (!(READ_ONCE(port->state) & VMS_PORT_S_LINK) ||
		!vms_port_learns(sw, pol->flags) ||
		!vms_policy_member(pol, vms_fdb_fid(pos)));
}

/**
 * vms_fdb_doubt() - a port may have entries that it is not to have any more
 * @port: the port, which has its new policy, or none, or no link, already
 *
 * Who learns asks for the policy under the lock that is taken here, so what it
 * has learned by the old one is counted now.
 *
 * Context: &vms_net.lock is held.
 */
void vms_fdb_doubt(struct vms_port *port)
{
	struct vms_fdb *fdb = &port->sw->fdb;

	spin_lock_bh(&fdb->lock);
	if (port->n_dynamic || (port->n_static && !vms_port_policy(port)))
		fdb->stale = true;
	spin_unlock_bh(&fdb->lock);
}

/**
 * vms_fdb_conform() - forget what ports are not to have any more
 * @sw: the switch
 *
 * Dynamic entries in VLANs that their port is no member of go, all dynamic ones
 * of a port that does not learn or has no link, and static ones, too, of a port
 * that was withdrawn.  One walk is for all ports that vms_fdb_doubt() was told
 * of: a request may concern thousands, and a table have a million entries.
 *
 * Context: &vms_net.lock is held; may sleep.
 */
void vms_fdb_conform(struct vms_switch *sw)
{
	if (!sw->fdb.stale)
		return;
	sw->fdb.stale = false;
	vms_fdb_sweep(sw, vms_fdb_test_policy, NULL);
}

static bool vms_fdb_test_age(struct vms_switch *sw, struct vms_fdb_pos pos,
			     const void *arg)
{
	u32 val = vms_fdb_val_at(pos);
	u16 age = sw->fdb.tick - READ_ONCE(pos.b->used[pos.i]);

	return vms_fdb_may_go(val) && age > VMS_FDB_TICKS;
}

static unsigned long vms_fdb_period(const struct vms_switch *sw)
{
	return max_t(unsigned long, 1, (unsigned long)sw->ageing * HZ /
				       VMS_FDB_TICKS);
}

/* Take the empty buckets of overflow out of a chain; &vms_fdb.lock is held.  Who
 * is reading one goes on from there.
 */
static void vms_fdb_unchain(struct vms_fdb_table *table, u32 home)
{
	struct vms_fdb_bucket *next, *b = &table->bucket[home];

	while (b->next) {
		next = &table->bucket[b->next];
		if (!vms_fdb_bucket_empty(next)) {
			b = next;
			continue;
		}
		WRITE_ONCE(next->home, b->next);
		WRITE_ONCE(b->next, next->next);
		table->n_leaving++;
	}
}

/* Nobody reads the buckets that were taken out any more. */
static void vms_fdb_reuse(struct vms_switch *sw, struct vms_fdb_table *table,
			  u32 end)
{
	struct vms_fdb_bucket *b;
	u32 i;

	for (i = table->n_hashed; i < end; i++) {
		b = &table->bucket[i];
		if (!(i % VMS_FDB_CHUNK))
			cond_resched();
		if (READ_ONCE(b->home) != i)
			continue;
		spin_lock_bh(&sw->fdb.lock);
		WRITE_ONCE(b->home, VMS_FDB_HOMELESS);
		WRITE_ONCE(b->next, table->free);
		table->free = i;
		spin_unlock_bh(&sw->fdb.lock);
	}
	table->n_leaving = 0;
}

/* Buckets of overflow that have no entry any more are there for others, after a
 * grace period, for which the next tick looks.  Else one address in many VLANs
 * would have used up all of them for good.
 */
static void vms_fdb_tidy(struct vms_switch *sw)
{
	struct vms_fdb_table *table = vms_fdb_table_locked(sw);
	struct vms_fdb_bucket *b;
	u32 i, end;

	spin_lock_bh(&sw->fdb.lock);
	end = table->free_overflow;
	spin_unlock_bh(&sw->fdb.lock);
	if (table->n_leaving) {
		if (!poll_state_synchronize_rcu(table->leaving))
			return;
		vms_fdb_reuse(sw, table, end);
	}

	for (i = table->n_hashed; i < end; i++) {
		b = &table->bucket[i];
		if (!(i % VMS_FDB_CHUNK))
			cond_resched();
		if (!vms_fdb_bucket_empty(b) ||
		    READ_ONCE(b->home) >= table->n_hashed)
			continue;
		spin_lock_bh(&sw->fdb.lock);
		vms_fdb_unchain(table, b->home);
		spin_unlock_bh(&sw->fdb.lock);
	}
	if (table->n_leaving)
		table->leaving = start_poll_synchronize_rcu();
}

/**
 * vms_fdb_age_work() - one tick of ageing
 * @work: &vms_fdb.work
 */
void vms_fdb_age_work(struct work_struct *work)
{
	struct vms_switch *sw = container_of(work, struct vms_switch,
					     fdb.work.work);

	mutex_lock(&sw->vn->lock);
	WRITE_ONCE(sw->fdb.tick, sw->fdb.tick + 1);
	vms_fdb_sweep(sw, vms_fdb_test_age, NULL);
	vms_fdb_tidy(sw);
	if (!sw->dead)
		queue_delayed_work(vms_wq, &sw->fdb.work, vms_fdb_period(sw));
	mutex_unlock(&sw->vn->lock);
}

/**
 * vms_fdb_start_ageing() - begin to age, or go by a new ageing time
 * @sw: the switch; &vms_net.lock is held
 */
void vms_fdb_start_ageing(struct vms_switch *sw)
{
	mod_delayed_work(vms_wq, &sw->fdb.work, vms_fdb_period(sw));
}

static bool vms_fdb_read_slot(struct vms_switch *sw,
			      const struct vms_fdb_table *table,
			      struct vms_fdb_pos pos,
			      const struct vms_fdb_filter *filter,
			      struct vms_fdb_entry *entry)
{
	bool found;
	u32 val;

	spin_lock_bh(&sw->fdb.lock);
	found = vms_fdb_matches(table, filter, pos);
	if (found) {
		val = vms_fdb_val_at(pos);
		entry->mac = vms_fdb_mac(table, pos);
		entry->vid = vms_fdb_fid(pos);
		entry->port = val & VMS_FDB_V_PORT;
		entry->type = vms_fdb_val_type(val);
		entry->ticks = sw->fdb.tick - READ_ONCE(pos.b->used[pos.i]);
	}
	spin_unlock_bh(&sw->fdb.lock);
	return found;
}

/**
 * vms_fdb_next() - walk the entries for a dump
 * @sw: the switch
 * @slot: where to go on, at first 0; moved behind the entry that is returned
 * @filter: which entries
 * @entry: filled
 *
 * An entry keeps its slot for as long as it lives, so a walk tells each entry
 * that is there all the time exactly once, unless &vms_fdb.gen changes.
 *
 * Context: &vms_net.lock is held, or RTNL and RCU.
 * Return: false at the end.
 */
bool vms_fdb_next(struct vms_switch *sw, u32 *slot,
		  const struct vms_fdb_filter *filter,
		  struct vms_fdb_entry *entry)
{
	const struct vms_fdb_table *table;
	struct vms_fdb_pos pos;
	bool found = false;

	rcu_read_lock();
	table = rcu_dereference(sw->fdb.table);
	while (!found && *slot < table->n_buckets * VMS_FDB_WAYS) {
		pos.b = &table->bucket[*slot / VMS_FDB_WAYS];
		pos.i = *slot % VMS_FDB_WAYS;
		if (vms_fdb_bucket_empty(pos.b)) {
			*slot = round_up(*slot + 1, VMS_FDB_WAYS);
			continue;
		}
		found = vms_fdb_read_slot(sw, table, pos, filter, entry);
		++*slot;
	}
	rcu_read_unlock();
	return found;
}

/**
 * vms_fdb_ticks_to_secs() - the age of an entry in seconds
 * @sw: the switch
 * @ticks: the age as &vms_fdb_entry.ticks
 *
 * Return: seconds.
 */
u32 vms_fdb_ticks_to_secs(const struct vms_switch *sw, u16 ticks)
{
	return div_u64((u64)ticks * READ_ONCE(sw->ageing), VMS_FDB_TICKS);
}
