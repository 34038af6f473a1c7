// SPDX-License-Identifier: GPL-2.0
/*
 * Forwarding database, control path: the table and its static entries.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>

#include "../event.h"
#include "../txn_stage.h"
#include "fdb_table.h"
#include "vlan.h"

/* Buckets that are looked through for an entry to evict. */
#define VMS_FDB_EVICT_SCAN	16
/* Entries for each hashed bucket of a full table: 5 % of the buckets then need
 * an overflow bucket.
 */
#define VMS_FDB_LOAD		2

struct vms_fdb_table *vms_fdb_table_locked(const struct vms_switch *sw)
{
	return rcu_dereference_protected(sw->fdb.table,
					 lockdep_is_held(&sw->fdb.lock) ||
					 vms_locked(sw->vn));
}

static struct vms_fdb_table *vms_fdb_table_alloc(u32 max)
{
	u32 n_hashed = roundup_pow_of_two(max_t(u32, max / VMS_FDB_LOAD, 16));
	u32 n_buckets = n_hashed + max_t(u32, n_hashed / 8, 16);
	struct vms_fdb_table *table;

	table = kzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return NULL;
	table->bucket = kvcalloc(n_buckets, sizeof(*table->bucket),
				 GFP_KERNEL_ACCOUNT);
	if (!table->bucket) {
		kfree(table);
		return NULL;
	}
	get_random_bytes(&table->secret, sizeof(table->secret));
	table->secret |= 1;
	table->shift = 64 - ilog2(n_hashed);
	table->n_hashed = n_hashed;
	table->n_buckets = n_buckets;
	table->free_overflow = n_hashed;
	return table;
}

static void vms_fdb_table_free(struct vms_fdb_table *table)
{
	if (!table)
		return;
	kvfree(table->bucket);
	kfree(table);
}

static void vms_fdb_write_begin(struct vms_fdb_bucket *b)
{
	WRITE_ONCE(b->seq, b->seq + 1);
	smp_wmb(); /* the odd count before the change */
}

static void vms_fdb_write_end(struct vms_fdb_bucket *b)
{
	smp_wmb(); /* the change before the even count */
	WRITE_ONCE(b->seq, b->seq + 1);
}

/**
 * vms_fdb_set() - fill a free slot
 * @pos: the slot
 * @key: vms_fdb_key()
 * @val: VMS_FDB_V_* fields
 * @used: see &struct vms_fdb_bucket
 *
 * Context: &vms_fdb.lock is held.
 */
void vms_fdb_set(struct vms_fdb_pos pos, u64 key, u32 val, u16 used)
{
	vms_fdb_write_begin(pos.b);
	WRITE_ONCE(pos.b->key[pos.i], key);
	WRITE_ONCE(pos.b->val[pos.i], val);
	WRITE_ONCE(pos.b->used[pos.i], used);
	vms_fdb_write_end(pos.b);
}

/* An entry appears at (@by 1) or goes from (@by -1) its port. */
static void vms_fdb_account(struct vms_switch *sw, u32 val, int by)
{
	struct vms_port *port;

	rcu_read_lock();
	port = vms_switch_port_rcu(sw, val & VMS_FDB_V_PORT);
	if (port && vms_fdb_val_type(val) == VMS_FDB_DYNAMIC)
		WRITE_ONCE(port->n_dynamic, port->n_dynamic + by);
	else if (port && vms_fdb_val_type(val) == VMS_FDB_STATIC)
		port->n_static += by;
	rcu_read_unlock();
}

/**
 * vms_fdb_clear() - free a slot
 * @sw: the switch
 * @pos: the slot, in use
 *
 * Context: &vms_fdb.lock is held.
 */
void vms_fdb_clear(struct vms_switch *sw, struct vms_fdb_pos pos)
{
	vms_fdb_account(sw, pos.b->val[pos.i], -1);
	vms_fdb_set(pos, 0, 0, 0);
	WRITE_ONCE(sw->fdb.count, sw->fdb.count - 1);
}

/* Whom the entry is for: of a reserved one that is not visible yet, too. */
static u16 vms_fdb_owner(struct vms_fdb_pos pos)
{
	return (pos.b->val[pos.i] & VMS_FDB_V_PORT) ?: pos.b->used[pos.i];
}

