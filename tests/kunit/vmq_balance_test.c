// SPDX-License-Identifier: GPL-2.0
/*
 * Which queue is served by which CPU.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/string.h>

#include "vmq/balance.c"
#include "vmq/irq_name.h"

#define QUEUES	32
#define CPUS	16

/* The same numbers each time. */
static struct rnd_state rnd;

static u32 any(u32 n)
{
	return prandom_u32_state(&rnd) % n;
}

static int balance_init(struct kunit *test)
{
	prandom_seed_state(&rnd, 1);
	return 0;
}

/**
 * struct sim - queues that need CPU time, and CPUs that have it
 * @table: what is decided on
 * @queues: of @table
 * @cpus: of @table
 * @demand: what each queue would need
 * @noise: by how many percent a sample may be wrong
 * @moves: by reason
 * @all: moves
 */
struct sim {
	struct vms_vmq_load_table table;
	struct vms_vmq_load_queue queues[QUEUES];
	struct vms_vmq_load_cpu cpus[CPUS];
	u32 demand[QUEUES];
	u32 noise;
	u32 moves[VMS_VMQ_MOVE_MAX + 1];
	u32 all;
};

/* All queues on CPU 0, which is allowed like all others, on one node. */
static struct sim *sim_new(struct kunit *test, u32 n_queues, u32 n_cpus,
			   u32 demand)
{
	struct sim *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, s);
	s->table.queues = s->queues;
	s->table.n_queues = n_queues;
	s->table.cpus = s->cpus;
	s->table.n_cpus = n_cpus;
	s->table.dynamic = true;
	for (i = 0; i < n_queues; i++) {
		s->queues[i].pin = -1;
		s->demand[i] = demand;
	}
	for (i = 0; i < n_cpus; i++) {
		s->cpus[i].allowed = true;
		s->cpus[i].near = true;
		s->cpus[i].core = i;
	}
	return s;
}

static u32 sim_offered(const struct sim *s, u32 cpu)
{
	u32 i, sum = s->cpus[cpu].other;

	for (i = 0; i < s->table.n_queues; i++)
		sum += s->queues[i].cpu == cpu ? s->demand[i] : 0;
	return sum;
}

/* What is measured of a queue on a CPU that may be full. */
static u32 sim_sample(const struct sim *s, u32 i)
{
	u32 sum = max_t(u32, sim_offered(s, s->queues[i].cpu),
			VMS_VMQ_LOAD_FULL);
	u32 load = div_u64((u64)s->demand[i] * VMS_VMQ_LOAD_FULL, sum);

	if (s->noise)
		load = load * (100 - s->noise +
			       any(2 * s->noise + 1)) / 100;
	return load;
}

static bool sim_decide(struct sim *s, struct vms_vmq_move *move)
{
	u32 i;

	for (i = 0; i < s->table.n_queues; i++) {
		s->queues[i].rest -= !!s->queues[i].rest;
		s->queues[i].hold -= !!s->queues[i].hold;
	}
	return vms_vmq_balance(&s->table, move);
}

/* Returns the number of moves. */
static u32 sim_run(struct sim *s, u32 samples)
{
	u32 i, moves = 0;

	while (samples--) {
		struct vms_vmq_move move;

		for (i = 0; i < s->table.n_queues; i++)
			s->queues[i].load = vms_vmq_ewma(s->queues[i].load,
							 sim_sample(s, i));
		if (!sim_decide(s, &move))
			continue;
		s->moves[move.reason]++;
		moves++;
	}
	s->all += moves;
	return moves;
}

static u32 sim_used(const struct sim *s, u32 cpu)
{
	return min_t(u32, sim_offered(s, cpu), VMS_VMQ_LOAD_FULL);
}

static u32 sim_peak(const struct sim *s)
{
	u32 i, peak = 0;

	for (i = 0; i < s->table.n_cpus; i++)
		peak = max(peak, sim_used(s, i));
	return peak;
}

static u32 sim_mean(const struct sim *s)
{
	u32 i, sum = 0;

	for (i = 0; i < s->table.n_cpus; i++)
		sum += sim_used(s, i);
	return sum / s->table.n_cpus;
}

