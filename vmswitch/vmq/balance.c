// SPDX-License-Identifier: GPL-2.0
/*
 * The balance of queues over CPUs: at most one move for a sample of the load.
 *
 * 1. A queue leaves a CPU that is not usable: offline, out of range, isolated,
 *    or a second thread of a core.
 * 2. With little to do queues are gathered, on the first CPU that has room.
 * 3. Else, if a CPU has more than 1.18 times the mean to do, that queue is moved
 *    off it which leaves the fuller one of the two CPUs least to do; if no move
 *    helps, the first half of the best exchange of two queues.
 *
 * A queue that settings pin to a CPU stays where it is: who moves it there is not
 * asked here.
 *
 * Thresholds of a CPU's load alone (spread above 80 %, to below 65 %) would
 * leave one CPU with four times another's load as long as neither is full.  So
 * they only say how far queues are spread (REACH_*), and the mean is what counts
 * within.  What keeps this from going to and fro: a move must gain something, the
 * state must be bad for three samples in a row, a queue that was moved rests,
 * reaches have different thresholds for either direction, and balancing goes
 * further than what would begin it, so that noise does not begin it again.
 */
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "balance.h"

#define PERCENT(n)		((n) * VMS_VMQ_LOAD_FULL / 100)

/* Queues of all together this much are spread; of less than that gathered. */
#define BALANCE_SPREAD		PERCENT(40)
#define BALANCE_GATHER		PERCENT(25)
/* A CPU with more than this is full, whatever all together are. */
#define BALANCE_FULL		PERCENT(80)
/* A node with more than this lets queues leave it; with less they return. */
#define BALANCE_NODE_FULL	PERCENT(80)
#define BALANCE_NODE_ROOM	PERCENT(50)
/* How full a CPU is made by gathering. */
#define BALANCE_HOME_FULL	PERCENT(50)
/* What another node's CPU must be better by. */
#define BALANCE_FAR		PERCENT(15)
/* Less than this on a CPU is not worth a move, nor a gain of less than that. */
#define BALANCE_WORTH		PERCENT(5)
#define BALANCE_LEAST_GAIN	PERCENT(1)
/* Samples in a row that it takes. */
#define BALANCE_UP		2
#define BALANCE_DOWN		10
#define BALANCE_HOT		3
/* Balancing begins if a CPU has more than this percentage of the mean to do, and
 * something gains that percentage of it; if all was well for so many samples, it
 * takes more.  It goes on while a CPU has more than BUSY_ABOVE, and for so many
 * samples more, in which who has been moved can rest.
 */
#define BALANCE_ABOVE		118
#define BALANCE_GAIN		4
#define BALANCE_CALM		30
#define BALANCE_CALM_ABOVE	126
#define BALANCE_CALM_GAIN	8
#define BALANCE_BUSY_ABOVE	110
#define BALANCE_BUSY		(VMS_VMQ_DWELL + 5)

/**
 * struct balance_best - the best move found so far
 * @move: it
 * @gain: by how much the fuller one of two CPUs gets less, 0: none was found
 */
struct balance_best {
	struct vms_vmq_move move;
	u32 gain;
};

static bool queue_known(const struct vms_vmq_load_table *table,
			const struct vms_vmq_load_queue *queue)
{
	return queue->cpu >= 0 && queue->cpu < table->n_cpus;
}

/* Whether a queue may be moved for the sake of balance. */
static bool queue_free(const struct vms_vmq_load_queue *queue)
{
	return !queue->fixed && !queue->hold && !queue->rest &&
	       queue->pin < 0 && queue->load;
}

