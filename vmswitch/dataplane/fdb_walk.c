// SPDX-License-Identifier: GPL-2.0
/*
 * Forwarding database: walks of the whole table, to flush, to age, to dump.
 */
#include "../event.h"
#include "fdb_table.h"
#include "vlan.h"

/* Buckets that a sweep looks at before it lets others run. */
#define VMS_FDB_CHUNK		64
static bool vms_fdb_matches(const struct vms_fdb_filter *filter, u64 key,
			    u32 val)
{
	u16 fid = key & U16_MAX;

	return key && (val & VMS_FDB_V_PORT) &&
	       (filter->type & BIT(vms_fdb_val_type(val))) &&
	       (!filter->mac || filter->mac == key >> 16) &&
	       (!filter->vid || filter->vid == fid) &&
	       (!filter->port || filter->port == (val & VMS_FDB_V_PORT));
}

static bool vms_fdb_bucket_empty(const struct vms_fdb_bucket *b)
{
	return !(READ_ONCE(b->key[0]) | READ_ONCE(b->key[1]) |
		 READ_ONCE(b->key[2]) | READ_ONCE(b->key[3]));
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
			if (!pos.b->key[pos.i] || !test(sw, pos, arg))
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
	u32 val = pos.b->val[pos.i];

	return !(val & VMS_FDB_V_HELD) &&
	       vms_fdb_matches(arg, pos.b->key[pos.i], val);
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
 * Context: &vms_net.lock is held.
 */
void vms_fdb_delete(struct vms_switch *sw, u64 mac, u16 vid)
{
	struct vms_fdb_pos pos;

	spin_lock_bh(&sw->fdb.lock);
	pos = vms_fdb_find_key(vms_fdb_table_locked(sw), mac, vid, 0);
	if (pos.b && pos.b->val[pos.i] & VMS_FDB_V_PORT)
		vms_fdb_expire(sw, pos);
	spin_unlock_bh(&sw->fdb.lock);
}

/**
 * struct vms_fdb_rules - what a port's dynamic entries have to conform to
 * @port: the port
 * @pol: its policy
 */
struct vms_fdb_rules {
	const struct vms_port *port;
	const struct vms_policy *pol;
};

static bool vms_fdb_test_rules(struct vms_switch *sw, struct vms_fdb_pos pos,
			       const void *arg)
{
	const u32 learns = VMS_PF_LEARN | VMS_PF_LEARN_AUTO;
	const struct vms_fdb_rules *rules = arg;
	u32 val = pos.b->val[pos.i];

	if (!vms_fdb_is_dynamic(val) || val & VMS_FDB_V_HELD ||
	    (val & VMS_FDB_V_PORT) != rules->port->id)
		return false;
	return !(rules->pol->flags & learns) ||
	       !vms_policy_member(rules->pol, pos.b->key[pos.i] & U16_MAX);
}

/**
 * vms_fdb_conform() - forget what a port has learned by other rules
 * @port: the port
 * @pol: its new policy: entries in VLANs that it is no member of go, and all
 *	if it does not learn
 *
 * Context: &vms_net.lock is held; may sleep.
 */
void vms_fdb_conform(struct vms_port *port, const struct vms_policy *pol)
{
	const struct vms_fdb_rules rules = { .port = port, .pol = pol };

	vms_fdb_sweep(port->sw, vms_fdb_test_rules, &rules);
}

static bool vms_fdb_test_age(struct vms_switch *sw, struct vms_fdb_pos pos,
			     const void *arg)
{
	u32 val = pos.b->val[pos.i];
	u16 age = sw->fdb.tick - READ_ONCE(pos.b->used[pos.i]);

	return vms_fdb_is_dynamic(val) && !(val & VMS_FDB_V_HELD) &&
	       age > VMS_FDB_TICKS;
}

static unsigned long vms_fdb_period(const struct vms_switch *sw)
{
	return max_t(unsigned long, 1, (unsigned long)sw->ageing * HZ /
				       VMS_FDB_TICKS);
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
			      const struct vms_fdb_bucket *b, unsigned int i,
			      const struct vms_fdb_filter *filter,
			      struct vms_fdb_entry *entry)
{
	u32 val, seq;
	u16 used;
	u64 key;

	do {
		seq = vms_fdb_read_begin(b);
		key = READ_ONCE(b->key[i]);
		val = READ_ONCE(b->val[i]);
		used = READ_ONCE(b->used[i]);
	} while (vms_fdb_read_retry(b, seq));
	if (!vms_fdb_matches(filter, key, val))
		return false;
	entry->mac = key >> 16;
	entry->vid = key & U16_MAX;
	entry->port = val & VMS_FDB_V_PORT;
	entry->type = vms_fdb_val_type(val);
	entry->ticks = READ_ONCE(sw->fdb.tick) - used;
	return true;
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
	const struct vms_fdb_bucket *b;
	bool found = false;

	rcu_read_lock();
	table = rcu_dereference(sw->fdb.table);
	while (!found && *slot < table->n_buckets * VMS_FDB_WAYS) {
		b = &table->bucket[*slot / VMS_FDB_WAYS];
		if (vms_fdb_bucket_empty(b)) {
			*slot = round_up(*slot + 1, VMS_FDB_WAYS);
			continue;
		}
		found = vms_fdb_read_slot(sw, b, *slot % VMS_FDB_WAYS, filter,
					  entry);
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
