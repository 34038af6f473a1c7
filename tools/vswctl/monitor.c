// SPDX-License-Identifier: GPL-2.0
/*
 * Events as they happen, one a line.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "args.h"
#include "nl.h"
#include "port.h"

/**
 * struct event - how an event is printed
 * @name: its name
 * @fields: description of the object
 * @switch_attr: names the switch
 * @port_attr: names the port, or 0
 */
struct event {
	const char *name;
	const struct field *fields;
	u16 switch_attr;
	u16 port_attr;
};

#define SWITCH_EVENT(word)	{ word, switch_fields, VMS_A_SWITCH_NAME, 0 }
#define PORT_EVENT(word)	{ word, port_fields, VMS_A_PORT_SWITCH, \
				  VMS_A_PORT_NAME }
#define FDB_EVENT(word)		{ word, fdb_fields, VMS_A_FDB_SWITCH, 0 }
#define VMQ_EVENT(word)		{ word, vmq_fields, VMS_A_VMQ_SWITCH, \
				  VMS_A_VMQ_PORT }

static const struct event events[VMS_CMD_MAX + 1] = {
	[VMS_CMD_SWITCH_ADD_NTF]	= SWITCH_EVENT("switch-add"),
	[VMS_CMD_SWITCH_CHANGE_NTF]	= SWITCH_EVENT("switch-change"),
	[VMS_CMD_SWITCH_DEL_NTF]	= SWITCH_EVENT("switch-del"),
	[VMS_CMD_PORT_ADD_NTF]		= PORT_EVENT("port-add"),
	[VMS_CMD_PORT_CHANGE_NTF]	= PORT_EVENT("port-change"),
	[VMS_CMD_PORT_LINK_NTF]		= PORT_EVENT("port-link"),
	[VMS_CMD_PORT_DEL_NTF]		= PORT_EVENT("port-del"),
	[VMS_CMD_FDB_ADD_NTF]		= FDB_EVENT("fdb-add"),
	[VMS_CMD_FDB_MOVE_NTF]		= FDB_EVENT("fdb-move"),
	[VMS_CMD_FDB_DEL_NTF]		= FDB_EVENT("fdb-del"),
	[VMS_CMD_VMQ_CHANGE_NTF]	= VMQ_EVENT("vmq-change"),
};

static void event_json(const struct event *event, const struct nl_msg *msg)
{
	json_t *object = json_object(), *settings;

	json_object_set_new(object, "event", json_string(event->name));
	json_object_set_new(object, "switch",
			    get_text(nl_str(msg->tb[event->switch_attr])));
	settings = object_of(event->fields, msg);
	json_object_update(object, settings);
	json_decref(settings);
	print_json_line(object);
	json_decref(object);
}

static void event_text(const struct event *event, const struct nl_msg *msg)
{
	json_t *sw = get_text(nl_str(msg->tb[event->switch_attr]));
	json_t *object = object_of(event->fields, msg);
	const char *port = "";

	if (event->port_attr)
		port = nl_str(msg->tb[event->port_attr]);
	printf("%-13s %s%s%s", event->name, json_string_value(sw),
	       *port ? "/" : "", port);
	print_line(event->fields, object);
	fputc('\n', stdout);
	json_decref(object);
	json_decref(sw);
}

static void event_lost(void)
{
	json_t *object;

	if (!options.json) {
		printf("%-13s events were lost: read the state again\n",
		       "overrun");
		return;
	}
	object = json_object();
	json_object_set_new(object, "event", json_string("overrun"));
	print_json_line(object);
	json_decref(object);
}

/* What ends the loop. */
#define MONITOR_DONE	1
#define MONITOR_FAILED	2

/**
 * struct monitor - what is printed
 * @left: events after which to end, 0: never
 * @only: events of this message only, 0: all
 */
struct monitor {
	u32 left;
	u8 only;
};

/* Ends the loop after the last event that is wanted, and when nobody takes
 * them any more.
 */
static int print_event(const struct nl_msg *msg, void *arg)
{
	struct monitor *monitor = arg;
	const struct event *event;

	if (!msg) {
		event_lost();
		return print_finish() ? MONITOR_FAILED : VSW_OK;
	}
	if (msg->cmd > VMS_CMD_MAX || !events[msg->cmd].name ||
	    (monitor->only && msg->cmd != monitor->only))
		return VSW_OK;
	event = &events[msg->cmd];
	if (options.json)
		event_json(event, msg);
	else
		event_text(event, msg);
	if (print_finish())
		return MONITOR_FAILED;
	return monitor->left && !--monitor->left ? MONITOR_DONE : VSW_OK;
}

/* Each event is written out when it comes, so nothing is lost here; and it may
 * be in the middle of that, with a reader that stalls.
 */
static void stop(int signal)
{
	(void)signal;
	_exit(VSW_OK);
}

static void catch_signals(void)
{
	static const struct sigaction action = { .sa_handler = stop };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static const struct key monitor_keys[] = {
	{
		.name = "count", .arg = "N", .mask = 1,
		.help =
			"end after N events, 1 to 4294967295. Default: go on until SIGINT or SIGTERM",
	},
	{ }
};

static int run_monitor(const struct verb *verb, struct args *args)
{
	struct monitor monitor = { .only = verb->cmd };
	const struct key *key;
	int ret = VSW_OK;

	if (args_peek(args)) {
		key = key_find(args, verb->keys, verb->mask);
		ret = key ? parse_number(args, key, 1, UINT32_MAX,
					 &monitor.left) : VSW_USAGE;
	}
	if (!ret)
		ret = args_end(args);
	if (!ret)
		ret = nl_open();
	if (ret)
		return ret;
	catch_signals();
	ret = nl_monitor(print_event, &monitor);
	if (ret < 0)
		return error_system("events");
	return ret == MONITOR_FAILED ? VSW_REFUSED : VSW_OK;
}

const struct verb verb_monitor = {
	.name = "monitor",
	.synopsis = "[count N]",
	.summary = "print events as they happen, one a line",
	.detail =
		"With -j each line is a JSON object. If events come faster than they are read, the line \"overrun\" says that some were lost.",
	.examples = {
		"monitor",
		"-j monitor count 1  # wait for the next event",
	},
	.keys = monitor_keys, .mask = 1, .run = run_monitor,
};

const struct verb verb_vmq_moves = {
	.name = "vmq", .sub = "moves",
	.synopsis = "[count N]",
	.summary = "print changes of receive queues as they happen, one a line",
	.detail = "What monitor calls vmq-change, and nothing else.",
	.examples = { "vmq moves", "-j vmq moves count 1" },
	.cmd = VMS_CMD_VMQ_CHANGE_NTF,
	.keys = monitor_keys, .mask = 1, .run = run_monitor,
};
