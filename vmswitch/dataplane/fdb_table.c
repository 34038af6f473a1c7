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

/* Entries for each hashed bucket of a full table: 5 % of the buckets then need
 * an overflow bucket.
 */
#define VMS_FDB_LOAD		2
/* Their least number: an entry does not hold that many bits of its bucket. */
#define VMS_FDB_HASHED_MIN	BIT(12)

struct vms_fdb_table *vms_fdb_table_locked(const struct vms_switch *sw)
{
	return rcu_dereference_protected(sw->fdb.table,
					 lockdep_is_held(&sw->fdb.lock) ||
					 vms_locked(sw->vn));
}

/* Newton's method: the number of right bits, 3 at first, doubles each time. */
static u64 vms_fdb_inverse(u64 odd)
{
	u64 inverse = odd;
	int i;

	for (i = 0; i < 5; i++)
		inverse *= 2 - odd * inverse;
	return inverse;
}

static struct vms_fdb_table *vms_fdb_table_alloc(u32 max)
{
	u32 n_hashed = roundup_pow_of_two(max_t(u32, max / VMS_FDB_LOAD,
						VMS_FDB_HASHED_MIN));
	u32 n_buckets = n_hashed + max_t(u32, n_hashed / 8, 16);
	struct vms_fdb_table *table;
	u32 i;

	BUILD_BUG_ON(sizeof(struct vms_fdb_bucket) != 64);
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
	table->inverse = vms_fdb_inverse(table->secret);
	table->shift = 64 - ilog2(n_hashed);
	table->n_hashed = n_hashed;
	table->n_buckets = n_buckets;
	table->free_overflow = n_hashed;
	for (i = 0; i < n_hashed; i++)
		table->bucket[i].home = i;
	return table;
}

static void vms_fdb_table_free(struct vms_fdb_table *table)
{
	if (!table)
		return;
	kvfree(table->bucket);
	kfree(table);
}

/**
 * vms_fdb_mac() - the address of an entry
 * @table: the table
 * @pos: the entry's slot
 *
 * Context: &vms_fdb.lock is held.
 * Return: the address, as vms_mac_u64().
 */
u64 vms_fdb_mac(const struct vms_fdb_table *table, struct vms_fdb_pos pos)
{
	u64 mixed = (u64)pos.b->home << table->shift & GENMASK_ULL(63, 52);

	mixed |= pos.b->word[pos.i] >> 28 << 16;
	return mixed * table->inverse;
}

/**
 * vms_fdb_set_val() - change what an entry says
 * @pos: its slot
 * @val: VMS_FDB_V_* fields
 *
 * Context: &vms_fdb.lock is held.
 */
void vms_fdb_set_val(struct vms_fdb_pos pos, u32 val)
{
	u64 word = pos.b->word[pos.i];

	WRITE_ONCE(pos.b->flags[pos.i], val >> 16);
	WRITE_ONCE(pos.b->word[pos.i],
		   (word & ~(u64)VMS_FDB_V_PORT) | (val & VMS_FDB_V_PORT));
}

/**
 * vms_fdb_set() - fill a free slot
 * @pos: the slot
 * @word: &vms_fdb_bucket.word; its port does not count
 * @val: VMS_FDB_V_* fields
 * @used: see &struct vms_fdb_bucket
 *
 * Context: &vms_fdb.lock is held.
 */
void vms_fdb_set(struct vms_fdb_pos pos, u64 word, u32 val, u16 used)
{
	WRITE_ONCE(pos.b->used[pos.i], used);
	pos.b->owner[pos.i] = 0;
	WRITE_ONCE(pos.b->flags[pos.i], val >> 16);
	WRITE_ONCE(pos.b->word[pos.i],
		   (word & ~(u64)VMS_FDB_V_PORT) | (val & VMS_FDB_V_PORT));
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
	u32 val = vms_fdb_val_at(pos);

	vms_fdb_account(sw, val, -1);
	if (!vms_fdb_may_go(val))
		sw->fdb.n_fixed--;
	vms_fdb_set(pos, 0, 0, 0);
	WRITE_ONCE(sw->fdb.count, sw->fdb.count - 1);
}