/**
 * vms_fdb_find_key() - find an entry
 * @table: the table
 * @mac: its address
 * @fid: its VLAN or VMS_FID_ANY
 * @port: its port, 0: whichever
 *
 * Context: &vms_fdb.lock is held.
 * Return: its slot, or one without a bucket.
 */
struct vms_fdb_pos vms_fdb_find_key(struct vms_fdb_table *table, u64 mac,
				    u16 fid, u16 port)
{
	const u64 want = vms_fdb_key(mac, fid);
	struct vms_fdb_pos pos;

	pos.b = vms_fdb_hash(table, mac);
	for (;;) {
		for (pos.i = 0; pos.i < VMS_FDB_WAYS; pos.i++)
			if (pos.b->key[pos.i] == want &&
			    (!port || vms_fdb_owner(pos) == port))
				return pos;
		if (!pos.b->next)
			return (struct vms_fdb_pos){};
		pos.b = &table->bucket[pos.b->next];
	}
}

/**
 * vms_fdb_find_free() - find room for an entry
 * @table: the table
 * @mac: its address
 *
 * Context: &vms_fdb.lock is held.
 * Return: a free slot, or one without a bucket if there is none.
 */
struct vms_fdb_pos vms_fdb_find_free(struct vms_fdb_table *table, u64 mac)
{
	struct vms_fdb_pos pos;

	pos.b = vms_fdb_hash(table, mac);
	for (;;) {
		for (pos.i = 0; pos.i < VMS_FDB_WAYS; pos.i++)
			if (!pos.b->key[pos.i])
				return pos;
		if (!pos.b->next) {
			if (table->free_overflow == table->n_buckets)
				return (struct vms_fdb_pos){};
			WRITE_ONCE(pos.b->next, table->free_overflow++);
		}
		pos.b = &table->bucket[pos.b->next];
	}
}

/**
 * vms_fdb_evict() - remove a dynamic entry that was not seen for long
 * @sw: the switch
 * @port: only an entry of this port; NULL: of any
 *
 * Looks through a bounded part of the table, from where the last search ended,
 * and takes the oldest that it finds.
 *
 * Context: &vms_fdb.lock is held.
 * Return: false if it found none.
 */
bool vms_fdb_evict(struct vms_switch *sw, const struct vms_port *port)
{
	struct vms_fdb_table *table = vms_fdb_table_locked(sw);
	struct vms_fdb_pos pos, best = {};
	u16 age, best_age = 0;
	unsigned int n;
	u32 val;

	/* There is nothing to look through all of a full table for. */
	if (port && !port->n_dynamic)
		return false;
	for (n = 0; n < VMS_FDB_EVICT_SCAN || !best.b; n++) {
		if (n == table->n_buckets)
			break;
		if (++sw->fdb.hand >= table->n_buckets)
			sw->fdb.hand = 0;
		pos.b = &table->bucket[sw->fdb.hand];
		for (pos.i = 0; pos.i < VMS_FDB_WAYS; pos.i++) {
			val = pos.b->val[pos.i];
			if (!vms_fdb_is_dynamic(val) || val & VMS_FDB_V_HELD ||
			    (port && (val & VMS_FDB_V_PORT) != port->id))
				continue;
			age = sw->fdb.tick - pos.b->used[pos.i];
			if (best.b && age <= best_age)
				continue;
			best = pos;
			best_age = age;
		}
	}
	if (best.b)
		vms_fdb_clear(sw, best);
	return best.b;
}

/**
 * vms_fdb_reserve() - take a slot for a static entry, not visible yet
 * @port: its port
 * @mac: its address
 * @fid: its VLAN or VMS_FID_ANY
 *
 * A dynamic entry of the same address and VLAN is kept, working, in its slot
 * until vms_fdb_fill().
 *
 * Context: &vms_net.lock is held.
 * Return: 0 or -ENOSPC.
 */
