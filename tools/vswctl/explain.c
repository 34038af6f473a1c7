// SPDX-License-Identifier: GPL-2.0
/*
 * What would happen to a frame, step by step.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "nl.h"
#include "print.h"
#include "words.h"

#define FRAME		BIT(0)
#define FRAME_MIN	14
#define FRAME_MAX	65549
#define FRAME_DEFAULT	60

static const struct noun noun_explain = {
	.name		= "port",
	.switch_attr	= VMS_A_EXPLAIN_SWITCH,
	.port_attr	= VMS_A_EXPLAIN_PORT,
};

static const struct key explain_keys[] = {
	{
		.name = "port", .arg = "PORT", .mask = FRAME,
		.help = "port that the frame comes from",
		.attr = VMS_A_EXPLAIN_PORT, .parse = put_name,
		.min = 1, .max = VMS_PORT_NAME_MAX,
	}, {
		.name = "src", .arg = "MAC", .mask = FRAME,
		.help = "its source address",
		.attr = VMS_A_EXPLAIN_SRC, .parse = put_mac,
	}, {
		.name = "dst", .arg = "MAC", .mask = FRAME,
		.help = "its destination address",
		.attr = VMS_A_EXPLAIN_DST, .parse = put_mac,
	}, {
		.name = "vlan", .arg = "V", .mask = FRAME,
		.help = "VID of its tag, 0 to 4095. Default: it has no tag",
		.attr = VMS_A_EXPLAIN_VLAN, .parse = put_vid, .max = 4095,
	}, {
		.name = "pcp", .arg = "N", .mask = FRAME,
		.help = "priority in its tag, 0 to 7. Default: 0",
		.attr = VMS_A_EXPLAIN_PCP, .parse = put_u8, .max = 7,
	}, {
		.name = "size", .arg = "N", .mask = FRAME,
		.help = "bytes from the MAC header on, without the tag, 14 to 65549. Default: 60",
		.attr = VMS_A_EXPLAIN_SIZE, .parse = put_u32,
		.min = FRAME_MIN, .max = FRAME_MAX,
	},
	{ }
};

static json_t *get_verdict(const struct field *field, const struct nl_msg *msg)
{
	const struct nlattr *attr = msg->tb[field->attr];

	return json_string(attr && nl_uint(attr) ? "drop" : "pass");
}

static json_t *get_drop(const struct field *field, const struct nl_msg *msg)
{
	const struct nlattr *attr = msg->tb[field->attr];

	if (!attr || !nl_uint(attr))
		return NULL;
	return json_string(drop_word(nl_uint(attr)));
}

static json_t *get_result(const struct field *field, const struct nl_msg *msg)
{
	static const struct field learn = {
		.attr = VMS_A_STEP_RESULT, .words = &words_learn,
	};
	static const struct field lookup = {
		.attr = VMS_A_STEP_RESULT, .words = &words_lookup,
	};
	const struct nlattr *stage = msg->tb[VMS_A_STEP_STAGE];

	if (!stage)
		return NULL;
	switch (nl_uint(stage)) {
	case VMS_STAGE_LEARN:
		return get_word(&learn, msg);
	case VMS_STAGE_LOOKUP:
		return get_word(&lookup, msg);
	}
	return get_uint(field, msg);
}

static const struct field step_fields[] = {
	{ .key = "stage", .attr = VMS_A_STEP_STAGE, .get = get_word,
	  .words = &words_stage },
	{ .key = "verdict", .attr = VMS_A_STEP_DROP, .get = get_verdict },
	{ .key = "drop", .attr = VMS_A_STEP_DROP, .get = get_drop },
	{ .key = "result", .attr = VMS_A_STEP_RESULT, .get = get_result },
	{ .key = "port", .attr = VMS_A_STEP_PORT, .get = get_str },
	{ .key = "vlan", .attr = VMS_A_STEP_VLAN, .get = get_uint },
	{ .key = "pcp", .attr = VMS_A_STEP_PCP, .get = get_uint },
	{ .key = "tagged", .attr = VMS_A_STEP_TAGGED, .get = get_bool },
	{ }
};

static bool is_stage(const json_t *step, enum vms_explain_stage stage)
{
	return !strcmp(object_str(step, "stage"), words_stage.list[stage]);
}

static bool is_drop(const json_t *step)
{
	return *object_str(step, "drop");
}

static int collect(const struct nl_msg *msg, void *arg)
{
	json_t *steps = json_object_get(arg, "steps");
	const struct nlattr *attr = NULL;
	const struct nlattr *copies = msg->tb[VMS_A_EXPLAIN_COPIES];
	struct nl_msg nest;

	while ((attr = nl_next(msg, VMS_A_EXPLAIN_STEP, attr))) {
		nl_nest(attr, &nest);
		json_array_append_new(steps, object_of(step_fields, &nest));
	}
	if (copies)
		json_object_set_new(arg, "copies",
				    json_integer(nl_uint(copies)));
	return VSW_OK;
}

static json_t *destinations(const json_t *steps)
{
	json_t *to = json_array(), *step;
	size_t i;

	json_array_foreach(steps, i, step)
		if (is_stage(step, VMS_STAGE_FORWARD) && !is_drop(step))
			json_array_append(to, json_object_get(step, "port"));
	return to;
}

static char *learn_text(const json_t *step)
{
	const char *result = object_str(step, "result");
	const char *port = object_str(step, "port");

	if (!strcmp(result, "known"))
		return format("the source address is known at this port");
	if (!strcmp(result, "new"))
		return format("the source address would be learned");
	if (!strcmp(result, "move"))
		return format("the source address would move here from port %s",
			      port);
	if (!strcmp(result, "static"))
		return format("the source address is static at port %s and stays there",
			      port);
	if (!strcmp(result, "limit"))
		return format("not learned: the port or the switch is at its limit");
	return format("the port does not learn");
}

static char *lookup_text(const json_t *step)
{
	const char *result = object_str(step, "result");
	const char *port = object_str(step, "port");

	if (!strcmp(result, "unicast"))
		return format("the destination address lives at port %s", port);
	if (!strcmp(result, "unknown"))
		return format("the destination address is unknown: to ports that take such frames");
	return format("%s: to the members of the VLAN", result);
}

static char *forward_text(const json_t *step)
{
	const json_t *tagged = json_object_get(step, "tagged");
	const char *how = "";

	if (tagged)
		how = json_is_true(tagged) ? ", tagged" : ", untagged";
	return format("delivered to port %s%s", object_str(step, "port"), how);
}

static char *vlan_text(const json_t *step)
{
	if (!json_object_get(step, "vlan"))
		return format("passes");
	return format("the frame is in VLAN %u, priority %u",
		      (unsigned int)object_uint(step, "vlan"),
		      (unsigned int)object_uint(step, "pcp"));
}

static char *step_text(const json_t *step, const char *source)
{
	const char *drop = object_str(step, "drop");
	const char *port = object_str(step, "port");

	if (*drop)
		return format("dropped at port %s: %s: %s",
			      *port ? port : source, drop, drop_sentence(drop));
	if (is_stage(step, VMS_STAGE_RECEIVE))
		return format("the switch and port %s take frames", source);
	if (is_stage(step, VMS_STAGE_VLAN))
		return vlan_text(step);
	if (is_stage(step, VMS_STAGE_GUARD))
		return format("the source address may be used here");
	if (is_stage(step, VMS_STAGE_LEARN))
		return learn_text(step);
	if (is_stage(step, VMS_STAGE_LOOKUP))
		return lookup_text(step);
	if (is_stage(step, VMS_STAGE_FORWARD))
		return forward_text(step);
	return format("passes");
}

/* The step to blame when no port gets the frame.  The last drop is that of
 * the frame itself; those before are of its copies.
 */
