// SPDX-License-Identifier: GPL-2.0
/*
 * The interface: files in /sys/kernel/debug/labnic.  "control" takes commands,
 * one a line; "result" tells what the last run has made, and how long it took;
 * "feeds" the same of feeders, "sink" what the sinks have seen, "knobs" how the
 * knobs of each NIC are, "queues" how its queues do; "clock" is the time in ns
 * that the kernel and the reader have taken, where that can be told, else the
 * time.
 *
 *	gen NIC [src=MAC] [nsrc=N] [dst=MAC] [ndst=N] [step=N] [seed=N]
 *		[flows=N] [vid=N] [size=N] [mss=N] [burst=N] [gap=NS] [count=N]
 *		[queues=N] [stamp=1]		what its generator makes
 *	run NIC...				have it made, and wait
 *	feed NIC [as gen, without gap and queues] [rate=N] [cpu=N] [nvid=N]
 *		[pcp=N] [pause=1]		begin to send it this
 *	feed-wait NIC...			wait until all of it is sent
 *	feed-stop NIC...			stop, and forget the feeders
 *	set NIC KNOB=N...			turn knobs; see README.md
 *	preset [KNOB=N...]			of NICs that will be made
 *	forget NIC LOCATION|all			have it lose rules
 *	cpu NIC QUEUE CPU			have a queue served there
 *	detach NIC				be reset, as its driver has it
 *	attach NIC				be done with that
 *	sink NIC...				check frames, from 0 on
 *	wire NIC NIC				connect the two
 *	null DEV DEV				forward, directly
 *	queue DEV DEV				forward, by dev_queue_xmit()
 *	free DEV				free what is received
 *	unhook DEV				end these three
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>

#include "labnic.h"

#define LABNIC_COMMANDS_MAX	SZ_1M

static struct dentry *labnic_dir;

/* The next word of a command; NULL if there is none. */
static char *labnic_word(char **text)
{
	char *word;

	do {
		word = strsep(text, " \t");
	} while (word && !*word);
	return word;
}

static struct net_device *labnic_word_dev(char **text)
{
	char *word = labnic_word(text);

	if (!word)
		return NULL;
	return __dev_get_by_name(current->nsproxy->net_ns, word);
}

static struct labnic *labnic_word_nic(char **text)
{
	struct net_device *dev = labnic_word_dev(text);

	return dev ? labnic_of(dev) : NULL;
}

static int labnic_parse_number(struct labnic_gen *gen, const char *key,
			       const char *value)
{
	const struct {
		const char *key;
		u32 *number;
	} keys[] = {
		{ "nsrc", &gen->nsrc },		{ "ndst", &gen->ndst },
		{ "seed", &gen->seed },		{ "flows", &gen->flows },
		{ "vid", &gen->vid },		{ "size", &gen->size },
		{ "mss", &gen->mss },		{ "burst", &gen->burst },
		{ "count", &gen->count },	{ "queues", &gen->queues },
		{ "stamp", &gen->stamp },	{ "step", &gen->step },
		{ "gap", &gen->gap },		{ "nvid", &gen->nvid },
		{ "pcp", &gen->pcp },		{ "rate", &gen->rate },
		{ "cpu", &gen->cpu },		{ "pause", &gen->pause },
		{ "hash", &gen->hash },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(key, keys[i].key))
			return kstrtou32(value, 0, keys[i].number);
	return -EINVAL;
}

static int labnic_parse_mac(u8 *mac, const char *value)
{
	int n = sscanf(value, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1],
		       &mac[2], &mac[3], &mac[4], &mac[5]);

	return n == ETH_ALEN ? 0 : -EINVAL;
}

static int labnic_parse_gen(char *text, struct labnic_gen *gen)
{
	char *key, *value;
	int err;

	while ((value = labnic_word(&text))) {
		key = strsep(&value, "=");
		if (!value)
			return -EINVAL;
		if (!strcmp(key, "src"))
			err = labnic_parse_mac(gen->src, value);
		else if (!strcmp(key, "dst"))
			err = labnic_parse_mac(gen->dst, value);
		else
			err = labnic_parse_number(gen, key, value);
		if (err)
			return err;
	}
	return 0;
}