/* Whether no CPU has more than 1.3 times the mean. */
static bool sim_balanced(const struct sim *s)
{
	return 10 * sim_peak(s) <= 13 * sim_mean(s);
}

/* Whether that can be had at all: tries all assignments. */
static bool sim_possible(const struct sim *s, u32 *loads, u32 i)
{
	u32 limit = 13 * sim_mean(s) / 10, cpu;

	if (i == s->table.n_queues)
		return true;
	for (cpu = 0; cpu < s->table.n_cpus; cpu++) {
		bool fits = loads[cpu] + s->demand[i] <= limit;

		if (!fits)
			continue;
		loads[cpu] += s->demand[i];
		if (sim_possible(s, loads, i + 1))
			return true;
		loads[cpu] -= s->demand[i];
		/* One empty CPU is like another. */
		if (!loads[cpu])
			break;
	}
	return false;
}

static u32 sim_on(const struct sim *s, u32 cpu)
{
	u32 i, n = 0;

	for (i = 0; i < s->table.n_queues; i++)
		n += s->queues[i].cpu == cpu;
	return n;
}

static void load_is_spread(struct kunit *test)
{
	struct sim *s = sim_new(test, 8, 2, PERCENT(10));

	sim_run(s, 20);
	KUNIT_EXPECT_EQ(test, sim_on(s, 0), 4);
	KUNIT_EXPECT_EQ(test, s->moves[VMS_VMQ_MOVE_SPREAD], 4);
	KUNIT_EXPECT_EQ(test, s->all, 4);
}

/* No CPU is above 80 % here, and yet one has four times as much as the other. */
static void load_below_the_threshold_is_spread(struct kunit *test)
{
	struct sim *s = sim_new(test, 5, 2, PERCENT(12));

	s->queues[4].cpu = 1;
	sim_run(s, 20);
	KUNIT_EXPECT_TRUE(test, sim_balanced(s));
}

/* More than one CPU can do: what is measured is less than what is wanted. */
static void a_full_cpu_is_relieved(struct kunit *test)
{
	struct sim *s = sim_new(test, 16, 8, PERCENT(40));

	sim_run(s, 60);
	KUNIT_EXPECT_TRUE(test, sim_balanced(s));
	KUNIT_EXPECT_EQ(test, sim_run(s, 600), 0);
}

static void little_load_is_gathered(struct kunit *test)
{
	struct sim *s = sim_new(test, 8, 4, PERCENT(20));
	u32 i;

	sim_run(s, 60);
	KUNIT_EXPECT_EQ(test, sim_on(s, 3), 2);
	for (i = 0; i < 8; i++)
		s->demand[i] = PERCENT(2);
	sim_run(s, 60);
	KUNIT_EXPECT_EQ(test, sim_on(s, 0), 8);
	KUNIT_EXPECT_EQ(test, s->moves[VMS_VMQ_MOVE_COALESCE], 6);
	KUNIT_EXPECT_EQ(test, sim_run(s, 600), 0);
}

/* 32 % is neither enough to spread nor little enough to gather. */
static void between_the_thresholds_all_stays(struct kunit *test)
{
	struct sim *s = sim_new(test, 8, 2, PERCENT(4));
	u32 i;

	KUNIT_EXPECT_EQ(test, sim_run(s, 600), 0);
	for (i = 0; i < 8; i++)
		s->demand[i] = PERCENT(8);
	KUNIT_EXPECT_EQ(test, sim_run(s, 60), 4);
	for (i = 0; i < 8; i++)
		s->demand[i] = PERCENT(4);
	KUNIT_EXPECT_EQ(test, sim_run(s, 600), 0);
}

static void a_short_burst_moves_nothing(struct kunit *test)
{
	struct sim *s = sim_new(test, 4, 2, PERCENT(30));

	KUNIT_EXPECT_EQ(test, sim_run(s, 2), 0);
	memset(s->demand, 0, sizeof(s->demand));
	KUNIT_EXPECT_EQ(test, sim_run(s, 100), 0);
}

