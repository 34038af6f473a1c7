// SPDX-License-Identifier: GPL-2.0
/*
 * What is measured of queues and CPUs, what becomes of moves, and when the next
 * one is made: with a clock, CPUs and ways to move queues that the tests make up.
 */
#include <kunit/test.h>
#include <linux/kernel_stat.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/sched/isolation.h>

#include "dataplane/trace.h"
#include "vmq/vmq.h"

#define PORTS	3
#define CPUS	2

static u64 fake_now;
static struct cpumask fake_online, fake_isolated;
static int fake_traced_from;
static struct kernel_cpustat fake_stat[NR_CPUS];
static u64 fake_received[NR_CPUS];

#undef ktime_get_ns
#define ktime_get_ns()			fake_now
#undef kcpustat_cpu
#define kcpustat_cpu(cpu)		fake_stat[cpu]
#undef cpu_online_mask
#define cpu_online_mask			(&fake_online)
#undef cpu_online
#define cpu_online(cpu)			cpumask_test_cpu(cpu, &fake_online)
#define housekeeping_cpumask(type)	(&fake_isolated)
#define trace_vms_vmq_move(...)		fake_trace(__VA_ARGS__)

/* Tracepoints are in the module. */
static inline void fake_trace(const struct vms_port *port, int queue, int from,
			      int to, u32 load, u8 reason)
{
	fake_traced_from = from;
}

#include "vmq/balance.c"
#include "vmq/place.c"
#include "vmq/dynamic.c"

/**
 * struct fake - a port whose queue is not there
 * @thread: a thread serves the queue, else an interrupt
 * @soft: it has none, and its frames are handed over
 * @follows: moves have an effect
 * @blocked: what there is to say against moving its interrupt, 0: nothing
 * @asked: how often that was asked
 * @refusal: what a move is answered
 * @moves: how many were tried
 * @frames: in a look; @cpu serves them
 * @cpu: where they are served
 * @ns: what the thread takes for them
 * @undone: somebody undoes moves
 * @vp: the port
 */
struct fake {
	bool thread;
	bool soft;
	bool follows;
	int blocked;
	u32 asked;
	int refusal;
	u32 moves;
	u64 frames;
	int cpu;
	u64 ns;
	bool undone;
	struct vms_vmq_port *vp;
};

/**
 * struct rig - an uplink with ports that have a queue each
 * @dev: the uplink's device
 * @nic: its NIC
 * @vmq: what is tested
 * @port: stands for all ports of the switch
 * @fakes: them
 */
struct rig {
	struct net_device dev;
	struct vms_nic nic;
	struct vms_vmq vmq;
	struct vms_port port;
	struct fake fakes[PORTS];
};

static struct fake *fake_of(const struct vms_vmq_port *vp)
{
	struct rig *rig = container_of(vp->vmq, struct rig, vmq);

	return &rig->fakes[vp->queue];
}

static int soft_can(struct vms_vmq_port *vp)
{
	return fake_of(vp)->soft ? 0 : -EOPNOTSUPP;
}

static int thread_can(struct vms_vmq_port *vp)
{
	return fake_of(vp)->thread ? 0 : -EOPNOTSUPP;
}

static int irq_can(struct vms_vmq_port *vp)
{
	fake_of(vp)->asked++;
	return fake_of(vp)->blocked;
}

static int fake_move(struct vms_vmq_port *vp, int cpu)
{
	struct fake *fake = fake_of(vp);

	fake->moves++;
	if (!fake->refusal && fake->follows)
		fake->cpu = cpu;
	return fake->refusal;
}

void vms_vmq_observe_queue(struct vms_vmq_port *vp,
			   struct vms_vmq_sample *sample)
{
	struct fake *fake = fake_of(vp);

	sample->frames = fake->frames;
	sample->cpu = fake->frames ? fake->cpu : -1;
}

static void fake_observe(struct vms_vmq_port *vp,
			 struct vms_vmq_sample *sample)
{
	struct fake *fake = fake_of(vp);

	vms_vmq_observe_queue(vp, sample);
	sample->ns = fake->ns;
	sample->undone = fake->undone && vp->place.asked >= 0;
}

