// SPDX-License-Identifier: GPL-2.0
/*
 * VMQ: which port has which receive queue of the uplink.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "nl.h"
#include "port.h"
#include "words.h"

static const struct noun noun_vmq = {
	.name		= "port",
	.switch_attr	= VMS_A_VMQ_SWITCH,
	.port_attr	= VMS_A_VMQ_PORT,
};

static const char *const reason_sentences[] = {
	[VMS_VMQ_R_PENDING]	= "a queue is being looked for",
	[VMS_VMQ_R_GRANTED]	= "a queue was free",
	[VMS_VMQ_R_MOVED]	=
		"the queue that it had went to other use, so it got another",
	[VMS_VMQ_R_RESTORED]	= "its filter was lost and was set again",
	[VMS_VMQ_R_WEIGHT_ZERO]	= "its weight is 0",
	[VMS_VMQ_R_NO_MAC]	= "it has no MAC address of its own: see set-mac",
	[VMS_VMQ_R_UNPLUGGED]	= "nothing is plugged into it",
	[VMS_VMQ_R_NO_UPLINK]	= "the switch has no uplink, or none is plugged",
	[VMS_VMQ_R_UPLINK_DOWN]	= "the uplink is down",
	[VMS_VMQ_R_UNSUPPORTED]	= "the uplink's driver has no filters",
	[VMS_VMQ_R_NTUPLE_OFF]	=
		"the uplink's filters are turned off: ethtool -K NIC ntuple on",
	[VMS_VMQ_R_RSS]		=
		"RSS may use all queues of the uplink: ethtool -X NIC equal N leaves those from N on to ports",
	[VMS_VMQ_R_NO_QUEUE]	= "all queues are taken",
	[VMS_VMQ_R_OUTWEIGHED]	= "its queue went to a port of more weight",
	[VMS_VMQ_R_NO_FILTER]	= "the uplink has no room for its filters",
	[VMS_VMQ_R_REFUSED]	= "the uplink's driver refused its filter",
	[VMS_VMQ_R_NOT_DELIVERED] =
		"the driver took its filter, but the frames arrived elsewhere",
	[VMS_VMQ_R_MAC_SHARED]	=
		"another port has its MAC address, and a filter can not tell them apart",
	[VMS_VMQ_R_NO_MEMORY]	= "there is no memory",
	[VMS_VMQ_R_ADOPTED]	=
		"the uplink's driver has no filters, but all frames for the port were seen to come by this queue",
	[VMS_VMQ_R_RULE_EXISTS]	=
		"the uplink has a rule for its address already: see ethtool -n; somebody else's, or an old one that its driver has not deleted yet",
	[VMS_VMQ_R_RULE_QUEUES]	=
		"the uplink has a rule of somebody else that may lead to any queue: into an RSS context, or it can not be read",
};

static const char *const move_sentences[] = {
	[VMS_VMQ_MOVE_NONE]	= "there was no reason to move it",
	[VMS_VMQ_MOVE_PINNED]	= "moved to the CPU that vmq-cpu says",
	[VMS_VMQ_MOVE_RANGE]	=
		"moved off a CPU that is offline, out of range, isolated, or not the first of its core",
	[VMS_VMQ_MOVE_SPREAD]	= "moved off a CPU with more to do than others",
	[VMS_VMQ_MOVE_COALESCE]	= "moved to others, because there is little to do",
	[VMS_VMQ_MOVE_STUCK]	=
		"moved, but frames go on to come by the old CPU; tried again after a while",
	[VMS_VMQ_MOVE_UNDONE]	=
		"somebody has undone the move; tried again after a while",
	[VMS_VMQ_MOVE_YIELDED]	=
		"somebody (irqbalance?) has undone three moves: left to him until the uplink's link or features, or a setting, change",
	[VMS_VMQ_MOVE_REFUSED]	= "the move was refused; tried again after a while",
	[VMS_VMQ_MOVE_UNABLE]	=
		"it can not be moved: its interrupt is not known, or managed by the kernel, or serves the queue of another port, which moves it",
};

static json_t *get_filters(const struct field *field, const struct nl_msg *msg)
{
	const struct nlattr *attr = NULL, *mac, *vlan, *location;
	json_t *list, *filter;
	struct nl_msg nest;
	char text[MAC_TEXT];

	if (!msg->tb[VMS_A_VMQ_QUEUE])
		return NULL;
	list = json_array();
	while ((attr = nl_next(msg, field->attr, attr))) {
		nl_nest(attr, &nest);
		mac = nest.tb[VMS_A_VMQ_FILTER_MAC];
		vlan = nest.tb[VMS_A_VMQ_FILTER_VLAN];
		location = nest.tb[VMS_A_VMQ_FILTER_LOCATION];
		if (!mac || nl_len(mac) != MAC_LEN || !location)
			continue;
		filter = json_object();
		mac_text(nl_data(mac), text);
		json_object_set_new(filter, "mac", json_string(text));
		if (vlan)
			json_object_set_new(filter, "vlan",
					    json_integer(nl_uint(vlan)));
		json_object_set_new(filter, "location",
				    json_integer(nl_uint(location)));
		json_array_append_new(list, filter);
	}
	return list;
}

static char *filters_text(const json_t *list)
{
	char *text = format("%s", ""), *longer;
	const json_t *vlan;
	json_t *filter;
	size_t i;

	json_array_foreach(list, i, filter) {
		vlan = json_object_get(filter, "vlan");
		longer = format("%s%s%s", text, i ? ", " : "",
				object_str(filter, "mac"));
		free(text);
		text = longer;
		if (vlan) {
			longer = format("%s vlan %u", text,
					(unsigned int)json_integer_value(vlan));
			free(text);
			text = longer;
		}
		longer = format("%s at %u", text,
				(unsigned int)object_uint(filter, "location"));
		free(text);
		text = longer;
	}
	return text;
}

/* Reasons of moves and how often, in one object. */
static json_t *get_moved(const struct field *field, const struct nl_msg *msg)
{
	const struct nlattr *attr = NULL, *reason, *count;
	json_t *object;
	struct nl_msg nest;
	const char *word;
	char key[16];

	if (!msg->tb[VMS_A_VMQ_MOVE])
		return NULL;
	object = json_object();
	while ((attr = nl_next(msg, field->attr, attr))) {
		nl_nest(attr, &nest);
		reason = nest.tb[VMS_A_VMQ_MOVED_REASON];
		count = nest.tb[VMS_A_VMQ_MOVED_COUNT];
		if (!reason || !count)
			continue;
		word = word_of(&words_vmq_move, nl_uint(reason));
		snprintf(key, sizeof(key), "reason-%u",
			 (unsigned int)nl_uint(reason));
		json_object_set_new(object, word ? word : key,
				    json_integer(nl_uint(count)));
	}
	return object;
}