/* Moves of one do not help: 30 + 30 and 18 + 12.  An exchange does. */
static void queues_are_exchanged(struct kunit *test)
{
	struct sim *s = sim_new(test, 4, 2, PERCENT(30));

	s->demand[2] = PERCENT(18);
	s->demand[3] = PERCENT(12);
	s->queues[2].cpu = 1;
	s->queues[3].cpu = 1;
	KUNIT_EXPECT_EQ(test, sim_run(s, 100), 2);
	KUNIT_EXPECT_EQ(test, sim_peak(s), PERCENT(48));
}

static void an_elephant_has_a_cpu_for_itself(struct kunit *test)
{
	struct sim *s = sim_new(test, 5, 3, PERCENT(10));

	s->demand[2] = PERCENT(90);
	sim_run(s, 100);
	KUNIT_EXPECT_EQ(test, sim_on(s, s->queues[2].cpu), 1);
	KUNIT_EXPECT_EQ(test, sim_peak(s), PERCENT(90));
	KUNIT_EXPECT_EQ(test, sim_run(s, 600), 0);
}

/* Random loads whose measurement is wrong by up to 5 %. */
static void constant_load_settles(struct kunit *test)
{
	u32 round, i, still, n_cpus;

	for (round = 0; round < 100; round++) {
		struct sim *s;

		n_cpus = 2 + any(7);
		s = sim_new(test, 8, n_cpus, 0);
		s->noise = 5;
		for (i = 0; i < 8; i++) {
			s->demand[i] = PERCENT(5) + any(PERCENT(50));
			s->queues[i].cpu = any(n_cpus);
		}
		sim_run(s, 120);
		still = sim_run(s, 600);
		KUNIT_EXPECT_EQ(test, still, 0);
		kunit_kfree(test, s);
	}
}

/* The shares of 8 queues are dealt anew every 20 samples.  At the end of each
 * time no CPU has more than 1.3 times the mean, if that is possible.
 */
static void shifting(struct kunit *test, u32 n_cpus, u32 total)
{
	static const u32 share[] = { 32, 20, 14, 10, 8, 7, 5, 4 };
	struct sim *s = sim_new(test, 8, n_cpus, 0);
	u32 round, i, possible = 0, balanced = 0;

	s->noise = 5;
	for (i = 0; i < 8; i++)
		s->queues[i].cpu = i % n_cpus;
	for (round = 0; round < 100; round++) {
		u32 loads[CPUS] = {};

		for (i = 0; i < 8; i++)
			s->demand[i] = total / 100 * share[i];
		for (i = 7; i; i--)
			swap(s->demand[i], s->demand[any(i + 1)]);
		KUNIT_EXPECT_LE(test, sim_run(s, 20), 20);
		if (!sim_possible(s, loads, 0))
			continue;
		possible++;
		balanced += sim_balanced(s);
	}
	KUNIT_EXPECT_EQ(test, balanced, possible);
	kunit_info(test, "%u CPUs, %u %%: %u of %u balanced, %u moves\n",
		   n_cpus, total / PERCENT(1), balanced, possible, s->all);
}

static void shifting_load_is_followed(struct kunit *test)
{
	shifting(test, 2, PERCENT(100));
	shifting(test, 2, PERCENT(180));
	shifting(test, 2, PERCENT(260));
	shifting(test, 3, PERCENT(200));
	shifting(test, 3, PERCENT(300));
}

/* Whatever the loads, what is possible is found. */
static void random_loads_are_balanced(struct kunit *test)
{
	u32 round, i, n_cpus, failed = 0, possible = 0;

	for (round = 0; round < 300; round++) {
		u32 loads[CPUS] = {};
		struct sim *s;

		n_cpus = 2 + round % 3;
		s = sim_new(test, 8, n_cpus, 0);
		for (i = 0; i < 8; i++) {
			s->demand[i] = PERCENT(4) + any(PERCENT(30));
			s->queues[i].cpu = any(n_cpus);
		}
		sim_run(s, 100);
		if (sim_possible(s, loads, 0)) {
			possible++;
			failed += !sim_balanced(s);
		}
		kunit_kfree(test, s);
	}
	KUNIT_EXPECT_EQ(test, failed, 0);
	kunit_info(test, "%u of 300 were possible\n", possible);
}