/* One usable CPU of each core, and what each CPU has to do. */
static void table_sum(struct vms_vmq_load_table *table)
{
	struct vms_vmq_load_cpu *cpus = table->cpus;
	bool near = false;
	u32 i;

	for (i = 0; i < table->n_cpus; i++) {
		cpus[i].taken = false;
		cpus[i].load = cpus[i].other;
	}
	for (i = 0; i < table->n_cpus; i++) {
		u32 core = min(cpus[i].core, i);

		cpus[i].usable = cpus[i].allowed && !cpus[core].taken;
		cpus[core].taken |= cpus[i].usable;
		near |= cpus[i].usable && cpus[i].near;
	}
	/* If none of its own node is, all are as good. */
	for (i = 0; !near && i < table->n_cpus; i++)
		cpus[i].near = true;
	for (i = 0; i < table->n_queues; i++)
		if (queue_known(table, &table->queues[i]))
			cpus[table->queues[i].cpu].load +=
				table->queues[i].load;
}

/* Whether queues may be spread over a CPU now. */
static bool cpu_within(const struct vms_vmq_load_table *table, u32 cpu)
{
	return table->cpus[cpu].usable &&
	       (table->cpus[cpu].near || table->reach == VMS_VMQ_REACH_ALL);
}

/* At home @down stays where it is, so that gathering goes on. */
static void reach_set(struct vms_vmq_load_table *table, bool up, bool down)
{
	table->up = up ? table->up + 1 : 0;
	table->down = down ? min(table->down + 1, BALANCE_DOWN) : 0;
	if (table->up >= BALANCE_UP) {
		table->reach++;
		table->up = 0;
		table->down = 0;
	} else if (table->down >= BALANCE_DOWN && table->reach) {
		table->reach--;
		table->down = table->reach ? 0 : BALANCE_DOWN;
	}
}

/* How far queues are spread follows from what they and their CPUs have to do. */
static void reach_update(struct vms_vmq_load_table *table)
{
	u32 i, n_near = 0, n_far = 0, all = 0, node = 0, peak = 0;

	for (i = 0; i < table->n_queues; i++) {
		const struct vms_vmq_load_queue *queue = &table->queues[i];

		all += queue->load;
		if (queue_known(table, queue) && queue_free(queue))
			peak = max(peak, table->cpus[queue->cpu].load);
	}
	node = all;
	for (i = 0; i < table->n_cpus; i++) {
		if (!table->cpus[i].usable)
			continue;
		n_near += table->cpus[i].near;
		n_far += !table->cpus[i].near;
		node += table->cpus[i].near ? table->cpus[i].other : 0;
	}
	switch (table->reach) {
	case VMS_VMQ_REACH_HOME:
		reach_set(table,
			  all >= BALANCE_SPREAD || peak >= BALANCE_FULL,
			  all < BALANCE_GATHER);
		break;
	case VMS_VMQ_REACH_NODE:
		reach_set(table, n_far && node >= n_near * BALANCE_NODE_FULL,
			  all < BALANCE_GATHER && peak < BALANCE_FULL);
		break;
	default:
		reach_set(table, false,
			  !n_far || node < n_near * BALANCE_NODE_ROOM);
		break;
	}
}

static bool move_set(struct vms_vmq_move *move, u32 queue, u32 cpu, u8 reason)
{
	move->queue = queue;
	move->cpu = cpu;
	move->reason = reason;
	return true;
}

/* The CPU with least to do, one of another node only if it has much less;
 * returns -1 if there is none.
 */
static int cpu_idlest(const struct vms_vmq_load_table *table)
{
	u32 i, load, least = U32_MAX;
	int best = -1;

	for (i = 0; i < table->n_cpus; i++) {
		if (!cpu_within(table, i))
			continue;
		load = table->cpus[i].load +
		       (table->cpus[i].near ? 0 : BALANCE_FAR);
		if (load < least) {
			least = load;
			best = i;
		}
	}
	return best;
}

/* A queue whose CPU is not one for queues leaves it. */
static bool find_misplaced(const struct vms_vmq_load_table *table,
			   struct vms_vmq_move *move)
{
	int cpu = cpu_idlest(table);
	u32 i;

	for (i = 0; cpu >= 0 && i < table->n_queues; i++) {
		const struct vms_vmq_load_queue *queue = &table->queues[i];

		if (!queue_known(table, queue) || queue->pin >= 0 ||
		    queue->fixed || queue->hold)
			continue;
		if (!table->cpus[queue->cpu].usable)
			return move_set(move, i, cpu, VMS_VMQ_MOVE_RANGE);
	}
	return false;
}

