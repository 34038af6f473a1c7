/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which interrupt is a receive queue's, by the names that drivers give.
 */
#ifndef _VMSWITCH_VMQ_IRQ_NAME_H
#define _VMSWITCH_VMQ_IRQ_NAME_H

#include <linux/ctype.h>
#include <linux/string.h>
#include <linux/types.h>

/* Whether a word stands in a text with no letter or digit beside it. */
static inline bool vms_irq_has_word(const char *text, const char *word)
{
	size_t len = strlen(word);
	const char *at = text;

	while (len && (at = strstr(at, word))) {
		if ((at == text || !isalnum(at[-1])) && !isalnum(at[len]))
			return true;
		at++;
	}
	return false;
}

/* The number at the end of a name, or before its '@'; -1: there is none, or it
 * is the device's.
 */
static inline int vms_irq_number(const char *name, const char *dev)
{
	size_t end = strcspn(name, "@"), begin = end;
	int number = 0;

	if (end >= strlen(dev) &&
	    !strncmp(name + end - strlen(dev), dev, strlen(dev)))
		return -1;
	while (begin && isdigit(name[begin - 1]))
		begin--;
	/* Numbers of queues are short, and this must not overflow. */
	if (begin == end || end - begin > 5)
		return -1;
	while (begin < end)
		number = 10 * number + name[begin++] - '0';
	return number;
}

/**
 * vms_irq_is_of_queue() - whether an interrupt looks like that of a queue
 * @name: name of the interrupt's action
 * @dev: name of the netdev
 * @parent: name of its parent device, or NULL
 * @queue: number of the queue
 *
 * Names are eth0-TxRx-3, eth0-rx-3, eth0-3, virtio0-input.3,
 * mlx5_comp3@pci:0000:01:00.0 and the like.  This is a guess: what comes of a
 * move has to be looked at.
 *
 * Return: true if it does.
 */
static inline bool vms_irq_is_of_queue(const char *name, const char *dev,
				       const char *parent, u32 queue)
{
	bool rx, tx;

	if (vms_irq_number(name, dev) != queue ||
	    !(vms_irq_has_word(name, dev) ||
	      (parent && vms_irq_has_word(name, parent))))
		return false;
	rx = strstr(name, "rx") || strstr(name, "Rx") || strstr(name, "RX");
	tx = strstr(name, "tx") || strstr(name, "Tx") || strstr(name, "TX") ||
	     strstr(name, "output");
	return rx || !tx;
}

#endif /* _VMSWITCH_VMQ_IRQ_NAME_H */