static void one_thread_of_a_core(struct kunit *test)
{
	struct sim *s = sim_new(test, 8, 8, PERCENT(20));
	u32 i;

	for (i = 0; i < 8; i++)
		s->cpus[i].core = i % 4;
	sim_run(s, 60);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, sim_on(s, i), i < 4 ? 2 : 0);
	/* If the first thread may not be used, the second is the core's. */
	s->cpus[1].allowed = false;
	sim_run(s, 60);
	KUNIT_EXPECT_EQ(test, sim_on(s, 1), 0);
	KUNIT_EXPECT_EQ(test, sim_on(s, 5), 2);
}

static void the_own_node_comes_first(struct kunit *test)
{
	struct sim *s = sim_new(test, 8, 4, PERCENT(12));
	u32 i;

	s->cpus[0].near = false;
	s->cpus[1].near = false;
	for (i = 0; i < 8; i++)
		s->queues[i].cpu = 2;
	sim_run(s, 60);
	KUNIT_EXPECT_EQ(test, sim_on(s, 2) + sim_on(s, 3), 8);
	KUNIT_EXPECT_TRUE(test, sim_on(s, 2) == 4);
	/* When it is full the other one is good enough, */
	for (i = 0; i < 8; i++)
		s->demand[i] = PERCENT(35);
	sim_run(s, 60);
	KUNIT_EXPECT_GE(test, sim_on(s, 0), 1);
	KUNIT_EXPECT_GE(test, sim_on(s, 1), 1);
	KUNIT_EXPECT_EQ(test, sim_run(s, 600), 0);
	/* ... and no longer than that. */
	for (i = 0; i < 8; i++)
		s->demand[i] = PERCENT(8);
	sim_run(s, 60);
	KUNIT_EXPECT_EQ(test, sim_on(s, 2) + sim_on(s, 3), 8);
	KUNIT_EXPECT_EQ(test, sim_run(s, 600), 0);
}

static void pinned_queues_stay(struct kunit *test)
{
	struct sim *s = sim_new(test, 8, 2, PERCENT(20));
	u32 i;

	for (i = 0; i < 6; i++)
		s->queues[i].pin = 0;
	sim_run(s, 200);
	for (i = 0; i < 6; i++)
		KUNIT_EXPECT_EQ(test, s->queues[i].cpu, 0);
	KUNIT_EXPECT_EQ(test, sim_on(s, 1), 2);
	/* Also against the range. */
	s->cpus[0].allowed = false;
	sim_run(s, 100);
	KUNIT_EXPECT_EQ(test, sim_on(s, 0), 6);
	KUNIT_EXPECT_EQ(test, sim_on(s, 1), 2);
}

static void without_dynamic_nothing_moves(struct kunit *test)
{
	struct sim *s = sim_new(test, 8, 2, PERCENT(20));

	s->table.dynamic = false;
	s->cpus[0].allowed = false;
	KUNIT_EXPECT_EQ(test, sim_run(s, 100), 0);
}

static void the_range_is_respected(struct kunit *test)
{
	struct sim *s = sim_new(test, 8, 8, PERCENT(25));
	u32 i;

	for (i = 0; i < 8; i++)
		s->cpus[i].allowed = i >= 2 && i < 6;
	sim_run(s, 100);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, sim_on(s, i), i >= 2 && i < 6 ? 2 : 0);
	KUNIT_EXPECT_GE(test, s->moves[VMS_VMQ_MOVE_RANGE], 8);
	/* Also by who has nothing to do, as soon as a CPU goes. */
	for (i = 0; i < 8; i++)
		s->demand[i] = 0;
	sim_run(s, 100);
	s->cpus[5].allowed = false;
	sim_run(s, 10);
	KUNIT_EXPECT_EQ(test, sim_on(s, 5), 0);
	/* With no CPU left all stay. */
	for (i = 0; i < 8; i++)
		s->cpus[i].allowed = false;
	KUNIT_EXPECT_EQ(test, sim_run(s, 10), 0);
}