/* Whom the entry is for: of a reserved one that is not visible yet, too. */
static u16 vms_fdb_owner(struct vms_fdb_pos pos)
{
	return (vms_fdb_val_at(pos) & VMS_FDB_V_PORT) ?: pos.b->owner[pos.i];
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
	const u64 mixed = vms_fdb_mix(table, mac);
	const u64 want = vms_fdb_want(mixed, fid);
	struct vms_fdb_pos pos;

	pos.b = vms_fdb_bucket(table, mixed);
	for (;;) {
		for (pos.i = 0; pos.i < VMS_FDB_WAYS; pos.i++)
			if ((pos.b->word[pos.i] ^ want) <= VMS_FDB_V_PORT &&
			    (!port || vms_fdb_owner(pos) == port))
				return pos;
		if (!pos.b->next)
			return (struct vms_fdb_pos){};
		pos.b = &table->bucket[pos.b->next];
	}
}

/* A bucket to continue another one, or 0; &vms_fdb.lock is held. */
static u32 vms_fdb_take_overflow(struct vms_fdb_table *table)
{
	u32 i = table->free;

	if (i) {
		table->free = table->bucket[i].next;
		WRITE_ONCE(table->bucket[i].next, 0);
		return i;
	}
	if (table->free_overflow == table->n_buckets)
		return 0;
	return table->free_overflow++;
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
	u32 home, more;

	pos.b = vms_fdb_bucket(table, vms_fdb_mix(table, mac));
	home = pos.b->home;
	for (;;) {
		for (pos.i = 0; pos.i < VMS_FDB_WAYS; pos.i++)
			if (!vms_fdb_in_use(pos))
				return pos;
		if (!pos.b->next) {
			more = vms_fdb_take_overflow(table);
			if (!more)
				return (struct vms_fdb_pos){};
			WRITE_ONCE(table->bucket[more].home, home);
			/* It may have continued another one: who comes by here
			 * sees that it ends.
			 */
			smp_store_release(&pos.b->next, more);
		}
		pos.b = &table->bucket[pos.b->next];
	}
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
	u32 val;

	if (READ_ONCE(fdb->count) >= READ_ONCE(fdb->max))
		vms_fdb_make_way(sw, READ_ONCE(fdb->max));

	spin_lock_bh(&fdb->lock);
	table = vms_fdb_table_locked(sw);
	pos = vms_fdb_find_key(table, mac, fid,
			       fid == VMS_FID_ANY ? port->id : 0);
	if (pos.b) {
		val = vms_fdb_val_at(pos);
		fdb->n_fixed += vms_fdb_may_go(val);
		vms_fdb_set_val(pos, val | VMS_FDB_V_HELD);
		goto out;
	}
	pos = vms_fdb_claim(sw, mac);
	if (!pos.b) {
		err = -ENOSPC;
		goto out;
	}
	vms_fdb_set(pos, vms_fdb_want(vms_fdb_mix(table, mac), fid),
		    VMS_FDB_V_HELD, 0);
	pos.b->owner[pos.i] = port->id;
	fdb->n_fixed++;
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
	u32 val;

	spin_lock_bh(&sw->fdb.lock);
	pos = vms_fdb_find_key(vms_fdb_table_locked(sw), mac, fid,
			       fid == VMS_FID_ANY ? port->id : 0);
	val = pos.b ? vms_fdb_val_at(pos) : 0;
	if (val & VMS_FDB_V_PORT) {
		val &= ~VMS_FDB_V_HELD;
		sw->fdb.n_fixed -= vms_fdb_may_go(val);
		vms_fdb_set_val(pos, val);
	} else if (pos.b) {
		vms_fdb_clear(sw, pos);
	}
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
	u64 mac = vms_fdb_mac(vms_fdb_table_locked(sw), pos);
	u16 fid = vms_fdb_fid(pos);
	u32 val = vms_fdb_val_at(pos);
	struct vms_port *port;

	vms_fdb_clear(sw, pos);
	rcu_read_lock();
	port = vms_switch_port_rcu(sw, val & VMS_FDB_V_PORT);
	if (port)
		vms_event_fdb(sw, VMS_CMD_FDB_DEL_NTF, mac, fid,
			      vms_fdb_val_type(val), port, NULL);
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
		vms_fdb_account(sw, vms_fdb_val_at(pos), -1);
		vms_fdb_set_val(pos, val);
		vms_fdb_account(sw, val, 1);
	}
	spin_unlock_bh(&sw->fdb.lock);
}