const struct vms_vmq_mover_ops vms_vmq_soft_mover = {
	.name = "software", .can_move = soft_can,
	.move = fake_move, .observe = fake_observe,
};

const struct vms_vmq_mover_ops vms_vmq_mover_napi = {
	.name = "napi-thread", .can_move = thread_can,
	.move = fake_move, .observe = fake_observe,
};

const struct vms_vmq_mover_ops vms_vmq_mover_irq = {
	.name = "irq", .can_move = irq_can,
	.move = fake_move, .observe = fake_observe,
};

u64 vms_vmq_received(const struct vms_vmq *vmq, int cpu)
{
	return fake_received[cpu];
}

static struct vms_vmq_port *port_new(struct kunit *test, struct rig *rig,
				     int queue)
{
	struct vms_vmq_port *vp;

	vp = kunit_kzalloc(test, struct_size(vp, cpus, nr_cpu_ids),
			   GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, vp);
	vp->vmq = &rig->vmq;
	vp->port = &rig->port;
	vp->queue = queue;
	vp->next_queue = queue;
	vp->pin = -1;
	vp->wish = -1;
	vms_vmq_place_init(&vp->place);
	list_add_tail(&vp->node, &rig->vmq.ports);
	return vp;
}

static void rig_free(void *data)
{
	struct rig *rig = data;

	vms_vmq_dynamic_free(&rig->vmq);
}

/* Queues that an interrupt at CPU 0 serves, without frames. */
static struct rig *rig_new(struct kunit *test)
{
	struct rig *rig = kunit_kzalloc(test, sizeof(*rig), GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, rig);
	if (nr_cpu_ids < CPUS)
		kunit_skip(test, "one CPU");
	rig->vmq.nic = &rig->nic;
	rig->nic.dev = &rig->dev;
	set_bit(__LINK_STATE_START, &rig->dev.state);
	set_dev_node(&rig->dev.dev, NUMA_NO_NODE);
	INIT_LIST_HEAD(&rig->vmq.ports);
	rig->vmq.spread.max_cpu = VMS_VMQ_CPU_ANY;
	for (i = 0; i < PORTS; i++) {
		rig->fakes[i].follows = true;
		rig->fakes[i].vp = port_new(test, rig, i);
	}
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, rig_free, rig),
			0);
	fake_now = NSEC_PER_SEC;
	memset(fake_stat, 0, sizeof(fake_stat));
	memset(fake_received, 0, sizeof(fake_received));
	cpumask_clear(&fake_online);
	cpumask_set_cpu(0, &fake_online);
	cpumask_set_cpu(1, &fake_online);
	cpumask_copy(&fake_isolated, &fake_online);
	return rig;
}

/* So many seconds, with a look in each. */
static void rig_run(struct rig *rig, u32 seconds)
{
	u32 i;

	while (seconds--) {
		fake_now += NSEC_PER_SEC;
		for (i = 0; i < PORTS; i++)
			fake_received[rig->fakes[i].soft ?
				      0 : rig->fakes[i].cpu] +=
				rig->fakes[i].frames;
		vms_vmq_dynamic(&rig->vmq);
	}
}

/* Likewise, with CPUs that spend so much of each in interrupts. */
static void rig_run_busy(struct rig *rig, u32 seconds, u64 ns0, u64 ns1)
{
	while (seconds--) {
		fake_stat[0].cpustat[CPUTIME_SOFTIRQ] += ns0;
		fake_stat[1].cpustat[CPUTIME_SOFTIRQ] += ns1;
		rig_run(rig, 1);
	}
}

/* A look more, in seconds, until a queue has been moved again; at most 1000. */
static u32 rig_until_move(struct rig *rig, const struct fake *fake)
{
	u32 n = 0, moves = fake->moves;

	while (fake->moves == moves && n++ < 1000)
		rig_run(rig, 1);
	return n;
}

static u64 moved(const struct fake *fake, u8 reason)
{
	return fake->vp->place.moved[reason];
}