static void what_is_held_or_fixed_stays(struct kunit *test)
{
	struct sim *s = sim_new(test, 4, 2, PERCENT(25));
	u32 i;

	for (i = 0; i < 4; i++)
		s->queues[i].fixed = true;
	KUNIT_EXPECT_EQ(test, sim_run(s, 100), 0);
	for (i = 0; i < 4; i++) {
		s->queues[i].fixed = false;
		s->queues[i].hold = 50;
	}
	KUNIT_EXPECT_EQ(test, sim_run(s, 49), 0);
	KUNIT_EXPECT_EQ(test, sim_run(s, 50), 2);
	s->cpus[s->queues[0].cpu].allowed = false;
	s->queues[0].hold = 20;
	sim_run(s, 19);
	KUNIT_EXPECT_FALSE(test, s->cpus[s->queues[0].cpu].allowed);
	sim_run(s, 5);
	KUNIT_EXPECT_TRUE(test, s->cpus[s->queues[0].cpu].allowed);
}

/* What others do on a CPU counts, but can not be moved. */
static void other_load_is_avoided(struct kunit *test)
{
	struct sim *s = sim_new(test, 8, 3, PERCENT(15));

	s->cpus[0].other = PERCENT(60);
	sim_run(s, 100);
	KUNIT_EXPECT_EQ(test, sim_on(s, 0), 0);
	KUNIT_EXPECT_EQ(test, sim_on(s, 1), 4);
	KUNIT_EXPECT_EQ(test, sim_run(s, 600), 0);
}

static void a_queue_nobody_has_seen_stays(struct kunit *test)
{
	struct sim *s = sim_new(test, 2, 2, 0);

	s->queues[0].cpu = -1;
	s->queues[1].cpu = -1;
	s->cpus[0].allowed = false;
	KUNIT_EXPECT_FALSE(test, sim_decide(s, &(struct vms_vmq_move){}));
}

/* What is bad for two samples only may be noise. */
static void two_bad_samples_move_nothing(struct kunit *test)
{
	struct sim *s = sim_new(test, 4, 2, PERCENT(30));
	struct vms_vmq_move move;
	u32 i;

	sim_run(s, 60);
	for (i = 0; i < 4; i++)
		s->queues[i].load = s->queues[i].cpu ? PERCENT(20) :
						       PERCENT(45);
	KUNIT_EXPECT_FALSE(test, sim_decide(s, &move));
	KUNIT_EXPECT_FALSE(test, sim_decide(s, &move));
	for (i = 0; i < 4; i++)
		s->queues[i].load = PERCENT(30);
	KUNIT_EXPECT_EQ(test, sim_run(s, 600), 0);
}

/* The load turns as soon as a queue was moved: it stays for ten samples. */
static void who_was_moved_rests(struct kunit *test)
{
	struct sim *s = sim_new(test, 2, 2, PERCENT(45));
	struct vms_vmq_move move;
	u32 i;

	for (i = 0; i < 2; i++)
		s->queues[i].load = PERCENT(45);
	while (!sim_decide(s, &move))
		;
	s->cpus[move.cpu].other = PERCENT(80);
	for (i = 1; i < VMS_VMQ_DWELL; i++)
		KUNIT_EXPECT_FALSE(test, sim_decide(s, &move));
	while (!sim_decide(s, &move))
		KUNIT_ASSERT_LT(test, i++, 100);
	KUNIT_EXPECT_EQ(test, move.cpu, 0);
}

/* Loads of 8 queues as they were measured each second in QEMU (6.1, two CPUs,
 * constant rates of 3000, 2000, 1400, 1000, 800, 700, 500 and 400 frames/s) while
 * the host had other work.
 */
static const u16 recorded[][8] = {
	{ 1337,  898, 1168, 834, 668, 319, 409, 222 },
	{ 1110,  742, 1254, 893, 586, 263, 443, 172 },
	{ 1345,  899, 1285, 917, 522, 317, 456, 193 },
	{ 1446,  966, 1266, 904, 477, 339, 451, 201 },
	{ 1649, 1100, 1244, 888, 491, 385, 443, 225 },
	{ 1713, 1143, 1283, 916, 495, 464, 457, 232 },
	{ 1731, 1155, 1334, 953, 483, 567, 476, 233 },
	{ 1380,  920, 1013, 724, 377, 465, 361, 184 },
	{ 1529, 1020,  627, 448, 309, 290, 223, 203 },
	{ 2046, 1366,  939, 671, 525, 464, 335, 273 },
	{ 2328, 1555, 1061, 758, 603, 529, 379, 304 },
	{ 2346, 1564, 1089, 778, 620, 544, 389, 312 },
	{ 2322, 1550,  968, 691, 552, 484, 346, 277 },
};