/* The first CPU in the order of numbers that has room for a queue, if that
 * comes before the queue's own; else -1.  Queues only ever go towards the
 * beginning, so this ends.
 */
static int cpu_home(const struct vms_vmq_load_table *table,
		    const struct vms_vmq_load_queue *queue)
{
	bool far = !table->cpus[queue->cpu].near;
	u32 i;

	for (i = 0; i < table->n_cpus; i++) {
		if (!far && i == queue->cpu)
			break;
		if (!cpu_within(table, i))
			continue;
		if (table->cpus[i].load + queue->load < BALANCE_HOME_FULL)
			return i;
	}
	return -1;
}

static bool find_gathered(const struct vms_vmq_load_table *table,
			  struct vms_vmq_move *move)
{
	int cpu;
	u32 i;

	for (i = 0; i < table->n_queues; i++) {
		const struct vms_vmq_load_queue *queue = &table->queues[i];

		if (!queue_known(table, queue) || !queue_free(queue))
			continue;
		cpu = cpu_home(table, queue);
		if (cpu >= 0)
			return move_set(move, i, cpu, VMS_VMQ_MOVE_COALESCE);
	}
	return false;
}

/* A queue that is on another node though its own would do. */
static bool find_strayed(const struct vms_vmq_load_table *table,
			 struct vms_vmq_move *move)
{
	int cpu = cpu_idlest(table);
	u32 i;

	for (i = 0; cpu >= 0 && i < table->n_queues; i++) {
		const struct vms_vmq_load_queue *queue = &table->queues[i];

		if (queue_known(table, queue) && queue_free(queue) &&
		    !cpu_within(table, queue->cpu))
			return move_set(move, i, cpu, VMS_VMQ_MOVE_COALESCE);
	}
	return false;
}

/* What the fuller one of two CPUs would have to do if @give went from @from to
 * @to, and @take the other way.
 */
static u32 peak_after(const struct vms_vmq_load_cpu *from,
		      const struct vms_vmq_load_cpu *to, u32 give, u32 take)
{
	u32 far = from->near && !to->near ? BALANCE_FAR : 0;

	return max(from->load - give + take, to->load + give - take + far);
}

static void best_move(const struct vms_vmq_load_table *table, u32 from, u32 i,
		      struct balance_best *best)
{
	const struct vms_vmq_load_cpu *cpu = &table->cpus[from];
	u32 to, peak;

	for (to = 0; to < table->n_cpus; to++) {
		if (to == from || !cpu_within(table, to))
			continue;
		peak = peak_after(cpu, &table->cpus[to],
				  table->queues[i].load, 0);
		if (peak >= cpu->load || cpu->load - peak <= best->gain)
			continue;
		best->gain = cpu->load - peak;
		move_set(&best->move, i, to, VMS_VMQ_MOVE_SPREAD);
	}
}

/* The first half of the exchange of two queues: the half that leaves less to do
 * for the CPU that has both for a while.  The other half is a move that helps.
 */
static void best_swap(const struct vms_vmq_load_table *table, u32 from, u32 i,
		      struct balance_best *best)
{
	const struct vms_vmq_load_cpu *cpu = &table->cpus[from];
	const struct vms_vmq_load_queue *mine = &table->queues[i];
	u32 j, peak;

	for (j = 0; j < table->n_queues; j++) {
		const struct vms_vmq_load_queue *other = &table->queues[j];
		const struct vms_vmq_load_cpu *to;

		if (!queue_known(table, other) || !queue_free(other) ||
		    other->cpu == from || !cpu_within(table, other->cpu) ||
		    other->load >= mine->load)
			continue;
		to = &table->cpus[other->cpu];
		peak = peak_after(cpu, to, mine->load, other->load);
		if (peak >= cpu->load || cpu->load - peak <= best->gain)
			continue;
		best->gain = cpu->load - peak;
		if (to->load + mine->load <= cpu->load + other->load)
			move_set(&best->move, i, other->cpu,
				 VMS_VMQ_MOVE_SPREAD);
		else
			move_set(&best->move, j, from, VMS_VMQ_MOVE_SPREAD);
	}
}

