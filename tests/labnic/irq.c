// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts that are not those of any hardware: each receive queue has one in
 * /proc/interrupts, with an affinity.  Raising it is a call to the CPU that the
 * affinity says.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>

#include "compat.h"
#include "labnic.h"

#ifdef LABNIC_HAVE_IRQ

static void labnic_irq_nothing(struct irq_data *data)
{
}

static int labnic_irq_set_affinity(struct irq_data *data,
				   const struct cpumask *mask, bool force)
{
	struct labnic_queue *rq = irq_data_get_irq_chip_data(data);
	unsigned int cpu = cpumask_any_and(mask, cpu_online_mask);

	if (cpu >= nr_cpu_ids)
		return -EINVAL;
	WRITE_ONCE(rq->cpu, cpu);
	irq_data_update_effective_affinity(data, cpumask_of(cpu));
	return IRQ_SET_MASK_OK;
}

static struct irq_chip labnic_irq_chip = {
	.name			= LABNIC_KIND,
	.irq_mask		= labnic_irq_nothing,
	.irq_unmask		= labnic_irq_nothing,
	.irq_set_affinity	= labnic_irq_set_affinity,
};

static irqreturn_t labnic_irq(int irq, void *data)
{
	struct labnic_queue *rq = data;

	napi_schedule_irqoff(&rq->napi);
	return IRQ_HANDLED;
}

/**
 * labnic_irq_request() - give a queue an interrupt, at the queue's CPU
 * @rq: the queue
 *
 * Context: Process context.
 * Return: 0, or an error: the queue then does without.
 */
int labnic_irq_request(struct labnic_queue *rq)
{
	int irq, err, cpu = rq->cpu;

	/* It has no owner: that would hold the module while it is requested. */
	irq = __irq_alloc_descs(-1, 1, 1, NUMA_NO_NODE, NULL, NULL);
	if (irq < 0)
		return irq;
	snprintf(rq->irq_name, sizeof(rq->irq_name), "%s-rx-%u",
		 rq->nic->dev->name, rq->index);
	irq_set_chip_data(irq, rq);
	irq_set_chip_and_handler(irq, &labnic_irq_chip, handle_simple_irq);
	irq_modify_status(irq, IRQ_NOREQUEST, LABNIC_IRQ_FLAGS);
	err = request_irq(irq, labnic_irq, 0, rq->irq_name, rq);
	if (err) {
		irq_free_descs(irq, 1);
		return err;
	}
	rq->irq = irq;
	/* The request has moved it to where all interrupts begin. */
	if (!cpu_online(cpu))
		return 0;
	return irq_set_affinity(irq, cpumask_of(cpu));
}

/**
 * labnic_irq_free() - take the interrupt of a queue away
 * @rq: the queue; it raises none any more
 *
 * Context: Process context.
 */
void labnic_irq_free(struct labnic_queue *rq)
{
	int irq = rq->irq;

	if (!irq)
		return;
	rq->irq = 0;
	free_irq(irq, rq);
	irq_free_descs(irq, 1);
}

/**
 * labnic_irq_move() - have a queue served by another CPU
 * @rq: the queue
 * @cpu: the CPU; online
 *
 * Context: Process context.
 * Return: 0 or an error.
 */
int labnic_irq_move(struct labnic_queue *rq, int cpu)
{
	if (rq->irq)
		return irq_set_affinity(rq->irq, cpumask_of(cpu));
	WRITE_ONCE(rq->cpu, cpu);
	return 0;
}

/**
 * labnic_irq_raise() - what runs on the CPU of a queue's interrupt
 * @rq: the queue
 *
 * Context: Interrupts off.
 */
void labnic_irq_raise(struct labnic_queue *rq)
{
	if (rq->irq)
		generic_handle_irq(rq->irq);
	else
		napi_schedule_irqoff(&rq->napi);
}

#else

int labnic_irq_request(struct labnic_queue *rq)
{
	return -EOPNOTSUPP;
}

void labnic_irq_free(struct labnic_queue *rq)
{
}

int labnic_irq_move(struct labnic_queue *rq, int cpu)
{
	WRITE_ONCE(rq->cpu, cpu);
	return 0;
}

void labnic_irq_raise(struct labnic_queue *rq)
{
	napi_schedule_irqoff(&rq->napi);
}

#endif
