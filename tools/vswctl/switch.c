// SPDX-License-Identifier: GPL-2.0
/*
 * Switches: the verbs that change them, and "show".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "nl.h"
#include "port.h"
#include "words.h"

#define ADD	BIT(0)
#define SET	BIT(1)

const struct noun noun_switch = {
	.name		= "switch",
	.switch_attr	= VMS_A_SWITCH_NAME,
	.check_attr	= VMS_A_SWITCH_CHECK,
};

static const struct key switch_keys[] = {
	{
		.name = "type", .arg = "external|internal|private",
		.mask = ADD | SET,
		.help =
			"external: guests, the host and one uplink; internal: guests and the host; private: guests only. Default: external",
		.attr = VMS_A_SWITCH_TYPE, .parse = put_word,
		.words = &words_switch_type,
	}, {
		.name = "ageing", .arg = "SECONDS", .mask = ADD | SET,
		.help =
			"after which a learned address that was not seen again is forgotten, 10 to 1000000. Default: 300",
		.attr = VMS_A_SWITCH_AGEING, .parse = put_u32,
		.min = VMS_AGEING_MIN, .max = VMS_AGEING_MAX,
	}, {
		.name = "fdb-max", .arg = "N", .mask = ADD | SET,
		.help =
			"entries that the forwarding database may hold, 64 to 1048576. Default: 16384",
		.attr = VMS_A_SWITCH_FDB_MAX, .parse = put_u32,
		.min = VMS_FDB_MAX_MIN, .max = VMS_FDB_MAX_MAX,
	},
	{ }
};

const struct verb verb_add_switch = {
	.name = "add-switch",
	.synopsis = "SWITCH [KEY VALUE]...",
	.summary = "create a switch",
	.detail =
		"The switch is a network device of that name (1 to 15 bytes) in the current network namespace, and comes up at once.",
	.examples = {
		"add-switch vs0  # with an uplink to be added",
		"add-switch lab type private ageing 60",
	},
	.noun = &noun_switch, .cmd = VMS_CMD_SWITCH_NEW, .names = 1,
	.keys = switch_keys, .mask = ADD,
};

const struct verb verb_set_switch = {
	.name = "set-switch",
	.synopsis = "SWITCH KEY VALUE...",
	.summary = "change settings of a switch; those not named stay",
	.examples = { "set-switch vs0 ageing 600 fdb-max 65536" },
	.noun = &noun_switch, .cmd = VMS_CMD_SWITCH_SET, .names = 1,
	.keys = switch_keys, .mask = SET, .needs_one = true,
};

const struct verb verb_del_switch = {
	.name = "del-switch",
	.synopsis = "SWITCH",
	.summary = "delete a switch with all its ports and vNICs",
	.examples = { "del-switch vs0" },
	.noun = &noun_switch, .cmd = VMS_CMD_SWITCH_DEL, .names = 1,
};

static char *yes_text(const json_t *value)
{
	return format(json_is_true(value) ? "yes" : "no");
}

const struct field switch_fields[] = {
	{ .key = "switch", .attr = VMS_A_SWITCH_NAME, .get = get_str,
	  .json_only = true },
	{ .key = "ifindex", .attr = VMS_A_SWITCH_IFINDEX, .get = get_uint },
	{ .key = "type", .attr = VMS_A_SWITCH_TYPE, .get = get_word,
	  .words = &words_switch_type },
	{ .key = "up", .attr = VMS_A_SWITCH_UP, .get = get_bool,
	  .text = yes_text },
	{ .key = "ageing", .attr = VMS_A_SWITCH_AGEING, .get = get_uint,
	  .unit = "s" },
	{ .key = "fdb-max", .attr = VMS_A_SWITCH_FDB_MAX, .get = get_uint },
	{ .key = "fdb-count", .attr = VMS_A_SWITCH_FDB_COUNT,
	  .get = get_uint },
	{ .key = "uplink", .attr = VMS_A_SWITCH_UPLINK, .get = get_str },
	{ }
};

/**
 * struct listing - switches that are read, with their ports
 * @items: JSON objects of the switches
 * @names: their names, which @items may hold with other bytes
 * @last: the one that was found last
 */
struct listing {
	json_t *items;
	char (*names)[VMS_SWITCH_NAME_MAX + 1];
	size_t last;
};

static int collect_switch(const struct nl_msg *msg, void *arg)
{
	json_t *item = object_of(switch_fields, msg);
	struct listing *list = arg;
	size_t n = json_array_size(list->items);

	list->names = xrealloc(list->names, (n + 1) * sizeof(*list->names));
	snprintf(list->names[n], sizeof(list->names[n]), "%s",
		 nl_str(msg->tb[VMS_A_SWITCH_NAME]));
	json_object_set_new(item, "ports", json_array());
	json_array_append_new(list->items, item);
	return VSW_OK;
}

