// SPDX-License-Identifier: GPL-2.0
/*
 * Who gets which queue.
 */
#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/module.h>
#include <linux/random.h>

#include "vmq/alloc.c"

#define QUEUES	64

/* A claim of one filter. */
static struct vms_vmq_claim claim(u64 ticket, u32 weight, int held)
{
	return (struct vms_vmq_claim) {
		.ticket = ticket,
		.weight = weight,
		.filters = 1,
		.held = held,
	};
}

static void fill_pool(unsigned long *pool, u32 first, u32 n)
{
	bitmap_zero(pool, QUEUES);
	bitmap_set(pool, first, n);
}

/* The claim of this ticket after the claims were sorted. */
static struct vms_vmq_claim *of(struct vms_vmq_claim *claims, size_t n,
				u64 ticket)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (claims[i].ticket == ticket)
			return &claims[i];
	return NULL;
}

static void first_come_first_served(struct kunit *test)
{
	struct vms_vmq_claim c[] = {
		claim(3, 100, VMS_VMQ_NO_QUEUE),
		claim(1, 100, VMS_VMQ_NO_QUEUE),
		claim(2, 100, VMS_VMQ_NO_QUEUE),
	};
	DECLARE_BITMAP(pool, QUEUES);

	fill_pool(pool, 1, 2);
	vms_vmq_allocate(c, 3, pool, QUEUES, 100);
	KUNIT_EXPECT_EQ(test, of(c, 3, 1)->queue, 1);
	KUNIT_EXPECT_EQ(test, of(c, 3, 2)->queue, 2);
	KUNIT_EXPECT_EQ(test, of(c, 3, 3)->queue, VMS_VMQ_NO_QUEUE);
	KUNIT_EXPECT_EQ(test, of(c, 3, 3)->verdict, VMS_VMQ_SHORT_QUEUES);
	KUNIT_EXPECT_TRUE(test, bitmap_empty(pool, QUEUES));
}

static void holders_keep_their_queues(struct kunit *test)
{
	struct vms_vmq_claim c[] = {
		claim(1, 100, VMS_VMQ_NO_QUEUE),
		claim(2, 100, 5),
		claim(3, 100, 4),
	};
	DECLARE_BITMAP(pool, QUEUES);

	fill_pool(pool, 4, 2);
	vms_vmq_allocate(c, 3, pool, QUEUES, 100);
	KUNIT_EXPECT_EQ(test, of(c, 3, 2)->queue, 5);
	KUNIT_EXPECT_EQ(test, of(c, 3, 3)->queue, 4);
	KUNIT_EXPECT_EQ(test, of(c, 3, 1)->verdict, VMS_VMQ_SHORT_QUEUES);
}

static void weight_goes_first(struct kunit *test)
{
	struct vms_vmq_claim c[] = {
		claim(1, 10, 3),
		claim(2, 50, VMS_VMQ_NO_QUEUE),
		claim(3, 90, VMS_VMQ_NO_QUEUE),
	};
	DECLARE_BITMAP(pool, QUEUES);

	fill_pool(pool, 3, 2);
	vms_vmq_allocate(c, 3, pool, QUEUES, 100);
	KUNIT_EXPECT_EQ(test, of(c, 3, 3)->queue, 3);
	KUNIT_EXPECT_EQ(test, of(c, 3, 2)->queue, 4);
	KUNIT_EXPECT_EQ(test, of(c, 3, 1)->verdict, VMS_VMQ_SHORT_QUEUES);
}

static void weight_moves_nobody_while_queues_last(struct kunit *test)
{
	struct vms_vmq_claim c[] = {
		claim(1, 10, 1),
		claim(2, 90, VMS_VMQ_NO_QUEUE),
	};
	DECLARE_BITMAP(pool, QUEUES);

	fill_pool(pool, 1, 2);
	vms_vmq_allocate(c, 2, pool, QUEUES, 100);
	KUNIT_EXPECT_EQ(test, of(c, 2, 1)->queue, 1);
	KUNIT_EXPECT_EQ(test, of(c, 2, 2)->queue, 2);
}

static void withdrawn_queues_are_replaced(struct kunit *test)
{
	struct vms_vmq_claim c[] = {
		claim(1, 100, 7),
		claim(2, 100, 63),
	};
	DECLARE_BITMAP(pool, QUEUES);

	fill_pool(pool, 1, 3);
	vms_vmq_allocate(c, 2, pool, 4, 100);
	KUNIT_EXPECT_EQ(test, of(c, 2, 1)->queue, 1);
	KUNIT_EXPECT_EQ(test, of(c, 2, 2)->queue, 2);
}