static u32 all_moves(const struct rig *rig)
{
	u32 i, n = 0;

	for (i = 0; i < PORTS; i++)
		n += rig->fakes[i].moves;
	return n;
}

static void pinned_queues_move_at_once(struct kunit *test)
{
	struct rig *rig = rig_new(test);
	u32 i;

	for (i = 0; i < PORTS; i++)
		rig->fakes[i].vp->pin = 1;
	vms_vmq_dynamic(&rig->vmq);
	for (i = 0; i < PORTS; i++)
		KUNIT_EXPECT_EQ(test, rig->fakes[i].cpu, 1);
	fake_now += NSEC_PER_MSEC;
	rig->fakes[2].vp->pin = 0;
	vms_vmq_dynamic(&rig->vmq);
	KUNIT_EXPECT_EQ(test, rig->fakes[2].cpu, 0);
	rig_run(rig, 10);
	KUNIT_EXPECT_EQ(test, moved(&rig->fakes[0], VMS_VMQ_MOVE_PINNED), 1);
	KUNIT_EXPECT_EQ(test, moved(&rig->fakes[2], VMS_VMQ_MOVE_PINNED), 2);
}

/* Between samples, looks see that a queue has come to its CPU. */
static void a_move_begins_where_it_was_seen(struct kunit *test)
{
	struct rig *rig = rig_new(test);
	struct vms_vmq_port *vp = rig->fakes[0].vp;

	rig->fakes[0].frames = 1000;
	vp->pin = 1;
	rig_run(rig, 1);
	fake_now += NSEC_PER_MSEC;
	vp->next_cpu = 1;
	vp->pin = 0;
	vms_vmq_dynamic(&rig->vmq);
	KUNIT_EXPECT_EQ(test, moved(&rig->fakes[0], VMS_VMQ_MOVE_PINNED), 2);
	KUNIT_EXPECT_EQ(test, fake_traced_from, 1);
}

static void only_who_has_a_queue_is_pinned(struct kunit *test)
{
	struct rig *rig = rig_new(test);
	u32 i;

	for (i = 0; i < PORTS; i++)
		rig->fakes[i].vp->pin = 1;
	rig->fakes[0].vp->next_queue = -1;
	rig->fakes[1].soft = true;
	rig->fakes[2].vp->port = NULL;
	rig_run(rig, 3);
	KUNIT_EXPECT_EQ(test, all_moves(rig), 0);
}

static void a_device_that_is_down_is_left_alone(struct kunit *test)
{
	struct rig *rig = rig_new(test);
	struct fake *fake = &rig->fakes[0];

	fake->vp->pin = 1;
	clear_bit(__LINK_STATE_START, &rig->dev.state);
	rig_run(rig, 3);
	KUNIT_EXPECT_EQ(test, fake->moves, 0);
	set_bit(__LINK_STATE_START, &rig->dev.state);
	rig_run(rig, 1);
	KUNIT_EXPECT_EQ(test, fake->moves, 1);
	clear_bit(__LINK_STATE_START, &rig->dev.state);
	rig_run(rig, 1);
	KUNIT_EXPECT_FALSE(test, fake->vp->place.active);
}

static void one_queue_moves_in_a_sample(struct kunit *test)
{
	struct rig *rig = rig_new(test);
	u32 i;

	rig->vmq.spread.dynamic = true;
	rig->vmq.spread.base_cpu = 1;
	for (i = 0; i < PORTS; i++)
		rig->fakes[i].frames = 100;
	/* What the first one counts is of no time that is known. */
	rig_run(rig, 1);
	KUNIT_EXPECT_EQ(test, all_moves(rig), 0);
	for (i = 1; i <= PORTS; i++) {
		rig_run(rig, 1);
		KUNIT_EXPECT_EQ(test, all_moves(rig), i);
		/* Looks that come earlier are not for that. */
		fake_now += NSEC_PER_SEC / 100;
		vms_vmq_dynamic(&rig->vmq);
		KUNIT_EXPECT_EQ(test, all_moves(rig), i);
	}
	KUNIT_EXPECT_EQ(test, rig->fakes[2].vp->place.rest, VMS_VMQ_DWELL);
	rig_run(rig, VMS_VMQ_DWELL);
	KUNIT_EXPECT_EQ(test, rig->fakes[2].vp->place.rest, 0);
	KUNIT_EXPECT_EQ(test, all_moves(rig), PORTS);
	KUNIT_EXPECT_EQ(test, moved(&rig->fakes[2], VMS_VMQ_MOVE_RANGE), 1);
}