static void a_recorded_load_is_balanced(struct kunit *test)
{
	struct sim *s = sim_new(test, 8, 2, 0);
	struct vms_vmq_move move;
	u32 i, row, late = 0;

	for (row = 0; row < 20 * ARRAY_SIZE(recorded); row++) {
		for (i = 0; i < 8; i++) {
			u32 load = recorded[row % ARRAY_SIZE(recorded)][i];

			s->demand[i] = load;
			s->queues[i].load = load;
		}
		if (sim_decide(s, &move))
			late += row >= 5 * ARRAY_SIZE(recorded);
		if (row >= 2 * ARRAY_SIZE(recorded))
			KUNIT_EXPECT_TRUE(test, sim_balanced(s));
	}
	KUNIT_EXPECT_EQ(test, late, 0);
}

static void interrupts_are_known_by_name(struct kunit *test)
{
	static const struct {
		const char *name;
		u32 queue;
		bool good;
	} names[] = {
		{ "eth0-TxRx-3", 3, true },	{ "eth0-rx-3", 3, true },
		{ "eth0-3", 3, true },		{ "i40e-eth0-TxRx-3", 3, true },
		{ "eth0-Tx-Rx-13", 13, true },	{ "virtio7-input.3", 3, true },
		{ "mlx5_comp3@pci:virtio7", 3, true },
		{ "eth0-TxRx-3", 2, false },	{ "eth0-TxRx-13", 3, false },
		{ "eth0-tx-3", 3, false },	{ "virtio7-output.3", 3, false },
		{ "eth01-rx-3", 3, false },	{ "veth0-rx-3", 3, false },
		{ "eth0", 0, false },		{ "virtio7-config", 0, false },
		{ "eth0-rx-999999", 999999, false }, { "", 0, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    vms_irq_is_of_queue(names[i].name, "eth0",
							"virtio7",
							names[i].queue),
				    names[i].good, "%s, queue %u",
				    names[i].name, names[i].queue);
	KUNIT_EXPECT_FALSE(test, vms_irq_is_of_queue("virtio7-input.3", "eth0",
						     NULL, 3));
}

static struct kunit_case vmq_balance_cases[] = {
	KUNIT_CASE(load_is_spread),
	KUNIT_CASE(load_below_the_threshold_is_spread),
	KUNIT_CASE(a_full_cpu_is_relieved),
	KUNIT_CASE(little_load_is_gathered),
	KUNIT_CASE(between_the_thresholds_all_stays),
	KUNIT_CASE(a_short_burst_moves_nothing),
	KUNIT_CASE(queues_are_exchanged),
	KUNIT_CASE(an_elephant_has_a_cpu_for_itself),
	KUNIT_CASE(constant_load_settles),
	KUNIT_CASE(shifting_load_is_followed),
	KUNIT_CASE(random_loads_are_balanced),
	KUNIT_CASE(one_thread_of_a_core),
	KUNIT_CASE(the_own_node_comes_first),
	KUNIT_CASE(pinned_queues_stay),
	KUNIT_CASE(without_dynamic_nothing_moves),
	KUNIT_CASE(the_range_is_respected),
	KUNIT_CASE(what_is_held_or_fixed_stays),
	KUNIT_CASE(other_load_is_avoided),
	KUNIT_CASE(a_queue_nobody_has_seen_stays),
	KUNIT_CASE(two_bad_samples_move_nothing),
	KUNIT_CASE(who_was_moved_rests),
	KUNIT_CASE(a_recorded_load_is_balanced),
	KUNIT_CASE(interrupts_are_known_by_name),
	{ }
};

static struct kunit_suite vmq_balance_suite = {
	.name = "vms_vmq_balance",
	.init = balance_init,
	.test_cases = vmq_balance_cases,
};

kunit_test_suite(vmq_balance_suite);

MODULE_DESCRIPTION("Unit tests of the balance of queues over CPUs");
MODULE_LICENSE("GPL");