static int labnic_do_frames(char *text, int (*action)(struct labnic *nic,
						      const struct labnic_gen *gen))
{
	struct labnic_gen gen = {
		.src = { 2, 0, 0, 0, 0, 1 },
		.dst = { 2, 0, 0, 0, 0, 2 },
		.hash = 1,
		.nsrc = 1,
		.ndst = 1,
		.step = 1,
		.nvid = 1,
		.flows = 1,
		.size = ETH_ZLEN,
		.burst = NAPI_POLL_WEIGHT,
		.count = 1,
		.queues = 1,
	};
	struct labnic *nic = labnic_word_nic(&text);
	int err;

	if (!nic)
		return -ENODEV;
	err = labnic_parse_gen(text, &gen);
	return err ?: action(nic, &gen);
}

/* What an earlier run has made is of no interest any more. */
static void labnic_forget_results(void)
{
	struct labnic *nic;
	unsigned int i;

	list_for_each_entry(nic, &labnic_list, list)
		for (i = 0; i < nic->dev->num_rx_queues; i++)
			if (!nic->queues[i].run)
				nic->queues[i].made = 0;
}

static void labnic_stop_run(const struct labnic_run *run)
{
	struct labnic *nic;

	rtnl_lock();
	list_for_each_entry(nic, &labnic_list, list)
		labnic_gen_stop(nic, run);
	rtnl_unlock();
}

/* The RTNL is held, but not while waiting. */
static int labnic_do_run(char *text)
{
	struct labnic_run run;
	struct labnic *nic;
	int err = 0;

	atomic_set(&run.pending, 1);
	init_completion(&run.done);
	labnic_forget_results();
	while (text && !err) {
		nic = labnic_word_nic(&text);
		err = nic ? labnic_gen_start(nic, &run) : -ENODEV;
	}
	rtnl_unlock();

	if (err)
		labnic_stop_run(&run);
	if (atomic_dec_and_test(&run.pending))
		complete(&run.done);
	if (wait_for_completion_interruptible(&run.done)) {
		err = -EINTR;
		labnic_stop_run(&run);
		wait_for_completion(&run.done);
	}
	rtnl_lock();
	return err;
}

/* The RTNL is held, but not while waiting. */
static int labnic_wait_fed(const char *name)
{
	struct net_device *dev;
	struct labnic *nic;

	for (;;) {
		dev = __dev_get_by_name(current->nsproxy->net_ns, name);
		nic = dev ? labnic_of(dev) : NULL;
		if (!nic)
			return -ENODEV;
		if (!labnic_feeds_busy(nic))
			return 0;
		rtnl_unlock();
		schedule_timeout_interruptible(1);
		rtnl_lock();
		if (signal_pending(current))
			return -EINTR;
	}
}

static int labnic_do_feed_wait(char *text)
{
	const char *name;
	int err = 0;

	while (!err && (name = labnic_word(&text)))
		err = labnic_wait_fed(name);
	return err;
}

static int labnic_do_feed_stop(char *text)
{
	struct labnic *nic;

	while (text) {
		nic = labnic_word_nic(&text);
		if (!nic)
			return -ENODEV;
		labnic_feeds_stop(nic);
	}
	return 0;
}

static int labnic_turn_knobs(struct labnic *nic, char *text)
{
	char *key, *value;
	int err = 0;
	u32 number;

	while (!err && (value = labnic_word(&text))) {
		key = strsep(&value, "=");
		if (!value)
			return -EINVAL;
		err = kstrtou32(value, 0, &number) ?:
		      labnic_knobs_set(nic, key, number);
	}
	return err;
}

static int labnic_do_set(char *text)
{
	struct labnic *nic = labnic_word_nic(&text);

	return nic ? labnic_turn_knobs(nic, text) : -ENODEV;
}

static int labnic_do_preset(char *text)
{
	labnic_knobs_reset();
	return labnic_turn_knobs(NULL, text);
}

static int labnic_do_forget(char *text)
{
	struct labnic *nic = labnic_word_nic(&text);
	const char *word = labnic_word(&text);
	u32 location;
	int err;

	if (!nic)
		return -ENODEV;
	if (!word)
		return -EINVAL;
	if (!strcmp(word, "all"))
		return labnic_rules_delete(nic);
	err = kstrtou32(word, 0, &location);
	return err ?: labnic_rule_delete(nic, location);
}