static void cpus_that_queues_may_have(struct kunit *test)
{
	struct rig *rig = rig_new(test);
	struct vms_vmq_spread *spread = &rig->vmq.spread;
	struct cpumask mask;

	vms_vmq_allowed(spread, &mask);
	KUNIT_EXPECT_EQ(test, cpumask_weight(&mask), 2);
	spread->base_cpu = 1;
	vms_vmq_allowed(spread, &mask);
	KUNIT_EXPECT_TRUE(test, cpumask_equal(&mask, cpumask_of(1)));
	spread->base_cpu = 0;
	spread->max_cpu = 0;
	vms_vmq_allowed(spread, &mask);
	KUNIT_EXPECT_TRUE(test, cpumask_equal(&mask, cpumask_of(0)));
	spread->max_cpu = VMS_VMQ_CPU_ANY;
	cpumask_clear_cpu(0, &fake_online);
	vms_vmq_allowed(spread, &mask);
	KUNIT_EXPECT_TRUE(test, cpumask_equal(&mask, cpumask_of(1)));
	cpumask_set_cpu(0, &fake_online);
	cpumask_clear_cpu(1, &fake_isolated);
	vms_vmq_allowed(spread, &mask);
	KUNIT_EXPECT_TRUE(test, cpumask_equal(&mask, cpumask_of(0)));
}

/* Who has moves fail tries them less and less often. */
static void failed_moves_are_tried_less_often(struct kunit *test)
{
	static const u32 holds[] = {
		2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600
	};
	struct rig *rig = rig_new(test);
	struct fake *fake = &rig->fakes[0];
	u32 i;

	fake->refusal = -EBUSY;
	fake->vp->pin = 1;
	vms_vmq_dynamic(&rig->vmq);
	KUNIT_EXPECT_EQ(test, fake->moves, 1);
	KUNIT_EXPECT_EQ(test, fake->vp->place.reason, VMS_VMQ_MOVE_REFUSED);
	KUNIT_EXPECT_EQ(test, fake->vp->place.error, EBUSY);
	for (i = 0; i < ARRAY_SIZE(holds); i++)
		KUNIT_EXPECT_EQ(test, rig_until_move(rig, fake), holds[i]);
	KUNIT_EXPECT_EQ(test, moved(fake, VMS_VMQ_MOVE_REFUSED),
			ARRAY_SIZE(holds) + 1);
	/* Something has happened to the NIC. */
	vms_vmq_place_forgive(&fake->vp->place);
	fake->refusal = 0;
	vms_vmq_dynamic(&rig->vmq);
	KUNIT_EXPECT_EQ(test, fake->cpu, 1);
	KUNIT_EXPECT_EQ(test, fake->vp->place.error, 0);
}

static void moves_without_effect_are_noticed(struct kunit *test)
{
	struct rig *rig = rig_new(test);
	struct fake *fake = &rig->fakes[0];

	fake->follows = false;
	fake->vp->pin = 1;
	rig_run(rig, 50);
	/* Without frames there is nothing to see. */
	KUNIT_EXPECT_EQ(test, fake->moves, 1);
	KUNIT_EXPECT_EQ(test, fake->vp->place.reason, VMS_VMQ_MOVE_PINNED);
	fake->frames = 10;
	rig_run(rig, 2);
	KUNIT_EXPECT_EQ(test, fake->vp->place.reason, VMS_VMQ_MOVE_PINNED);
	rig_run(rig, 1);
	KUNIT_EXPECT_EQ(test, fake->vp->place.reason, VMS_VMQ_MOVE_STUCK);
	KUNIT_EXPECT_EQ(test, rig_until_move(rig, fake), 2);
	/* It does not count against somebody. */
	rig_run(rig, 2000);
	KUNIT_EXPECT_EQ(test, moved(fake, VMS_VMQ_MOVE_UNDONE), 0);
	KUNIT_EXPECT_FALSE(test, vms_vmq_place_yielded(&fake->vp->place));
}