int vms_fdb_reserve(struct vms_port *port, u64 mac, u16 fid)
{
	struct vms_switch *sw = port->sw;
	struct vms_fdb *fdb = &sw->fdb;
	struct vms_fdb_table *table;
	struct vms_fdb_pos pos;
	int err = 0;

	spin_lock_bh(&fdb->lock);
	table = vms_fdb_table_locked(sw);
	pos = vms_fdb_find_key(table, mac, fid,
			       fid == VMS_FID_ANY ? port->id : 0);
	if (pos.b) {
		WRITE_ONCE(pos.b->val[pos.i],
			   pos.b->val[pos.i] | VMS_FDB_V_HELD);
		goto out;
	}
	if (fdb->count >= fdb->max)
		vms_fdb_evict(sw, NULL);
	if (fdb->count < fdb->max)
		pos = vms_fdb_find_free(table, mac);
	if (!pos.b) {
		err = -ENOSPC;
		goto out;
	}
	vms_fdb_set(pos, vms_fdb_key(mac, fid), VMS_FDB_V_HELD, port->id);
	WRITE_ONCE(fdb->count, fdb->count + 1);
out:
	spin_unlock_bh(&fdb->lock);
	return err;
}

/**
 * vms_fdb_unreserve() - undo vms_fdb_reserve()
 * @port: as given there
 * @mac: as given there
 * @fid: as given there
 *
 * Context: &vms_net.lock is held.
 */
void vms_fdb_unreserve(struct vms_port *port, u64 mac, u16 fid)
{
	struct vms_switch *sw = port->sw;
	struct vms_fdb_pos pos;

	spin_lock_bh(&sw->fdb.lock);
	pos = vms_fdb_find_key(vms_fdb_table_locked(sw), mac, fid,
			       fid == VMS_FID_ANY ? port->id : 0);
	if (pos.b && !(pos.b->val[pos.i] & VMS_FDB_V_PORT))
		vms_fdb_clear(sw, pos);
	else if (pos.b)
		WRITE_ONCE(pos.b->val[pos.i],
			   pos.b->val[pos.i] & ~VMS_FDB_V_HELD);
	spin_unlock_bh(&sw->fdb.lock);
}

/**
 * vms_fdb_expire() - remove one entry and tell
 * @sw: the switch
 * @pos: its slot
 *
 * Context: &vms_fdb.lock is held.
 */
void vms_fdb_expire(struct vms_switch *sw, struct vms_fdb_pos pos)
{
	u64 key = pos.b->key[pos.i];
	u32 val = pos.b->val[pos.i];
	struct vms_port *port;

	vms_fdb_clear(sw, pos);
	rcu_read_lock();
	port = vms_switch_port_rcu(sw, val & VMS_FDB_V_PORT);
	if (port)
		vms_event_fdb(sw, VMS_CMD_FDB_DEL_NTF, key >> 16,
			      key & U16_MAX, vms_fdb_val_type(val), port, NULL);
	rcu_read_unlock();
}

/**
 * vms_fdb_fill() - make a reserved entry visible; can not fail
 * @port: as given to vms_fdb_reserve()
 * @mac: as given there
 * @fid: as given there
 * @type: %VMS_FDB_STATIC or %VMS_FDB_PORT
 *
 * Context: &vms_net.lock is held.
 */
void vms_fdb_fill(struct vms_port *port, u64 mac, u16 fid, u8 type)
{
	struct vms_switch *sw = port->sw;
	u32 val = vms_fdb_val(port->id, type);
	struct vms_fdb_pos pos;

	spin_lock_bh(&sw->fdb.lock);
	pos = vms_fdb_find_key(vms_fdb_table_locked(sw), mac, fid,
			       fid == VMS_FID_ANY ? port->id : 0);
	if (!WARN_ON_ONCE(!pos.b)) {
		vms_fdb_account(sw, pos.b->val[pos.i], -1);
		WRITE_ONCE(pos.b->val[pos.i], val);
		vms_fdb_account(sw, val, 1);
	}
	spin_unlock_bh(&sw->fdb.lock);
}

/**
 * vms_fdb_forget() - remove the dynamic entries of an address
 * @sw: the switch
 * @mac: the address, which has become static: a dynamic entry of one VLAN
 *	would win over the entry for all VLANs
 *
 * Context: &vms_net.lock is held.
 */