static void barred_claims_get_nothing(struct kunit *test)
{
	struct vms_vmq_claim c[] = {
		claim(1, 100, 1),
		claim(2, 1, VMS_VMQ_NO_QUEUE),
	};
	DECLARE_BITMAP(pool, QUEUES);

	c[0].barred = true;
	fill_pool(pool, 1, 1);
	vms_vmq_allocate(c, 2, pool, QUEUES, 100);
	KUNIT_EXPECT_EQ(test, of(c, 2, 1)->verdict, VMS_VMQ_BARRED);
	KUNIT_EXPECT_EQ(test, of(c, 2, 1)->queue, VMS_VMQ_NO_QUEUE);
	KUNIT_EXPECT_EQ(test, of(c, 2, 2)->queue, 1);
}

static void filters_are_short(struct kunit *test)
{
	struct vms_vmq_claim c[] = {
		claim(1, 100, VMS_VMQ_NO_QUEUE),
		claim(2, 100, VMS_VMQ_NO_QUEUE),
		claim(3, 100, VMS_VMQ_NO_QUEUE),
	};
	DECLARE_BITMAP(pool, QUEUES);

	c[1].filters = 3;
	fill_pool(pool, 1, 8);
	vms_vmq_allocate(c, 3, pool, QUEUES, 2);
	KUNIT_EXPECT_EQ(test, of(c, 3, 1)->verdict, VMS_VMQ_GRANTED);
	KUNIT_EXPECT_EQ(test, of(c, 3, 2)->verdict, VMS_VMQ_SHORT_FILTERS);
	KUNIT_EXPECT_EQ(test, of(c, 3, 3)->verdict, VMS_VMQ_GRANTED);
	KUNIT_EXPECT_EQ(test, bitmap_weight(pool, QUEUES), 6);
}

static void nobody_and_nothing(struct kunit *test)
{
	struct vms_vmq_claim c = claim(1, 100, 2);
	DECLARE_BITMAP(pool, QUEUES);

	bitmap_zero(pool, QUEUES);
	vms_vmq_allocate(NULL, 0, pool, QUEUES, 100);
	vms_vmq_allocate(&c, 1, pool, QUEUES, 100);
	KUNIT_EXPECT_EQ(test, c.queue, VMS_VMQ_NO_QUEUE);
}

#define RANDOM_CLAIMS	100

/* What must hold whatever comes: no queue twice, none from outside the pool,
 * nobody passed over for one of less weight that needs as much, and a second
 * run that changes nothing.
 */
static void random_claims(struct kunit *test)
{
	DECLARE_BITMAP(pool, QUEUES);
	DECLARE_BITMAP(all, QUEUES);
	struct vms_vmq_claim *c;
	unsigned int round, i;

	c = kunit_kcalloc(test, RANDOM_CLAIMS, sizeof(*c), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, c);
	for (round = 0; round < 200; round++) {
		u32 lightest = U32_MAX;

		for (i = 0; i < RANDOM_CLAIMS; i++)
			c[i] = claim(i, get_random_u32() % 5, VMS_VMQ_NO_QUEUE);
		for (i = 0; i < QUEUES; i += 2)
			c[i].held = i;
		bitmap_zero(all, QUEUES);
		for (i = 0; i < QUEUES; i++)
			if (get_random_u32() & 1)
				__set_bit(i, all);
		bitmap_copy(pool, all, QUEUES);
		vms_vmq_allocate(c, RANDOM_CLAIMS, pool, QUEUES, RANDOM_CLAIMS);

		bitmap_copy(pool, all, QUEUES);
		for (i = 0; i < RANDOM_CLAIMS; i++) {
			if (c[i].queue == VMS_VMQ_NO_QUEUE) {
				KUNIT_ASSERT_LE(test, c[i].weight, lightest);
				continue;
			}
			KUNIT_ASSERT_TRUE(test, test_bit(c[i].queue, pool));
			__clear_bit(c[i].queue, pool);
			lightest = min(lightest, c[i].weight);
			c[i].held = c[i].queue;
		}
		bitmap_copy(pool, all, QUEUES);
		vms_vmq_allocate(c, RANDOM_CLAIMS, pool, QUEUES, RANDOM_CLAIMS);
		for (i = 0; i < RANDOM_CLAIMS; i++)
			if (c[i].queue != VMS_VMQ_NO_QUEUE)
				KUNIT_ASSERT_EQ(test, c[i].queue, c[i].held);
	}
}

static struct kunit_case vmq_alloc_cases[] = {
	KUNIT_CASE(first_come_first_served),
	KUNIT_CASE(holders_keep_their_queues),
	KUNIT_CASE(weight_goes_first),
	KUNIT_CASE(weight_moves_nobody_while_queues_last),
	KUNIT_CASE(withdrawn_queues_are_replaced),
	KUNIT_CASE(barred_claims_get_nothing),
	KUNIT_CASE(filters_are_short),
	KUNIT_CASE(nobody_and_nothing),
	KUNIT_CASE(random_claims),
	{ }
};

static struct kunit_suite vmq_alloc_suite = {
	.name = "vms_vmq_alloc",
	.test_cases = vmq_alloc_cases,
};

kunit_test_suite(vmq_alloc_suite);

MODULE_DESCRIPTION("Unit tests of the allocation of queues");
MODULE_LICENSE("GPL");
