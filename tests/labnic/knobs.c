// SPDX-License-Identifier: GPL-2.0
/*
 * Knobs: how a NIC differs from others, and what goes wrong with it.
 */
#include <linux/seq_file.h>

#include "compat.h"
#include "labnic.h"

/**
 * struct labnic_knob - a knob
 * @name: its name
 * @offset: where it is in struct labnic_knobs
 * @most: the highest value
 * @initial: its value in a new NIC
 */
struct labnic_knob {
	const char *name;
	size_t offset;
	u32 most;
	u32 initial;
};

#define LABNIC_KNOB(_name, _member, _most, _initial) {			\
	.name = (_name),						\
	.offset = offsetof(struct labnic_knobs, _member),		\
	.most = (_most),						\
	.initial = (_initial),						\
}

static const struct labnic_knob labnic_knobs[] = {
	LABNIC_KNOB("rules-max", rules_max, LABNIC_RULES_MAX, 64),
	LABNIC_KNOB("matches", matches, 7, 7),
	LABNIC_KNOB("vlan-masks", vlan_masks, 7, 7),
	LABNIC_KNOB("loc-any", loc_any, 1, 0),
	LABNIC_KNOB("fail-next", fail_next, U32_MAX, 0),
	LABNIC_KNOB("fail-delete", fail_delete, U32_MAX, 0),
	LABNIC_KNOB("fail-read", fail_read, U32_MAX, 0),
	LABNIC_KNOB("fail-list", fail_list, U32_MAX, 0),
	LABNIC_KNOB("fail-errno", fail_errno, MAX_ERRNO, EIO),
	LABNIC_KNOB("context", context, 1, 0),
	LABNIC_KNOB("silent", silent, 1, 0),
	LABNIC_KNOB("lose-on-down", lose_on_down, 1, 0),
	LABNIC_KNOB("uc-overwrites", uc_overwrites, 1, 0),
	LABNIC_KNOB("uc-max", uc_max, U32_MAX, 128),
	LABNIC_KNOB("vlans-max", vlans_max, VLAN_N_VID, VLAN_N_VID),
	LABNIC_KNOB("vlan-strict", vlan_strict, 1, 0),
	LABNIC_KNOB("no-record", no_record, 1, 0),
	LABNIC_KNOB("verify", verify, 1, 0),
	LABNIC_KNOB("sticky", sticky, 60000, 0),
	LABNIC_KNOB("irq", irq, 1, 1),
	LABNIC_KNOB("no-napi", no_napi, 7, 0),
	LABNIC_KNOB("ops-lock", ops_lock, 1, 0),
	LABNIC_KNOB("lltx", lltx, 1, 0),
	LABNIC_KNOB("stopped", stopped, 1, 0),
};

static u32 *labnic_knob_of(struct labnic_knobs *knobs,
			   const struct labnic_knob *knob)
{
	return (void *)knobs + knob->offset;
}

/* Have the driver stop its transmit queues, as one does whose rings are full. */
static void labnic_stop_queues(struct labnic *nic, bool stop)
{
	if (stop)
		netif_tx_stop_all_queues(nic->dev);
	else
		netif_tx_wake_all_queues(nic->dev);
}

/* How the knobs of the next NIC will be; RTNL. */
static struct labnic_knobs labnic_preset;

/**
 * labnic_knobs_reset() - have the knobs of the next NIC be the usual ones
 */
void labnic_knobs_reset(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(labnic_knobs); i++)
		*labnic_knob_of(&labnic_preset, &labnic_knobs[i]) =
			labnic_knobs[i].initial;
}

/**
 * labnic_knobs_init() - put all knobs where they are in a new NIC
 * @nic: the NIC
 *
 * Context: RTNL.
 */
void labnic_knobs_init(struct labnic *nic)
{
	nic->knobs = labnic_preset;
}

/**
 * labnic_knobs_set() - turn a knob
 * @nic: the NIC; NULL for those that will be made
 * @key: name of the knob
 * @value: its new value
 *
 * Context: RTNL.
 * Return: 0, -EINVAL for an unknown name, -ERANGE, -EBUSY if it is too late,
 * or -EOPNOTSUPP.
 */
int labnic_knobs_set(struct labnic *nic, const char *key, u32 value)
{
	struct labnic_knobs *knobs = nic ? &nic->knobs : &labnic_preset;
	unsigned int i;
	size_t offset;

	for (i = 0; i < ARRAY_SIZE(labnic_knobs); i++) {
		if (strcmp(key, labnic_knobs[i].name))
			continue;
		if (value > labnic_knobs[i].most)
			return -ERANGE;
		offset = labnic_knobs[i].offset;
		if (offset == offsetof(struct labnic_knobs, ops_lock) &&
		    !__is_defined(LABNIC_HAVE_OPS_LOCK))
			return -EOPNOTSUPP;
		if (nic && (offset == offsetof(struct labnic_knobs, ops_lock) ||
			    offset == offsetof(struct labnic_knobs, lltx)))
			return -EBUSY;
		if (!nic && offset == offsetof(struct labnic_knobs, stopped))
			return -EOPNOTSUPP;
		WRITE_ONCE(*labnic_knob_of(knobs, &labnic_knobs[i]), value);
		if (offset == offsetof(struct labnic_knobs, stopped))
			labnic_stop_queues(nic, value);
		return 0;
	}
	return -EINVAL;
}

/**
 * labnic_knobs_show() - print the knobs of a NIC
 * @m: where
 * @nic: the NIC
 *
 * Context: RTNL.
 */
void labnic_knobs_show(struct seq_file *m, const struct labnic *nic)
{
	struct labnic_knobs knobs = nic->knobs;
	unsigned int i;

	seq_printf(m, "%s", nic->dev->name);
	for (i = 0; i < ARRAY_SIZE(labnic_knobs); i++)
		seq_printf(m, " %s=%u", labnic_knobs[i].name,
			   *labnic_knob_of(&knobs, &labnic_knobs[i]));
	seq_putc(m, '\n');
}