void vms_fdb_forget(struct vms_switch *sw, u64 mac)
{
	struct vms_fdb_table *table;
	struct vms_fdb_pos pos;

	spin_lock_bh(&sw->fdb.lock);
	table = vms_fdb_table_locked(sw);
	pos.b = vms_fdb_hash(table, mac);
	for (;;) {
		for (pos.i = 0; pos.i < VMS_FDB_WAYS; pos.i++)
			if (pos.b->key[pos.i] >> 16 == mac &&
			    vms_fdb_is_dynamic(pos.b->val[pos.i]))
				vms_fdb_expire(sw, pos);
		if (!pos.b->next)
			break;
		pos.b = &table->bucket[pos.b->next];
	}
	spin_unlock_bh(&sw->fdb.lock);
}

/**
 * vms_fdb_remove() - remove an entry that is not dynamic, if it is there
 * @port: its port
 * @mac: its address
 * @fid: its VLAN or VMS_FID_ANY
 * @type: %VMS_FDB_STATIC or %VMS_FDB_PORT
 *
 * Context: &vms_net.lock is held.
 */
void vms_fdb_remove(struct vms_port *port, u64 mac, u16 fid, u8 type)
{
	struct vms_switch *sw = port->sw;
	struct vms_fdb_pos pos;

	spin_lock_bh(&sw->fdb.lock);
	pos = vms_fdb_find_key(vms_fdb_table_locked(sw), mac, fid, port->id);
	if (pos.b && vms_fdb_val_type(pos.b->val[pos.i]) == type)
		vms_fdb_clear(sw, pos);
	spin_unlock_bh(&sw->fdb.lock);
}

/* A VLAN in which @port, as it will be, and an entry of another overlap. */
static bool vms_fdb_overlaps(struct vms_switch *sw, struct vms_fdb_pos pos,
			     const struct vms_policy *pol)
{
	u16 fid = pos.b->key[pos.i] & U16_MAX;
	const struct vms_policy *other;

	other = vms_port_planned(sw, vms_fdb_owner(pos));
	if (fid != VMS_FID_ANY)
		return !vms_fdb_is_dynamic(pos.b->val[pos.i]) &&
		       other && vms_policy_member(other, fid) &&
		       vms_policy_member(pol, fid);
	return other && vms_policy_owns(other, pos.b->key[pos.i] >> 16) &&
	       vms_policies_overlap(pol, other);
}

/**
 * vms_fdb_conflict() - whether another port already has an address
 * @port: the port that is to have it
 * @mac: the address
 * @pol: the policy that the port will have
 *
 * Two ports may have one address only if no VLAN is common to both.
 *
 * Context: &vms_net.lock is held.
 * Return: the other port or NULL.
 */
struct vms_port *vms_fdb_conflict(struct vms_port *port, u64 mac,
				  const struct vms_policy *pol)
{
	struct vms_switch *sw = port->sw;
	struct vms_port *other = NULL;
	struct vms_fdb_pos pos;
	u16 owner;

	spin_lock_bh(&sw->fdb.lock);
	pos.b = vms_fdb_hash(vms_fdb_table_locked(sw), mac);
	for (; pos.b && !other; pos.b = pos.b->next ?
	     &vms_fdb_table_locked(sw)->bucket[pos.b->next] : NULL) {
		for (pos.i = 0; pos.i < VMS_FDB_WAYS; pos.i++) {
			owner = vms_fdb_owner(pos);
			if (pos.b->key[pos.i] >> 16 != mac ||
			    owner == port->id ||
			    !vms_fdb_overlaps(sw, pos, pol))
				continue;
			rcu_read_lock();
			other = vms_switch_port_rcu(sw, owner);
			rcu_read_unlock();
		}
	}
	spin_unlock_bh(&sw->fdb.lock);
	return other;
}

/**
 * vms_fdb_taken() - whether an address is static at another port in a VLAN
 * @port: the port that is to have it
 * @mac: the address
 * @vid: the VLAN
 *
 * Context: &vms_net.lock is held.
 * Return: true if it is.
 */
bool vms_fdb_taken(struct vms_port *port, u64 mac, u16 vid)
{
	const struct vms_policy only = { .pvid = vid };

	return vms_fdb_conflict(port, mac, &only);
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
			.port = pos.b->val[pos.i] & VMS_FDB_V_PORT,
			.type = vms_fdb_val_type(pos.b->val[pos.i]),
			.ticks = sw->fdb.tick - pos.b->used[pos.i],
		};
	spin_unlock_bh(&sw->fdb.lock);
	return pos.b && entry->port;
}