/* In percent of a CPU, with one digit behind the point. */
static char *load_text(const json_t *value)
{
	unsigned int load = json_integer_value(value);

	return format("%u.%u %%", load / 100, load / 10 % 10);
}

static json_t *get_served(const struct field *field, const struct nl_msg *msg)
{
	const struct nlattr *attr = NULL, *cpu, *packets;
	json_t *object;
	struct nl_msg nest;
	char key[16];

	if (!msg->tb[VMS_A_VMQ_QUEUE] && !msg->tb[VMS_A_VMQ_HANDED])
		return NULL;
	object = json_object();
	while ((attr = nl_next(msg, field->attr, attr))) {
		nl_nest(attr, &nest);
		cpu = nest.tb[VMS_A_VMQ_SERVED_CPU];
		packets = nest.tb[VMS_A_VMQ_SERVED_PACKETS];
		if (!cpu || !packets)
			continue;
		snprintf(key, sizeof(key), "%u", (unsigned int)nl_uint(cpu));
		json_object_set_new(object, key,
				    json_integer(nl_uint(packets)));
	}
	return object;
}

static char *served_text(const json_t *served)
{
	char *text = NULL, *longer;
	const char *cpu;
	json_t *count;

	json_object_foreach((json_t *)served, cpu, count) {
		longer = format("%s%s%s:%" JSON_INTEGER_FORMAT,
				text ? text : "", text ? " " : "", cpu,
				json_integer_value(count));
		free(text);
		text = longer;
	}
	return text ? text : format("-");
}