/* Frames may be late twice in a row, however often. */
static void frames_may_be_late(struct kunit *test)
{
	struct rig *rig = rig_new(test);
	struct fake *fake = &rig->fakes[0];
	u32 i;

	fake->frames = 10;
	fake->vp->pin = 1;
	for (i = 0; i < 20; i++) {
		rig_run(rig, 1);
		fake->cpu = 0;
		rig_run(rig, 2);
		fake->cpu = 1;
	}
	KUNIT_EXPECT_EQ(test, fake->moves, 1);
	KUNIT_EXPECT_EQ(test, fake->vp->place.reason, VMS_VMQ_MOVE_PINNED);
}

/* By means that its mover does not see. */
static void frames_that_stay_away_are_noticed(struct kunit *test)
{
	struct rig *rig = rig_new(test);
	struct fake *fake = &rig->fakes[0];

	fake->frames = 10;
	fake->vp->pin = 1;
	rig_run(rig, 5);
	fake->cpu = 0;
	rig_run(rig, 3);
	KUNIT_EXPECT_EQ(test, fake->vp->place.reason, VMS_VMQ_MOVE_UNDONE);
}

static void undo(struct rig *rig, struct fake *fake)
{
	fake->undone = true;
	rig_run(rig, 1);
	fake->undone = false;
}

static void who_undoes_moves_wins(struct kunit *test)
{
	struct rig *rig = rig_new(test);
	struct fake *fake = &rig->fakes[0];
	const struct vms_vmq_place *place = &fake->vp->place;

	fake->frames = 10;
	fake->vp->pin = 1;
	rig_run(rig, 2);
	undo(rig, fake);
	KUNIT_EXPECT_EQ(test, place->reason, VMS_VMQ_MOVE_UNDONE);
	KUNIT_EXPECT_EQ(test, rig_until_move(rig, fake), 2);
	undo(rig, fake);
	KUNIT_EXPECT_EQ(test, rig_until_move(rig, fake), 4);
	undo(rig, fake);
	KUNIT_EXPECT_EQ(test, place->reason, VMS_VMQ_MOVE_YIELDED);
	KUNIT_EXPECT_EQ(test, moved(fake, VMS_VMQ_MOVE_UNDONE), 2);
	KUNIT_EXPECT_EQ(test, moved(fake, VMS_VMQ_MOVE_YIELDED), 1);
	rig_run(rig, 2000);
	KUNIT_EXPECT_EQ(test, fake->moves, 3);
	/* Nor for its load. */
	fake->vp->pin = -1;
	rig->vmq.spread.dynamic = true;
	rig->vmq.spread.max_cpu = 0;
	rig_run(rig, 100);
	KUNIT_EXPECT_EQ(test, fake->moves, 3);
}

static void what_is_long_ago_is_forgotten(struct kunit *test)
{
	struct rig *rig = rig_new(test);
	struct fake *fake = &rig->fakes[0];
	u32 i;

	fake->frames = 10;
	fake->vp->pin = 1;
	rig_run(rig, 1);
	for (i = 0; i < 10; i++) {
		rig_run(rig, 61);
		undo(rig, fake);
		KUNIT_EXPECT_EQ(test, rig_until_move(rig, fake), 2);
	}
	/* 59 good looks are not enough. */
	for (i = 0; i < 2; i++) {
		rig_run(rig, 59);
		undo(rig, fake);
		rig_run(rig, 4);
	}
	KUNIT_EXPECT_TRUE(test, vms_vmq_place_yielded(&fake->vp->place));
}