static bool vms_fdb_may_go(u32 val)
{
	return vms_fdb_is_dynamic(val) && !(val & VMS_FDB_V_HELD);
}

/* Entries of @old that fit are taken over, those that must not go first;
 * &vms_fdb.lock is held.  Returns false if one that must not go does not fit.
 */
static bool vms_fdb_rehash(struct vms_switch *sw, struct vms_fdb_table *old,
			   struct vms_fdb_table *new, u32 max, bool may_go,
			   u32 *count)
{
	struct vms_fdb_pos from, to;
	u32 b;

	for (b = 0; b < old->n_buckets; b++) {
		from.b = &old->bucket[b];
		for (from.i = 0; from.i < VMS_FDB_WAYS; from.i++) {
			if (!from.b->key[from.i] ||
			    vms_fdb_may_go(from.b->val[from.i]) != may_go)
				continue;
			to.b = NULL;
			if (*count < max)
				to = vms_fdb_find_free(new, from.b->key[from.i] >> 16);
			if (to.b) {
				vms_fdb_set(to, from.b->key[from.i],
					    from.b->val[from.i],
					    from.b->used[from.i]);
				++*count;
				continue;
			}
			if (!may_go)
				return false;
			vms_fdb_account(sw, from.b->val[from.i], -1);
		}
	}
	return true;
}

static void vms_fdb_table_free_rcu(struct rcu_head *head)
{
	vms_fdb_table_free(container_of(head, struct vms_fdb_table, rcu));
}

/**
 * vms_fdb_resize() - change the bound of entries
 * @sw: the switch; &vms_net.lock is held
 * @max: the new bound; dynamic entries beyond it are forgotten
 *
 * Return: 0, -ENOMEM, or -ENOSPC if entries that are not dynamic do not fit.
 */
int vms_fdb_resize(struct vms_switch *sw, u32 max)
{
	struct vms_fdb_table *old = vms_fdb_table_locked(sw);
	struct vms_fdb_table *new = vms_fdb_table_alloc(max);
	struct vms_fdb *fdb = &sw->fdb;
	u32 count = 0;
	bool fits;

	if (!new)
		return -ENOMEM;
	spin_lock_bh(&fdb->lock);
	rcu_read_lock();
	fits = vms_fdb_rehash(sw, old, new, max, false, &count);
	if (fits) {
		vms_fdb_rehash(sw, old, new, max, true, &count);
		rcu_assign_pointer(fdb->table, new);
		WRITE_ONCE(fdb->count, count);
		WRITE_ONCE(fdb->max, max);
		WRITE_ONCE(fdb->gen, fdb->gen + 1);
		fdb->hand = 0;
	}
	rcu_read_unlock();
	spin_unlock_bh(&fdb->lock);
	if (!fits) {
		vms_fdb_table_free(new);
		return -ENOSPC;
	}
	call_rcu(&old->rcu, vms_fdb_table_free_rcu);
	return 0;
}

/**
 * vms_fdb_init() - set up an empty forwarding database
 * @sw: the switch
 * @max: bound of entries
 *
 * Return: 0 or -ENOMEM.
 */
int vms_fdb_init(struct vms_switch *sw, u32 max)
{
	struct vms_fdb_table *table = vms_fdb_table_alloc(max);

	if (!table)
		return -ENOMEM;
	RCU_INIT_POINTER(sw->fdb.table, table);
	spin_lock_init(&sw->fdb.lock);
	sw->fdb.max = max;
	INIT_DELAYED_WORK(&sw->fdb.work, vms_fdb_age_work);
	return 0;
}

/**
 * vms_fdb_destroy() - free a forwarding database
 * @sw: the switch; no reader is left and ageing has been cancelled
 */
void vms_fdb_destroy(struct vms_switch *sw)
{
	vms_fdb_table_free(rcu_dereference_protected(sw->fdb.table, true));
	RCU_INIT_POINTER(sw->fdb.table, NULL);
}