/* The errno that a driver refused with, as a word. */
static json_t *get_error(const struct field *field, const struct nl_msg *msg)
{
	const struct nlattr *attr = msg->tb[field->attr];

	return attr ? json_string(strerror(nl_uint(attr))) : NULL;
}

const struct field vmq_fields[] = {
	{ .key = "switch", .attr = VMS_A_VMQ_SWITCH, .get = get_str,
	  .json_only = true },
	{ .key = "port", .attr = VMS_A_VMQ_PORT, .get = get_str,
	  .json_only = true },
	{ .key = "mode", .attr = VMS_A_VMQ_MODE, .get = get_word,
	  .words = &words_vmq_mode },
	{ .key = "queue", .attr = VMS_A_VMQ_QUEUE, .get = get_uint },
	{ .key = "reason", .attr = VMS_A_VMQ_REASON, .get = get_word,
	  .words = &words_vmq_reason },
	{ .key = "error", .attr = VMS_A_VMQ_ERROR, .get = get_error },
	{ .key = "weight", .attr = VMS_A_VMQ_WEIGHT, .get = get_uint },
	{ .key = "verified", .attr = VMS_A_VMQ_VERIFIED, .get = get_bool },
	{ .key = "cpu", .attr = VMS_A_VMQ_CPU, .get = get_uint },
	{ .key = "moves", .attr = VMS_A_VMQ_MOVES, .get = get_uint },
	{ .key = "elsewhere", .attr = VMS_A_VMQ_ELSEWHERE, .get = get_uint },
	{ .key = "filters", .attr = VMS_A_VMQ_FILTER, .get = get_filters,
	  .text = filters_text },
	{ .key = "handed", .attr = VMS_A_VMQ_HANDED, .get = get_uint },
	{ .key = "dropped", .attr = VMS_A_VMQ_DROPPED, .get = get_uint },
	{ .key = "forced", .attr = VMS_A_VMQ_FORCED, .get = get_uint },
	{ .key = "served", .attr = VMS_A_VMQ_SERVED, .get = get_served,
	  .text = served_text },
	{ .key = "tx-queue", .attr = VMS_A_VMQ_TX_QUEUE, .get = get_uint },
	{ .key = "mover", .attr = VMS_A_VMQ_MOVER, .get = get_str },
	{ .key = "move", .attr = VMS_A_VMQ_MOVE, .get = get_word,
	  .words = &words_vmq_move },
	{ .key = "move-error", .attr = VMS_A_VMQ_MOVE_ERROR,
	  .get = get_error },
	{ .key = "asked-cpu", .attr = VMS_A_VMQ_ASKED, .get = get_uint },
	{ .key = "load", .attr = VMS_A_VMQ_LOAD, .get = get_uint,
	  .text = load_text },
	{ .key = "cpu-moves", .attr = VMS_A_VMQ_MOVED, .get = get_moved,
	  .text = served_text },
	{ }
};

static const struct field pool_fields[] = {
	{ .key = "switch", .attr = VMS_A_VMQ_SWITCH, .get = get_str },
	{ .key = "uplink", .attr = VMS_A_VMQ_UPLINK, .get = get_str },
	{ .key = "queues", .attr = VMS_A_VMQ_QUEUES, .get = get_uint },
	{ .key = "pool", .attr = VMS_A_VMQ_POOL, .get = get_uint },
	{ .key = "free", .attr = VMS_A_VMQ_FREE, .get = get_uint },
	{ }
};