/* Ports come switch by switch, so that the last one found is tried first. */
static json_t *switch_named(struct listing *list, const char *name)
{
	size_t n = json_array_size(list->items), i;

	for (i = list->last; i < n && strcmp(list->names[i], name);)
		i++;
	for (i = i < n ? i : 0; i < n && strcmp(list->names[i], name);)
		i++;
	if (i < n)
		list->last = i;
	return json_array_get(list->items, i);
}

static int collect_port(const struct nl_msg *msg, void *arg)
{
	const char *name = nl_str(msg->tb[VMS_A_PORT_SWITCH]);
	json_t *item = switch_named(arg, name);

	/* A switch that was made after the switches were read. */
	if (!item)
		return VSW_OK;
	json_array_append_new(json_object_get(item, "ports"),
			      object_of(port_fields, msg));
	return VSW_OK;
}

static int read_switches(const char *name, struct listing *list)
{
	const struct verb *verb = &verb_del_switch;
	struct nl_error err;
	struct nl_req req;
	int ret;

	nl_req_start(&req, VMS_CMD_SWITCH_GET);
	if (name) {
		nl_put_str(&req, VMS_A_SWITCH_NAME, name);
		ret = nl_get(&req, collect_switch, list, &err);
	} else {
		ret = nl_dump(&req, collect_switch, list, &err);
	}
	return ret ? error_kernel(verb, req.buf, &err) : VSW_OK;
}

static int read_ports(const char *name, const char *port,
		      struct listing *list)
{
	const struct verb *verb = &verb_del_port;
	struct nl_error err;
	struct nl_req req;
	int ret;

	nl_req_start(&req, VMS_CMD_PORT_GET);
	if (name)
		nl_put_str(&req, VMS_A_PORT_SWITCH, name);
	if (port) {
		nl_put_str(&req, VMS_A_PORT_NAME, port);
		ret = nl_get(&req, collect_port, list, &err);
	} else {
		ret = nl_dump(&req, collect_port, list, &err);
	}
	return ret ? error_kernel(verb, req.buf, &err) : VSW_OK;
}

static void switch_text(const json_t *item)
{
	const char *uplink = object_str(item, "uplink");
	const json_t *ports = json_object_get(item, "ports");

	printf("switch %s: %s, %s, uplink %s, ageing %u s, fdb %u of %u, %zu port%s\n",
	       object_str(item, "switch"), object_str(item, "type"),
	       object_bool(item, "up") ? "up" : "down",
	       *uplink ? uplink : "none",
	       (unsigned int)object_uint(item, "ageing"),
	       (unsigned int)object_uint(item, "fdb-count"),
	       (unsigned int)object_uint(item, "fdb-max"),
	       json_array_size(ports), json_array_size(ports) == 1 ? "" : "s");
	if (json_array_size(ports))
		port_table(item, ports);
}

static void show_text(const json_t *list, bool one_port)
{
	json_t *item, *port;
	size_t i;

	json_array_foreach(list, i, item) {
		port = json_array_get(json_object_get(item, "ports"), 0);
		if (one_port && port)
			port_block(object_str(item, "switch"), port);
		else
			switch_text(item);
	}
}

static void show_json(const json_t *list)
{
	json_t *item;
	size_t i;

	print_begin();
	json_array_foreach(list, i, item)
		print_json(item);
	print_end();
}

static int run_show(const struct verb *verb, struct args *args)
{
	const char *name, *port;
	struct listing list = { };
	struct nl_req ignored;
	int first = args->next, ret;

	nl_req_start(&ignored, 0);
	ret = request_names(verb, args, args->count - first, &ignored);
	if (!ret)
		ret = args_end(args);
	if (!ret)
		ret = nl_open();
	if (ret)
		return ret;
	name = first < args->count ? args->word[first] : NULL;
	port = first + 1 < args->count ? args->word[first + 1] : NULL;
	list.items = json_array();
	ret = read_switches(name, &list);
	if (!ret)
		ret = read_ports(name, port, &list);
	if (!ret && options.json)
		show_json(list.items);
	else if (!ret)
		show_text(list.items, port);
	json_decref(list.items);
	free(list.names);
	return ret;
}

const struct verb verb_show = {
	.name = "show",
	.synopsis = "[SWITCH [PORT]]",
	.summary = "show switches and their ports, or all settings of one port",
	.detail =
		"LINK is up, or why not: admin-down, unplugged, no-carrier. FLAGS are guard (sends from its own addresses only), learns (learns addresses now), unknown (takes unicast to unknown addresses now), auto (made by \"ip link set DEV master SWITCH\"), mtu>uplink (the vNIC's MTU is above the uplink's), filters (the uplink's device receives the ports' addresses only), promisc (it is promiscuous in spite of uplink-filter on), refused (its VLAN filter has refused VLANs).",
	.examples = {
		"show  # everything",
		"show vs0 web  # every setting of one port",
		"-j show vs0  # JSON",
	},
	.noun = &noun_port, .run = run_show,
};