static const json_t *fatal_step(const json_t *steps)
{
	const json_t *found = NULL;
	json_t *step;
	size_t i;

	json_array_foreach(steps, i, step)
		if (is_drop(step))
			found = step;
	return found;
}

static void print_outcome(const json_t *object, const char *source)
{
	const json_t *to = json_object_get(object, "to");
	const json_t *steps = json_object_get(object, "steps");
	unsigned int copies = object_uint(object, "copies");
	const json_t *step;
	char *text;

	if (copies) {
		text = print_text(to);
		printf("delivered to %u port%s: ", copies,
		       copies == 1 ? "" : "s");
		print_wrapped(text, 0);
		free(text);
		return;
	}
	step = fatal_step(steps);
	if (!step) {
		printf("delivered to no port\n");
		return;
	}
	text = step_text(step, source);
	printf("%s\n", text);
	free(text);
}

static void print_frame(const json_t *object, const struct nl_req *req)
{
	struct nl_msg parts;
	char src[MAC_TEXT], dst[MAC_TEXT];
	char tag[32] = "untagged";

	nl_parse(req->buf, &parts);
	mac_text(nl_data(parts.tb[VMS_A_EXPLAIN_SRC]), src);
	mac_text(nl_data(parts.tb[VMS_A_EXPLAIN_DST]), dst);
	if (parts.tb[VMS_A_EXPLAIN_VLAN])
		snprintf(tag, sizeof(tag), "tagged with VLAN %u",
			 (unsigned int)nl_uint(parts.tb[VMS_A_EXPLAIN_VLAN]));
	printf("a frame from %s to %s, %s, %u bytes, comes in at port %s/%s\n",
	       src, dst, tag, parts.tb[VMS_A_EXPLAIN_SIZE] ?
	       (unsigned int)nl_uint(parts.tb[VMS_A_EXPLAIN_SIZE]) :
	       FRAME_DEFAULT, object_str(object, "switch"),
	       object_str(object, "port"));
}

