// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of ports and of VLANs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "nl.h"
#include "print.h"
#include "words.h"

static const struct noun noun_stats = {
	.name		= "port",
	.switch_attr	= VMS_A_STATS_SWITCH,
	.port_attr	= VMS_A_STATS_PORT,
};

static json_t *get_drops(const struct field *field, const struct nl_msg *msg)
{
	const struct nlattr *attr = NULL, *reason, *packets;
	json_t *drops;
	struct nl_msg nest;

	/* Absent for a VLAN, whose counters know no reasons. */
	if (msg->tb[VMS_A_STATS_VLAN])
		return NULL;
	drops = json_object();
	while ((attr = nl_next(msg, field->attr, attr))) {
		nl_nest(attr, &nest);
		reason = nest.tb[VMS_A_DROP_REASON];
		packets = nest.tb[VMS_A_DROP_PACKETS];
		if (reason && packets && nl_uint(packets))
			json_object_set_new(drops, drop_word(nl_uint(reason)),
					    json_integer(nl_uint(packets)));
	}
	return drops;
}

static char *drops_text(const json_t *drops)
{
	char *text = NULL, *longer;
	const char *word;
	json_t *count;

	json_object_foreach((json_t *)drops, word, count) {
		longer = format("%s%s%s %" JSON_INTEGER_FORMAT, text ? text : "",
				text ? ", " : "", word,
				json_integer_value(count));
		free(text);
		text = longer;
	}
	return text ? text : format("none");
}

static const struct field stats_fields[] = {
	{ .key = "switch", .attr = VMS_A_STATS_SWITCH, .get = get_str,
	  .json_only = true },
	{ .key = "port", .attr = VMS_A_STATS_PORT, .get = get_str,
	  .json_only = true },
	{ .key = "vlan", .attr = VMS_A_STATS_VLAN, .get = get_uint,
	  .json_only = true },
	{ .key = "rx-packets", .attr = VMS_A_STATS_RX_PACKETS,
	  .get = get_uint },
	{ .key = "rx-bytes", .attr = VMS_A_STATS_RX_BYTES, .get = get_uint },
	{ .key = "tx-packets", .attr = VMS_A_STATS_TX_PACKETS,
	  .get = get_uint },
	{ .key = "tx-bytes", .attr = VMS_A_STATS_TX_BYTES, .get = get_uint },
	{ .key = "moves", .attr = VMS_A_STATS_MOVES, .get = get_uint },
	{ .key = "limited", .attr = VMS_A_STATS_LIMITED, .get = get_uint },
	{ .key = "drops", .attr = VMS_A_STATS_DROP, .get = get_drops,
	  .text = drops_text, .json_only = true },
	{ }
};

static const char *const counters[] = {
	"rx-packets", "rx-bytes", "tx-packets", "tx-bytes",
};

/**
 * struct stats_view - what is asked for
 * @one: one port
 * @by_vlan: VLANs
 * @one_switch: the names of the ports need no switch
 */
struct stats_view {
	bool one;
	bool by_vlan;
	bool one_switch;
};

static void stats_block(const json_t *item)
{
	json_t *drops = json_object_get(item, "drops"), *count;
	const char *word;

	printf("port %s/%s\n", object_str(item, "switch"),
	       object_str(item, "port"));
	print_block(stats_fields, item);
	if (!json_object_size(drops))
		printf("  %-16snone\n", "drops");
	json_object_foreach(drops, word, count)
		printf("  drop %-21s%" JSON_INTEGER_FORMAT "  (%s)\n", word,
		       json_integer_value(count), drop_sentence(word));
}

static void stats_row(const json_t *item, const struct stats_view *view)
{
	const char *name = object_str(item, "port");
	size_t i;

	if (view->by_vlan)
		table_cell(print_text(json_object_get(item, "vlan")));
	else if (view->one_switch)
		table_cell(format("%s", name));
	else
		table_cell(format("%s/%s", object_str(item, "switch"), name));
	for (i = 0; i < ARRAY_SIZE(counters); i++)
		table_cell(format("%" JSON_INTEGER_FORMAT,
				  (json_int_t)object_uint(item, counters[i])));
	if (!view->by_vlan)
		table_cell(drops_text(json_object_get(item, "drops")));
	table_row();
}

static bool is_idle(const json_t *item)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counters); i++)
		if (object_uint(item, counters[i]))
			return false;
	return true;
}

static void stats_text(const json_t *list, const struct stats_view *view)
{
	static const char *const port_heads[] = {
		"PORT", ">RX-PACKETS", ">RX-BYTES", ">TX-PACKETS", ">TX-BYTES",
		"DROPS", NULL
	};
	static const char *const vlan_heads[] = {
		">VLAN", ">RX-PACKETS", ">RX-BYTES", ">TX-PACKETS",
		">TX-BYTES", NULL
	};
	json_t *item;
	size_t i;

	if (view->one) {
		json_array_foreach(list, i, item)
			stats_block(item);
		return;
	}
	table_begin("", view->by_vlan ? vlan_heads : port_heads);
	json_array_foreach(list, i, item)
		if (!view->by_vlan || !is_idle(item))
			stats_row(item, view);
	table_end();
}

static int collect(const struct nl_msg *msg, void *arg)
{
	json_array_append_new(arg, object_of(stats_fields, msg));
	return VSW_OK;
}

static void print_stats(const json_t *list, const struct stats_view *view)
{
	json_t *item;
	size_t i;

	if (!options.json) {
		stats_text(list, view);
		return;
	}
	print_begin();
	json_array_foreach(list, i, item)
		print_json(item);
	print_end();
}

static int parse_stats(const struct verb *verb, struct args *args,
		       struct nl_req *req, struct stats_view *view)
{
	int words = args->count - args->next, ret;

	/* Written out, so that it hides one name of a port and no more. */
	view->by_vlan = words == 2 &&
			!strcmp(args->word[args->next + 1], "vlan");
	view->one_switch = words > 0;
	view->one = words > 1 && !view->by_vlan;
	nl_req_start(req, VMS_CMD_STATS_GET);
	ret = request_names(verb, args, view->by_vlan ? 1 : words, req);
	if (view->by_vlan) {
		args_next(args);
		nl_put_flag(req, VMS_A_STATS_BY_VLAN);
	}
	return ret ? ret : args_end(args);
}

static int run_stats(const struct verb *verb, struct args *args)
{
	struct stats_view view;
	struct nl_error err;
	struct nl_req req;
	json_t *list;
	int ret;

	ret = parse_stats(verb, args, &req, &view);
	if (!ret)
		ret = nl_open();
	if (ret)
		return ret;
	list = json_array();
	ret = (view.one ? nl_get : nl_dump)(&req, collect, list, &err);
	if (ret)
		error_kernel(verb, req.buf, &err);
	else
		print_stats(list, &view);
	json_decref(list);
	return ret;
}

const struct verb verb_stats = {
	.name = "stats",
	.synopsis = "[SWITCH [PORT|vlan]]",
	.summary = "show counters of ports, of one port, or of VLANs",
	.detail =
		"rx is what the switch accepted from the port, tx what it delivered to it; bytes count from the MAC header on, the VLAN tag not counted. moves: addresses that moved here from another port. limited: addresses that were not learned for a limit. Each drop is counted under its reason. VLANs without traffic are left out of the table.",
	.examples = {
		"stats vs0",
		"stats vs0 web  # with a sentence for each drop reason",
		"stats vs0 vlan",
	},
	.noun = &noun_stats, .run = run_stats,
};