static int labnic_do_cpu(char *text)
{
	struct labnic *nic = labnic_word_nic(&text);
	const char *queue = labnic_word(&text), *cpu = labnic_word(&text);
	u32 q, c;
	int err;

	if (!nic)
		return -ENODEV;
	if (!queue || !cpu)
		return -EINVAL;
	err = kstrtou32(queue, 0, &q) ?: kstrtou32(cpu, 0, &c);
	if (err)
		return err;
	if (q >= nic->dev->num_rx_queues || c >= nr_cpu_ids || !cpu_online(c))
		return -EINVAL;
	return labnic_irq_move(&nic->queues[q], c);
}

static int labnic_do_detach(char *text, bool detach)
{
	struct labnic *nic = labnic_word_nic(&text);

	if (!nic)
		return -ENODEV;
	if (detach)
		netif_device_detach(nic->dev);
	else
		netif_device_attach(nic->dev);
	return 0;
}

static int labnic_do_sink(char *text)
{
	struct labnic *nic;
	int err = 0;

	while (text && !err) {
		nic = labnic_word_nic(&text);
		err = nic ? labnic_sink_reset(nic) : -ENODEV;
	}
	return err;
}

static int labnic_do_wire(char *text)
{
	struct labnic *nic = labnic_word_nic(&text);
	struct labnic *other = labnic_word_nic(&text);

	return nic && other ? labnic_connect(nic, other) : -ENODEV;
}

static int labnic_do_hook(char *text, enum labnic_hook_mode mode)
{
	struct net_device *from = labnic_word_dev(&text), *to = NULL;

	if (mode != LABNIC_HOOK_FREE)
		to = labnic_word_dev(&text);
	if (!from || (mode != LABNIC_HOOK_FREE && !to))
		return -ENODEV;
	return labnic_hook_add(from, to, mode);
}

static int labnic_do_unhook(char *text)
{
	struct net_device *from = labnic_word_dev(&text);

	return from ? labnic_hook_del(from) : -ENODEV;
}

static int labnic_command(char *text)
{
	char *verb = labnic_word(&text);

	if (!verb)
		return 0;
	if (!strcmp(verb, "gen"))
		return labnic_do_frames(text, labnic_gen_set);
	if (!strcmp(verb, "run"))
		return labnic_do_run(text);
	if (!strcmp(verb, "feed"))
		return labnic_do_frames(text, labnic_feed_start);
	if (!strcmp(verb, "feed-wait"))
		return labnic_do_feed_wait(text);
	if (!strcmp(verb, "feed-stop"))
		return labnic_do_feed_stop(text);
	if (!strcmp(verb, "set"))
		return labnic_do_set(text);
	if (!strcmp(verb, "preset"))
		return labnic_do_preset(text);
	if (!strcmp(verb, "forget"))
		return labnic_do_forget(text);
	if (!strcmp(verb, "cpu"))
		return labnic_do_cpu(text);
	if (!strcmp(verb, "detach"))
		return labnic_do_detach(text, true);
	if (!strcmp(verb, "attach"))
		return labnic_do_detach(text, false);
	if (!strcmp(verb, "sink"))
		return labnic_do_sink(text);
	if (!strcmp(verb, "wire"))
		return labnic_do_wire(text);
	if (!strcmp(verb, "null"))
		return labnic_do_hook(text, LABNIC_HOOK_DIRECT);
	if (!strcmp(verb, "queue"))
		return labnic_do_hook(text, LABNIC_HOOK_QUEUE);
	if (!strcmp(verb, "free"))
		return labnic_do_hook(text, LABNIC_HOOK_FREE);
	if (!strcmp(verb, "unhook"))
		return labnic_do_unhook(text);
	return -EINVAL;
}

static ssize_t labnic_control_write(struct file *file, const char __user *from,
				    size_t len, loff_t *pos)
{
	char *text, *rest, *line;
	int err = 0;

	if (len > LABNIC_COMMANDS_MAX)
		return -E2BIG;
	text = memdup_user_nul(from, len);
	if (IS_ERR(text))
		return PTR_ERR(text);
	rest = text;
	rtnl_lock();
	while (!err && (line = strsep(&rest, "\n")))
		err = labnic_command(line);
	rtnl_unlock();
	kfree(text);
	return err ?: len;
}

static const struct file_operations labnic_control_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = labnic_control_write,
};