static void a_cpu_that_goes_is_to_blame(struct kunit *test)
{
	struct rig *rig = rig_new(test);
	struct fake *fake = &rig->fakes[0];
	u32 i;

	fake->vp->pin = 1;
	rig_run(rig, 2);
	for (i = 1; i < 10; i++) {
		cpumask_clear_cpu(1, &fake_online);
		fake->cpu = 0;
		fake->undone = true;
		rig_run(rig, 5);
		KUNIT_EXPECT_EQ(test, fake->moves, i);
		fake->undone = false;
		cpumask_set_cpu(1, &fake_online);
		rig_run(rig, 1);
		KUNIT_EXPECT_EQ(test, fake->cpu, 1);
	}
	KUNIT_EXPECT_EQ(test, moved(fake, VMS_VMQ_MOVE_UNDONE), 0);
}

static void what_can_not_be_moved_is_asked_seldom(struct kunit *test)
{
	struct rig *rig = rig_new(test);
	struct fake *fake = &rig->fakes[0];

	fake->blocked = -ENXIO;
	fake->vp->pin = 1;
	rig_run(rig, 101);
	KUNIT_EXPECT_EQ(test, fake->vp->place.reason, VMS_VMQ_MOVE_UNABLE);
	KUNIT_EXPECT_EQ(test, fake->vp->place.error, ENXIO);
	KUNIT_EXPECT_EQ(test, moved(fake, VMS_VMQ_MOVE_UNABLE), 1);
	KUNIT_EXPECT_GE(test, fake->asked, 8);
	KUNIT_EXPECT_LE(test, fake->asked, 20);
	KUNIT_EXPECT_EQ(test, fake->moves, 0);
	fake->blocked = 0;
	rig_run(rig, 11);
	KUNIT_EXPECT_EQ(test, fake->cpu, 1);
}

/* A thread that its NAPI is given is not where the interrupt was moved to. */
static void another_way_begins_anew(struct kunit *test)
{
	struct rig *rig = rig_new(test);
	struct fake *fake = &rig->fakes[0];

	fake->vp->pin = 1;
	rig_run(rig, 5);
	fake->thread = true;
	fake->cpu = 0;
	rig_run(rig, 1);
	KUNIT_EXPECT_PTR_EQ(test, fake->vp->place.mover, &vms_vmq_mover_napi);
	KUNIT_EXPECT_EQ(test, fake->cpu, 1);
	KUNIT_EXPECT_EQ(test, fake->moves, 2);
}

/* Loads may differ from what is exact by a fiftieth. */
static void expect_load(struct kunit *test, const struct fake *fake, u32 percent)
{
	u32 load = fake->vp->place.load, exact = PERCENT(percent);

	KUNIT_EXPECT_GE(test, load, exact - exact / 50);
	KUNIT_EXPECT_LE(test, load, exact + exact / 50);
}

/* No port is moved: all are fed where they are. */
static struct rig *rig_measuring(struct kunit *test)
{
	struct rig *rig = rig_new(test);
	u32 i;

	for (i = 0; i < PORTS; i++) {
		rig->fakes[i].follows = false;
		rig->fakes[i].refusal = -EPERM;
	}
	rig->vmq.spread.dynamic = true;
	return rig;
}

static void a_cpus_time_is_shared_by_frames(struct kunit *test)
{
	struct rig *rig = rig_measuring(test);

	rig->fakes[0].frames = 15000;
	rig->fakes[1].frames = 5000;
	rig->fakes[2].frames = 10000;
	rig->fakes[2].cpu = 1;
	rig_run_busy(rig, 40, 400 * NSEC_PER_MSEC, 100 * NSEC_PER_MSEC);
	expect_load(test, &rig->fakes[0], 30);
	expect_load(test, &rig->fakes[1], 10);
	expect_load(test, &rig->fakes[2], 10);
}

/* What a thread does is known, and no part of what interrupts take. */
static void the_time_of_threads_is_their_own(struct kunit *test)
{
	struct rig *rig = rig_measuring(test);

	rig->fakes[0].frames = 10000;
	rig->fakes[1].frames = 10000;
	rig->fakes[1].thread = true;
	rig->fakes[1].ns = 150 * NSEC_PER_MSEC;
	rig_run_busy(rig, 40, 400 * NSEC_PER_MSEC, 0);
	expect_load(test, &rig->fakes[0], 40);
	expect_load(test, &rig->fakes[1], 15);
}