/* A message about a pool begins a switch, those about ports follow. */
static int collect(const struct nl_msg *msg, void *arg)
{
	json_t *list = arg, *item;

	if (!msg->tb[VMS_A_VMQ_PORT]) {
		item = object_of(pool_fields, msg);
		json_object_set_new(item, "ports", json_array());
		json_array_append_new(list, item);
		return VSW_OK;
	}
	item = json_array_get(list, json_array_size(list) - 1);
	json_array_append_new(json_object_get(item, "ports"),
			      object_of(vmq_fields, msg));
	return VSW_OK;
}

static int collect_one(const struct nl_msg *msg, void *arg)
{
	json_array_append_new(arg, object_of(vmq_fields, msg));
	return VSW_OK;
}

static void vmq_row(const json_t *port)
{
	const json_t *filters = json_object_get(port, "filters");
	const json_t *queue = json_object_get(port, "queue");
	const json_t *served = json_object_get(port, "served");
	const json_t *asked = json_object_get(port, "asked-cpu");
	const json_t *cpu = json_object_get(port, "cpu");
	bool soft = json_object_get(port, "handed");

	table_cell(format("%s", object_str(port, "port")));
	table_cell(queue ? print_text(queue) : format("-"));
	table_cell(json_array_size(filters) ? filters_text(filters) :
		   format("%s", soft ? "software" : "-"));
	table_cell(format("%s", !queue ? "-" :
			  object_bool(port, "verified") ? "yes" : "no"));
	table_cell(asked ? print_text(asked) : format("-"));
	table_cell(cpu ? print_text(cpu) : format("-"));
	table_cell(served ? served_text(served) : format("-"));
	table_cell(format("%u", (unsigned int)object_uint(port, "moves")));
	table_cell(format("%s", object_str(port, "reason")));
	table_row();
}

static void vmq_table(const json_t *item)
{
	static const char *const heads[] = {
		"PORT", ">QUEUE", "FILTERS", "SEEN", ">ASKED", ">CPU",
		"CPU:FRAMES", ">MOVES", "REASON", NULL
	};
	const char *uplink = object_str(item, "uplink");
	const json_t *ports = json_object_get(item, "ports");
	json_t *port;
	size_t i;

	printf("switch %s: uplink %s", object_str(item, "switch"),
	       *uplink ? uplink : "none");
	if (json_object_get(item, "queues"))
		printf(", %u queues, %u for ports, %u free",
		       (unsigned int)object_uint(item, "queues"),
		       (unsigned int)object_uint(item, "pool"),
		       (unsigned int)object_uint(item, "free"));
	printf("\n");
	if (!json_array_size(ports))
		return;
	table_begin("  ", heads);
	json_array_foreach(ports, i, port)
		vmq_row(port);
	table_end();
}

static void vmq_block(const json_t *port)
{
	const char *word = object_str(port, "reason");
	size_t i;

	printf("port %s/%s\n", object_str(port, "switch"),
	       object_str(port, "port"));
	print_block(vmq_fields, port);
	for (i = 0; i < ARRAY_SIZE(reason_sentences); i++)
		if (!strcmp(word, word_of(&words_vmq_reason, i)))
			printf("  (%s)\n", reason_sentences[i]);
	word = object_str(port, "move");
	for (i = 0; i < ARRAY_SIZE(move_sentences); i++)
		if (!strcmp(word, word_of(&words_vmq_move, i)))
			printf("  (CPU: %s)\n", move_sentences[i]);
}

static void print_list(const json_t *list, bool one)
{
	json_t *item;
	size_t i;

	if (options.json)
		print_begin();
	json_array_foreach(list, i, item) {
		if (options.json)
			print_json(item);
		else if (one)
			vmq_block(item);
		else
			vmq_table(item);
	}
	if (options.json)
		print_end();
}