/* NIC, queue, frames, frames that could not be made, ns. */
static int labnic_result_show(struct seq_file *m, void *unused)
{
	struct labnic *nic;
	unsigned int i;

	rtnl_lock();
	list_for_each_entry(nic, &labnic_list, list) {
		for (i = 0; i < nic->dev->num_rx_queues; i++) {
			const struct labnic_queue *rq = &nic->queues[i];

			if (rq->made)
				seq_printf(m, "%s %u %u %u %llu\n",
					   nic->dev->name, i, rq->made,
					   rq->failed, rq->time);
		}
	}
	rtnl_unlock();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(labnic_result);

/* NIC, frames, tagged ones, lost, late, seen twice, alien; latency of 50 and
 * 99 of a hundred, in ns.  NICs whose sink has seen nothing are left out.
 */
static void labnic_sink_show_nic(struct seq_file *m, const struct labnic *nic)
{
	u64 frames = 0, tagged = 0, lost = 0, late = 0, twice = 0, alien = 0;
	unsigned int i;

	for (i = 0; i < nic->n_sinks; i++) {
		const struct labnic_sink *sink = &nic->sinks[i];

		frames += u64_stats_read(&sink->packets) - sink->base.packets;
		tagged += sink->tagged - sink->base.tagged;
		lost += sink->lost;
		late += sink->late;
		twice += sink->twice;
		alien += sink->alien;
	}
	if (!frames)
		return;
	seq_printf(m, "%s %llu %llu %llu %llu %llu %llu %llu %llu\n",
		   nic->dev->name, frames - alien, tagged, lost, late, twice,
		   alien, labnic_latency_percentile(nic, 50),
		   labnic_latency_percentile(nic, 99));
}

static int labnic_sink_show(struct seq_file *m, void *unused)
{
	struct labnic *nic;

	rtnl_lock();
	list_for_each_entry(nic, &labnic_list, list)
		labnic_sink_show_nic(m, nic);
	rtnl_unlock();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(labnic_sink);

static int labnic_clock_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "%llu\n", labnic_clock_process());
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(labnic_clock);

static int labnic_feeds_file_show(struct seq_file *m, void *unused)
{
	rtnl_lock();
	labnic_feeds_show(m);
	rtnl_unlock();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(labnic_feeds_file);

static int labnic_knobs_file_show(struct seq_file *m, void *unused)
{
	struct labnic *nic;

	rtnl_lock();
	list_for_each_entry(nic, &labnic_list, list)
		labnic_knobs_show(m, nic);
	rtnl_unlock();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(labnic_knobs_file);

/* NIC, queue, CPU, interrupt or 0, frames that are not handed up yet. */
static int labnic_queues_file_show(struct seq_file *m, void *unused)
{
	struct labnic *nic;
	unsigned int i;

	rtnl_lock();
	list_for_each_entry(nic, &labnic_list, list)
		for (i = 0; i < nic->dev->real_num_rx_queues; i++)
			seq_printf(m, "%s %u %d %d %u\n", nic->dev->name, i,
				   READ_ONCE(nic->queues[i].cpu),
				   nic->queues[i].irq,
				   labnic_queue_waiting(&nic->queues[i]));
	rtnl_unlock();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(labnic_queues_file);

/**
 * labnic_control_init() - make the files
 *
 * Return: 0 or an error.
 */
int labnic_control_init(void)
{
	labnic_dir = debugfs_create_dir(LABNIC_KIND, NULL);
	if (IS_ERR(labnic_dir))
		return PTR_ERR(labnic_dir);
	debugfs_create_file("control", 0200, labnic_dir, NULL,
			    &labnic_control_fops);
	debugfs_create_file("result", 0400, labnic_dir, NULL,
			    &labnic_result_fops);
	debugfs_create_file("feeds", 0400, labnic_dir, NULL,
			    &labnic_feeds_file_fops);
	debugfs_create_file("queues", 0400, labnic_dir, NULL,
			    &labnic_queues_file_fops);
	debugfs_create_file("knobs", 0400, labnic_dir, NULL,
			    &labnic_knobs_file_fops);
	debugfs_create_file("sink", 0400, labnic_dir, NULL, &labnic_sink_fops);
	debugfs_create_file("clock", 0400, labnic_dir, NULL,
			    &labnic_clock_fops);
	return 0;
}

/**
 * labnic_control_exit() - remove them
 */
void labnic_control_exit(void)
{
	debugfs_remove_recursive(labnic_dir);
}