/* Returns the mean of the CPUs over which queues are spread. */
static u32 table_mean(const struct vms_vmq_load_table *table)
{
	u64 sum = 0;
	u32 i, n = 0;

	for (i = 0; i < table->n_cpus; i++) {
		if (!cpu_within(table, i))
			continue;
		sum += table->cpus[i].load;
		n++;
	}
	return n ? div_u64(sum, n) : 0;
}

/* The fullest CPU may have nothing that could be moved, so all with more than a
 * limit are looked at.  Returns whether something is worth it.
 */
static bool find_best(const struct vms_vmq_load_table *table, u32 limit,
		      u32 worth,
		      void (*find)(const struct vms_vmq_load_table *table,
				   u32 from, u32 i, struct balance_best *best),
		      struct vms_vmq_move *move)
{
	struct balance_best best = {};
	u32 cpu, i;

	limit = max_t(u32, limit, BALANCE_WORTH);
	worth = max_t(u32, worth, BALANCE_LEAST_GAIN);
	for (i = 0; i < table->n_queues; i++) {
		if (!queue_known(table, &table->queues[i]) ||
		    !queue_free(&table->queues[i]))
			continue;
		cpu = table->queues[i].cpu;
		if (cpu_within(table, cpu) && table->cpus[cpu].load > limit)
			find(table, cpu, i, &best);
	}
	*move = best.move;
	return best.gain >= worth;
}

/* Whether balancing should begin, with a move or with an exchange.  It takes
 * more if nothing has been wrong for long: then what is seen may be noise.
 */
static bool find_begin(const struct vms_vmq_load_table *table, u32 mean,
		       struct vms_vmq_move *move)
{
	bool calm = table->calm >= BALANCE_CALM;
	u32 limit = mean * (calm ? BALANCE_CALM_ABOVE : BALANCE_ABOVE) / 100;
	u32 worth = mean * (calm ? BALANCE_CALM_GAIN : BALANCE_GAIN) / 100;

	return find_best(table, limit, worth, best_move, move) ||
	       find_best(table, limit, worth, best_swap, move);
}

/* What has begun goes further than what would begin it, but two moves for one
 * gain are made only where there is much to do.
 */
static bool find_spread(struct vms_vmq_load_table *table,
			struct vms_vmq_move *move)
{
	u32 mean = table_mean(table);
	bool begin = find_begin(table, mean, move);

	if (!table->busy) {
		table->hot = begin ? table->hot + 1 : 0;
		if (table->hot < BALANCE_HOT) {
			table->calm += !begin && table->calm < BALANCE_CALM;
			return false;
		}
		table->hot = 0;
	} else if (!begin) {
		table->busy--;
		if (!find_best(table, mean * BALANCE_BUSY_ABOVE / 100,
			       mean * BALANCE_GAIN / 100, best_move, move))
			return false;
	}
	table->busy = BALANCE_BUSY;
	table->calm = 0;
	return true;
}

static bool balance_find(struct vms_vmq_load_table *table,
			 struct vms_vmq_move *move)
{
	if (!table->dynamic)
		return false;
	reach_update(table);
	if (find_misplaced(table, move))
		return true;
	if (table->reach == VMS_VMQ_REACH_HOME)
		return table->down >= BALANCE_DOWN &&
		       find_gathered(table, move);
	return find_strayed(table, move) || find_spread(table, move);
}

/**
 * vms_vmq_balance() - decide on one move, or none
 * @table: the loads of one sample; the queue that is moved has its new CPU when
 *	this returns, and rests
 * @move: set if there is a move
 *
 * Return: true if there is a move.
 */
bool vms_vmq_balance(struct vms_vmq_load_table *table,
		     struct vms_vmq_move *move)
{
	table_sum(table);
	if (!balance_find(table, move))
		return false;
	table->queues[move->queue].cpu = move->cpu;
	table->queues[move->queue].rest = VMS_VMQ_DWELL;
	return true;
}