/**
 * vms_fdb_forget() - remove the dynamic entries of an address
 * @port: the port where the address lives
 * @mac: the address: a dynamic entry of one VLAN would win over the one for all
 *	VLANs of the port
 * @pol: the port's policy, which tells these VLANs; it can be seen already, so
 *	that nobody learns the address again
 *
 * Context: &vms_net.lock is held.
 */
void vms_fdb_forget(struct vms_port *port, u64 mac,
		    const struct vms_policy *pol)
{
	struct vms_switch *sw = port->sw;
	struct vms_fdb_table *table;
	struct vms_fdb_pos pos;

	spin_lock_bh(&sw->fdb.lock);
	table = vms_fdb_table_locked(sw);
	pos.b = vms_fdb_bucket(table, vms_fdb_mix(table, mac));
	for (;;) {
		for (pos.i = 0; pos.i < VMS_FDB_WAYS; pos.i++)
			if (vms_fdb_in_use(pos) &&
			    vms_fdb_mac(table, pos) == mac &&
			    vms_fdb_may_go(vms_fdb_val_at(pos)) &&
			    vms_policy_member(pol, vms_fdb_fid(pos)))
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
	if (pos.b && vms_fdb_val_type(vms_fdb_val_at(pos)) == type)
		vms_fdb_clear(sw, pos);
	spin_unlock_bh(&sw->fdb.lock);
}

/* The port at which an entry will be static, as the running transaction has it
 * so far; 0: none.
 */
static u16 vms_fdb_planned_owner(struct vms_switch *sw, struct vms_fdb_pos pos,
				 u64 mac)
{
	const struct vms_fdb_staged *staged;

	staged = vms_fdb_staged_find(sw, mac, vms_fdb_fid(pos));
	if (staged)
		return staged->port ? staged->port->id : 0;
	return vms_fdb_is_dynamic(vms_fdb_val_at(pos)) ? 0 : vms_fdb_owner(pos);
}

/* Whether @pol and an entry of the port @owner overlap in a VLAN.  One for a
 * single VLAN, which the caller knows to be one of @pol's, holds there until it
 * is deleted, also while its port is no member: it would win over the address of
 * a port that is.
 */
static bool vms_fdb_overlaps(struct vms_switch *sw, u16 owner, u16 fid,
			     u64 mac, const struct vms_policy *pol)
{
	const struct vms_policy *other = vms_port_planned(sw, owner);

	if (fid != VMS_FID_ANY)
		return other;
	return other && vms_policy_owns(other, mac) &&
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
	struct vms_fdb_table *table;
	struct vms_fdb_pos pos;
	u16 owner, fid;

	spin_lock_bh(&sw->fdb.lock);
	table = vms_fdb_table_locked(sw);
	pos.b = vms_fdb_bucket(table, vms_fdb_mix(table, mac));
	for (; pos.b && !other; pos.b = pos.b->next ?
	     &table->bucket[pos.b->next] : NULL) {
		for (pos.i = 0; pos.i < VMS_FDB_WAYS; pos.i++) {
			if (!vms_fdb_in_use(pos) ||
			    vms_fdb_mac(table, pos) != mac)
				continue;
			/* An address may be in thousands of VLANs, so the
			 * cheap question comes first.
			 */
			fid = vms_fdb_fid(pos);
			if (fid != VMS_FID_ANY && !vms_policy_member(pol, fid))
				continue;
			owner = vms_fdb_planned_owner(sw, pos, mac);
			if (!owner || owner == port->id ||
			    !vms_fdb_overlaps(sw, owner, fid, mac, pol))
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

/* Entries of @old that fit are taken over, those that must not go first.  The
 * database is frozen, so there is no need to hold its lock, with bottom halves
 * off, for as long as this takes.  Returns false if one that must not go does
 * not fit.
 */
static bool vms_fdb_rehash(struct vms_switch *sw, struct vms_fdb_table *old,
			   struct vms_fdb_table *new, u32 max, bool may_go,
			   u32 *count)
{
	struct vms_fdb_pos from, to;
	u64 mac, word;
	u32 val, b;

	for (b = 0; b < old->n_buckets; b++) {
		if (!(b % VMS_FDB_CHUNK))
			cond_resched();
		from.b = &old->bucket[b];
		for (from.i = 0; from.i < VMS_FDB_WAYS; from.i++) {
			val = vms_fdb_val_at(from);
			if (!vms_fdb_in_use(from) ||
			    vms_fdb_may_go(val) != may_go)
				continue;
			to.b = NULL;
			mac = vms_fdb_mac(old, from);
			if (*count < max)
				to = vms_fdb_find_free(new, mac);
			if (to.b) {
				word = vms_fdb_want(vms_fdb_mix(new, mac),
						    vms_fdb_fid(from));
				vms_fdb_set(to, word, val,
					    READ_ONCE(from.b->used[from.i]));
				to.b->owner[to.i] = from.b->owner[from.i];
				++*count;
				continue;
			}
			if (!may_go)
				return false;
			vms_fdb_account(sw, val, -1);
		}
	}
	return true;
}

static void vms_fdb_freeze(struct vms_fdb *fdb, bool frozen)
{
	spin_lock_bh(&fdb->lock);
	fdb->frozen = frozen;
	spin_unlock_bh(&fdb->lock);
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
 * Frames go on to find what was known; what is new is learned again when the
 * table was replaced.
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or -ENOSPC if entries that are not dynamic do not fit.
 */
int vms_fdb_resize(struct vms_switch *sw, u32 max)
{
	struct vms_fdb_table *old = vms_fdb_table_locked(sw);
	struct vms_fdb_table *new = vms_fdb_table_alloc(max);
	struct vms_fdb *fdb = &sw->fdb;
	u32 count = 0;

	if (!new)
		return -ENOMEM;
	vms_fdb_freeze(fdb, true);
	if (!vms_fdb_rehash(sw, old, new, max, false, &count)) {
		vms_fdb_freeze(fdb, false);
		vms_fdb_table_free(new);
		return -ENOSPC;
	}
	vms_fdb_rehash(sw, old, new, max, true, &count);

	spin_lock_bh(&fdb->lock);
	rcu_assign_pointer(fdb->table, new);
	WRITE_ONCE(fdb->count, count);
	WRITE_ONCE(fdb->max, max);
	WRITE_ONCE(fdb->gen, fdb->gen + 1);
	fdb->hand = 0;
	fdb->frozen = false;
	spin_unlock_bh(&fdb->lock);
	call_rcu(&old->rcu, vms_fdb_table_free_rcu);
	return 0;
}

/**
 * vms_fdb_lower() - lower the bound of entries; can not fail
 * @sw: the switch; &vms_net.lock is held
 * @max: the new bound, not below &vms_fdb.n_fixed; dynamic entries beyond it
 *	are forgotten
 *
 * Without the memory for a smaller table the present one is kept, with the new
 * bound.
 *
 * Context: may sleep.
 */
void vms_fdb_lower(struct vms_switch *sw, u32 max)
{
	if (!vms_fdb_resize(sw, max))
		return;
	spin_lock_bh(&sw->fdb.lock);
	WRITE_ONCE(sw->fdb.max, max);
	spin_unlock_bh(&sw->fdb.lock);
	vms_fdb_make_way(sw, max + 1);
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