static int run_vmq_show(const struct verb *verb, struct args *args)
{
	int words = args->count - args->next, ret;
	bool one = words > 1;
	struct nl_error err;
	struct nl_req req;
	json_t *list;

	nl_req_start(&req, VMS_CMD_VMQ_GET);
	ret = request_names(verb, args, words, &req);
	if (!ret)
		ret = args_end(args);
	if (!ret)
		ret = nl_open();
	if (ret)
		return ret;
	list = json_array();
	ret = one ? nl_get(&req, collect_one, list, &err) :
		    nl_dump(&req, collect, list, &err);
	if (ret)
		error_kernel(verb, req.buf, &err);
	else
		print_list(list, one);
	json_decref(list);
	return ret;
}

const struct verb verb_vmq_show = {
	.name = "vmq", .sub = "show",
	.synopsis = "[SWITCH [PORT]]",
	.summary = "show which port has which receive queue of the uplink",
	.detail =
		"FILTERS are the rules that \"ethtool -n\" shows, with their location. SEEN: frames for the port were seen on its queue. Of a port that has a CPU but no queue, FILTERS is \"software\": its frames are handed over to the CPU. ASKED is the CPU that the queue was moved to, as long as that holds, or that frames are handed over to, CPU the one that served the queue, or ran the frames, when it was last looked at, CPU:FRAMES what each did. REASON is of the last change; of one port it is said in full.",
	.examples = {
		"vmq show vs0",
		"vmq show vs0 web  # with the reason in full",
	},
	.noun = &noun_vmq, .run = run_vmq_show,
};

static const struct key vmq_keys[] = {
	{
		.name = "on", .mask = 1,
		.help = "the port wants a receive queue of the uplink for itself",
		.attr = VMS_A_PORT_VMQ, .parse = put_fixed, .min = 1,
	}, {
		.name = "off", .mask = 1,
		.help = "it wants none",
		.attr = VMS_A_PORT_VMQ, .parse = put_fixed, .min = 0,
	}, {
		.name = "weight", .arg = "N", .mask = 1,
		.help =
			"0 to 100: who has more goes first when queues are short, 0: never. Default: 100",
		.attr = VMS_A_PORT_VMQ_WEIGHT, .parse = put_u8,
		.max = VMS_VMQ_WEIGHT_MAX,
	}, {
		.name = "cpu", .arg = "N|auto", .mask = 1,
		.help =
			"the CPU that is to serve the port's queue or, if it has none, is handed its frames. auto: none in particular. Default: auto",
		.attr = VMS_A_PORT_VMQ_CPU, .parse = put_cpu,
	}, {
		.name = "dynamic", .arg = "on|off", .mask = 1,
		.help =
			"of the uplink. on: queues are moved between CPUs as the load changes. Default: off",
		.attr = VMS_A_PORT_VMQ_DYNAMIC, .parse = put_word,
		.words = &words_onoff,
	}, {
		.name = "base-cpu", .arg = "N", .mask = 1,
		.help =
			"of the uplink: the first CPU that queues may be moved to. Default: 0",
		.attr = VMS_A_PORT_VMQ_BASE_CPU, .parse = put_u32,
	}, {
		.name = "max-cpu", .arg = "N|auto", .mask = 1,
		.help =
			"of the uplink: the last CPU that queues may be moved to. auto: the last there is. Default: auto",
		.attr = VMS_A_PORT_VMQ_MAX_CPU, .parse = put_cpu,
	},
	{ }
};

const struct verb verb_set_vmq = {
	.name = "set-vmq",
	.synopsis = "SWITCH PORT [on|off] [KEY VALUE]...",
	.summary = "set whether a port wants an uplink queue, and its CPU",
	.detail =
		"The port needs MAC addresses of its own, and the uplink a driver with filters by MAC address. \"vmq show\" tells what it got, and why.",
	.examples = {
		"set-vmq vs0 web on",
		"set-vmq vs0 web weight 50",
		"set-vmq vs0 web cpu 3  # always that one",
		"set-vmq vs0 up dynamic on base-cpu 2 max-cpu 7",
	},
	.noun = &noun_port, .cmd = VMS_CMD_PORT_SET, .names = 2,
	.keys = vmq_keys, .mask = 1, .needs_one = true,
};