/* Frames that were handed over are work for a CPU that has not received them. */
static void frames_handed_over_count_where_they_run(struct kunit *test)
{
	struct rig *rig = rig_measuring(test);

	rig->fakes[0].frames = 10000;
	rig->fakes[0].cpu = 1;
	rig->fakes[1].frames = 10000;
	rig->fakes[1].cpu = 1;
	rig->fakes[1].soft = true;
	rig_run_busy(rig, 40, 0, 400 * NSEC_PER_MSEC);
	expect_load(test, &rig->fakes[0], 20);
	expect_load(test, &rig->fakes[1], 20);
}

/* A CPU that does something else in interrupts does not make frames dear. */
static void few_frames_are_cheap(struct kunit *test)
{
	struct rig *rig = rig_measuring(test);

	rig->fakes[0].frames = 100;
	rig_run_busy(rig, 40, 900 * NSEC_PER_MSEC, 0);
	expect_load(test, &rig->fakes[0], 1);
	/* ... and these are not enough to tell. */
	rig = rig_measuring(test);
	rig->fakes[0].frames = 63;
	rig_run_busy(rig, 40, 900 * NSEC_PER_MSEC, 0);
	KUNIT_EXPECT_EQ(test, rig->fakes[0].vp->place.load, 0);
}

/* What is spent on a frame is known for long, how many come is not. */
static void load_follows_the_rate(struct kunit *test)
{
	struct rig *rig = rig_measuring(test);
	u32 i;

	rig->fakes[0].frames = 10000;
	for (i = 0; i < 40; i++)
		rig_run_busy(rig, 1, (i % 2 ? 300 : 100) * NSEC_PER_MSEC, 0);
	expect_load(test, &rig->fakes[0], 20);
	rig->fakes[0].frames = 40000;
	rig_run_busy(rig, 1, 0, 0);
	rig_run_busy(rig, 15, 800 * NSEC_PER_MSEC, 0);
	KUNIT_EXPECT_GT(test, rig->fakes[0].vp->place.load, PERCENT(70));
	rig->fakes[0].frames = 0;
	rig_run_busy(rig, 30, 0, 0);
	KUNIT_EXPECT_LT(test, rig->fakes[0].vp->place.load, PERCENT(1));
}

static struct kunit_case vmq_dynamic_cases[] = {
	KUNIT_CASE(pinned_queues_move_at_once),
	KUNIT_CASE(a_move_begins_where_it_was_seen),
	KUNIT_CASE(only_who_has_a_queue_is_pinned),
	KUNIT_CASE(a_device_that_is_down_is_left_alone),
	KUNIT_CASE(one_queue_moves_in_a_sample),
	KUNIT_CASE(cpus_that_queues_may_have),
	KUNIT_CASE(failed_moves_are_tried_less_often),
	KUNIT_CASE(moves_without_effect_are_noticed),
	KUNIT_CASE(frames_may_be_late),
	KUNIT_CASE(frames_that_stay_away_are_noticed),
	KUNIT_CASE(who_undoes_moves_wins),
	KUNIT_CASE(what_is_long_ago_is_forgotten),
	KUNIT_CASE(a_cpu_that_goes_is_to_blame),
	KUNIT_CASE(what_can_not_be_moved_is_asked_seldom),
	KUNIT_CASE(another_way_begins_anew),
	KUNIT_CASE(a_cpus_time_is_shared_by_frames),
	KUNIT_CASE(the_time_of_threads_is_their_own),
	KUNIT_CASE(frames_handed_over_count_where_they_run),
	KUNIT_CASE(few_frames_are_cheap),
	KUNIT_CASE(load_follows_the_rate),
	{ }
};

static struct kunit_suite vmq_dynamic_suite = {
	.name = "vms_vmq_dynamic",
	.test_cases = vmq_dynamic_cases,
};

kunit_test_suite(vmq_dynamic_suite);

MODULE_DESCRIPTION("Unit tests of moves of queues between CPUs");
MODULE_LICENSE("GPL");
