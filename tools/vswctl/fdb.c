// SPDX-License-Identifier: GPL-2.0
/*
 * The forwarding database: which address lives where.
 */
#include <stdio.h>

#include "args.h"
#include "nl.h"
#include "port.h"
#include "words.h"

#define SHOW	BIT(0)
#define ADD	BIT(1)
#define DEL	BIT(2)
#define FLUSH	BIT(3)

const struct noun noun_fdb = {
	.name		= "fdb",
	.switch_attr	= VMS_A_FDB_SWITCH,
	.mac_attr	= VMS_A_FDB_MAC,
	.check_attr	= VMS_A_FDB_CHECK,
};

static const struct key fdb_keys[] = {
	{
		.name = "mac", .arg = "MAC", .mask = SHOW | ADD | DEL | FLUSH,
		.help = "the address",
		.attr = VMS_A_FDB_MAC, .parse = put_mac,
	}, {
		.name = "vlan", .arg = "V", .mask = SHOW | ADD | DEL | FLUSH,
		.help = "the VLAN, 1 to 4094",
		.attr = VMS_A_FDB_VLAN, .parse = put_vid,
		.min = VMS_VID_MIN, .max = VMS_VID_MAX,
	}, {
		.name = "port", .arg = "PORT", .mask = SHOW | ADD | FLUSH,
		.help = "the port at which the address lives",
		.attr = VMS_A_FDB_PORT, .parse = put_name,
		.min = 1, .max = VMS_PORT_NAME_MAX,
	}, {
		.name = "dynamic", .mask = SHOW,
		.help = "only entries that were learned",
		.attr = VMS_A_FDB_TYPE, .parse = put_fixed,
		.min = VMS_FDB_DYNAMIC,
	}, {
		.name = "static", .mask = SHOW,
		.help = "only entries of \"fdb add\"",
		.attr = VMS_A_FDB_TYPE, .parse = put_fixed,
		.min = VMS_FDB_STATIC,
	},
	{ }
};

const struct field fdb_fields[] = {
	{ .key = "switch", .attr = VMS_A_FDB_SWITCH, .get = get_str,
	  .json_only = true },
	{ .key = "mac", .attr = VMS_A_FDB_MAC, .get = get_mac },
	{ .key = "vlan", .attr = VMS_A_FDB_VLAN, .get = get_uint },
	{ .key = "port", .attr = VMS_A_FDB_PORT, .get = get_str },
	{ .key = "old-port", .attr = VMS_A_FDB_OLD_PORT, .get = get_str },
	{ .key = "type", .attr = VMS_A_FDB_TYPE, .get = get_word,
	  .words = &words_fdb_type },
	{ .key = "age", .attr = VMS_A_FDB_AGE, .get = get_uint, .unit = "s" },
	{ }
};

static int print_entry(const struct nl_msg *msg, void *arg)
{
	json_t *entry = object_of(fdb_fields, msg);
	const json_t *vlan, *age;

	(void)arg;
	if (options.json) {
		print_json(entry);
		json_decref(entry);
		return VSW_OK;
	}
	vlan = json_object_get(entry, "vlan");
	age = json_object_get(entry, "age");
	table_cell(format("%s", object_str(entry, "mac")));
	table_cell(vlan ? print_text(vlan) : format("all"));
	table_cell(format("%s", object_str(entry, "port")));
	table_cell(format("%s", object_str(entry, "type")));
	table_cell(age ? print_text(age) : format("-"));
	table_row();
	json_decref(entry);
	return VSW_OK;
}

/* The head is printed only once the kernel has answered. */
static int print_first(const struct nl_msg *msg, void *arg)
{
	bool *begun = arg;
	static const char *const heads[] = {
		"MAC", "VLAN", "PORT", "TYPE", ">AGE", NULL
	};

	if (!*begun && options.json)
		print_begin();
	else if (!*begun)
		table_begin("", heads);
	*begun = true;
	return msg ? print_entry(msg, NULL) : VSW_OK;
}

static int run_fdb_show(const struct verb *verb, struct args *args)
{
	struct nl_error err;
	struct nl_req req;
	bool begun = false;
	int ret;

	ret = request_build(verb, args, &req);
	if (!ret)
		ret = nl_open();
	if (ret)
		return ret;
	if (nl_dump(&req, print_first, &begun, &err))
		return error_kernel(verb, req.buf, &err);
	print_first(NULL, &begun);
	if (options.json)
		print_end();
	else
		table_end();
	return VSW_OK;
}

const struct verb verb_fdb_show = {
	.name = "fdb", .sub = "show",
	.synopsis = "SWITCH [mac MAC] [vlan V] [port PORT] [dynamic|static]",
	.summary = "show which address lives at which port",
	.detail =
		"TYPE is dynamic (learned; AGE is seconds since it was last seen), static (of fdb add), or port (in the port's mac list: valid in all VLANs of the port).",
	.examples = {
		"fdb show vs0",
		"fdb show vs0 port web dynamic",
		"-j fdb show vs0 mac 52:54:00:00:00:01",
	},
	.noun = &noun_fdb, .cmd = VMS_CMD_FDB_GET, .names = 1,
	.keys = fdb_keys, .mask = SHOW, .run = run_fdb_show,
};

const struct verb verb_fdb_add = {
	.name = "fdb", .sub = "add",
	.synopsis = "SWITCH mac MAC vlan V port PORT",
	.summary = "add a static entry",
	.examples = {
		"fdb add vs0 mac 52:54:00:00:00:09 vlan 10 port router",
	},
	.noun = &noun_fdb, .cmd = VMS_CMD_FDB_NEW, .names = 1,
	.keys = fdb_keys, .mask = ADD, .needs = { "mac", "vlan", "port" },
};

const struct verb verb_fdb_del = {
	.name = "fdb", .sub = "del",
	.synopsis = "SWITCH mac MAC [vlan V]",
	.summary = "delete an entry, or without vlan those in all VLANs",
	.detail = "An entry of type port goes only by set-mac.",
	.examples = { "fdb del vs0 mac 52:54:00:00:00:09 vlan 10" },
	.noun = &noun_fdb, .cmd = VMS_CMD_FDB_DEL, .names = 1,
	.keys = fdb_keys, .mask = DEL, .needs = { "mac" },
};

const struct verb verb_fdb_flush = {
	.name = "fdb", .sub = "flush",
	.synopsis = "SWITCH [mac MAC] [vlan V] [port PORT]",
	.summary = "forget learned entries, all or those that the keys name",
	.examples = {
		"fdb flush vs0",
		"fdb flush vs0 vlan 10 port router",
	},
	.noun = &noun_fdb, .cmd = VMS_CMD_FDB_FLUSH, .names = 1,
	.keys = fdb_keys, .mask = FLUSH,
};