static void explain_text(const json_t *object, const struct nl_req *req)
{
	const char *source = object_str(object, "port");
	const json_t *steps = json_object_get(object, "steps");
	json_t *step;
	char *text;
	size_t i;

	print_frame(object, req);
	json_array_foreach(steps, i, step) {
		text = step_text(step, source);
		printf("  %-9s%s\n", object_str(step, "stage"), text);
		free(text);
	}
	print_outcome(object, source);
}

static json_t *explain_object(const struct nl_req *req)
{
	json_t *object = json_object();
	struct nl_msg parts;

	nl_parse(req->buf, &parts);
	json_object_set_new(object, "switch",
			    get_text(nl_str(parts.tb[VMS_A_EXPLAIN_SWITCH])));
	json_object_set_new(object, "port",
			    get_text(nl_str(parts.tb[VMS_A_EXPLAIN_PORT])));
	json_object_set_new(object, "steps", json_array());
	json_object_set_new(object, "copies", json_integer(0));
	return object;
}

static int run_explain(const struct verb *verb, struct args *args)
{
	struct nl_error err;
	struct nl_req req;
	json_t *object;
	int ret;

	ret = request_build(verb, args, &req);
	if (!ret)
		ret = nl_open();
	if (ret)
		return ret;
	object = explain_object(&req);
	ret = nl_get(&req, collect, object, &err);
	json_object_set_new(object, "to",
			    destinations(json_object_get(object, "steps")));
	if (ret) {
		error_kernel(verb, req.buf, &err);
	} else if (options.json) {
		print_begin();
		print_json(object);
		print_end();
	} else {
		explain_text(object, &req);
	}
	json_decref(object);
	return ret;
}

const struct verb verb_explain = {
	.name = "explain",
	.synopsis = "SWITCH port PORT src MAC dst MAC [vlan V] [pcp N] [size N]",
	.summary = "say what would happen to a frame, step by step",
	.detail =
		"The switch runs its real code on a described frame without sending it or learning from it. The exit code is 0 whatever the outcome.",
	.examples = {
		"explain vs0 port web src 52:54:00:00:00:01 dst ff:ff:ff:ff:ff:ff",
		"explain vs0 port up src 52:54:00:00:00:09 dst 52:54:00:00:00:01 vlan 10 size 1500",
	},
	.noun = &noun_explain, .cmd = VMS_CMD_EXPLAIN, .names = 1,
	.keys = explain_keys, .mask = FRAME, .needs = { "port", "src", "dst" },
	.run = run_explain,
};
