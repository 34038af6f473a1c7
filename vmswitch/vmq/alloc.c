// SPDX-License-Identifier: GPL-2.0
/*
 * Who gets which queue: a decision that depends on nothing but its arguments.
 */
#include <linux/bitmap.h>
#include <linux/sort.h>

#include "alloc.h"

/* More weight first.  Among equals a port that has a queue keeps it, which is
 * the same as that it came first unless it lost one meanwhile.
 */
static int claim_compare(const void *a, const void *b)
{
	const struct vms_vmq_claim *x = a, *y = b;
	bool x_has = x->held >= 0, y_has = y->held >= 0;

	if (x->barred != y->barred)
		return x->barred ? 1 : -1;
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	if (x_has != y_has)
		return x_has ? -1 : 1;
	return x->ticket < y->ticket ? -1 : 1;
}

/* Who has a queue that is still in the pool keeps it, so that a frame does not
 * change its queue for another port's sake.
 */
static void claims_keep(struct vms_vmq_claim *claims, size_t n,
			unsigned long *pool, u32 n_queues)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct vms_vmq_claim *c = &claims[i];

		if (c->verdict != VMS_VMQ_GRANTED || c->held < 0 ||
		    c->held >= n_queues || !test_bit(c->held, pool))
			continue;
		c->queue = c->held;
		__clear_bit(c->held, pool);
	}
}

static void claims_give(struct vms_vmq_claim *claims, size_t n,
			unsigned long *pool, u32 n_queues)
{
	u32 queue = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		struct vms_vmq_claim *c = &claims[i];

		if (c->verdict != VMS_VMQ_GRANTED ||
		    c->queue != VMS_VMQ_NO_QUEUE)
			continue;
		queue = find_next_bit(pool, n_queues, queue);
		c->queue = queue;
		__clear_bit(queue, pool);
	}
}

/**
 * vms_vmq_allocate() - decide which port gets which queue
 * @claims: the ports that want one; sorted, most entitled first
 * @n: number of @claims
 * @pool: bitmap of the queues that may be given; afterwards of those that are
 *	left
 * @n_queues: bits of @pool
 * @filters: filters that there is room for
 *
 * Queues and filters go to the claims of most weight, among equals to those
 * that have a queue already, then to those that came first.  A claim for more
 * filters than are left is passed over; a smaller one behind it may fit.
 *
 * Context: Any.
 */
void vms_vmq_allocate(struct vms_vmq_claim *claims, size_t n,
		      unsigned long *pool, u32 n_queues, u32 filters)
{
	u32 queues = bitmap_weight(pool, n_queues);
	size_t i;

	sort(claims, n, sizeof(*claims), claim_compare, NULL);
	for (i = 0; i < n; i++) {
		struct vms_vmq_claim *c = &claims[i];

		c->queue = VMS_VMQ_NO_QUEUE;
		if (c->barred) {
			c->verdict = VMS_VMQ_BARRED;
		} else if (!queues) {
			c->verdict = VMS_VMQ_SHORT_QUEUES;
		} else if (c->filters > filters) {
			c->verdict = VMS_VMQ_SHORT_FILTERS;
		} else {
			c->verdict = VMS_VMQ_GRANTED;
			queues--;
			filters -= c->filters;
		}
	}
	claims_keep(claims, n, pool, n_queues);
	claims_give(claims, n, pool, n_queues);
}
