// SPDX-License-Identifier: GPL-2.0
/*
 * Ports: the verbs that change them, and how they are shown.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "nl.h"
#include "port.h"
#include "words.h"

#define DEV_MAX		15
#define MTU_MIN		68
#define MTU_MAX		65535
/* Columns of a VLAN list in a table. */
#define VLAN_WIDTH	28

/* Which verbs take a key. */
#define ADD		BIT(0)
#define NIC		BIT(1)
#define SET		BIT(2)
#define CONNECT		BIT(3)
#define ALL		(ADD | NIC | SET)

const struct noun noun_port = {
	.name		= "port",
	.switch_attr	= VMS_A_PORT_SWITCH,
	.port_attr	= VMS_A_PORT_NAME,
	.check_attr	= VMS_A_PORT_CHECK,
};

static const struct key port_keys[] = {
	{
		.name = "dev", .arg = "NETDEV", .mask = ALL | CONNECT,
		.help =
			"device that the port is bound to by name, 1 to 15 bytes; it is plugged as soon as it exists. Of add-nic: name of the vNIC. Default: none; of add-nic the port's name",
		.attr = VMS_A_PORT_DEV, .parse = put_name, .min = 1,
		.max = DEV_MAX,
	}, {
		.name = "uplink", .mask = ADD,
		.help =
			"the port is the uplink: its device is the way to the wire. One per switch, and only of type external",
		.attr = VMS_A_PORT_KIND, .parse = put_fixed,
		.min = VMS_NIC_EXTERNAL,
	}, {
		.name = "mac", .arg = "MAC[,MAC...]|none", .mask = ALL,
		.help =
			"0 to 64 addresses that live at the port. With any the port is locked to them: it learns nothing and gets no unknown unicast. Default: none; of add-nic a random one",
		.attr = VMS_A_PORT_MACS, .parse = put_macs,
	}, {
		.name = "vlan", .arg = "access V | trunk LIST [native V]",
		.mask = ALL,
		.help =
			"VIDs are 1 to 4094, a LIST is for example 10,20,100-200. access: member of VLAN V, untagged. trunk: member of the listed VLANs, tagged, and of the native one, untagged. Default: access 1; of an uplink that is no VLAN device trunk 1-4094 native 1",
		.attr = VMS_A_PORT_VLAN_MODE, .attr_last = VMS_A_PORT_VLANS,
		.parse = put_vlan,
	}, {
		.name = "admin", .arg = "up|down", .mask = ALL,
		.help = "down: the port passes nothing. Default: up",
		.attr = VMS_A_PORT_ADMIN, .parse = put_word,
		.words = &words_updown,
	}, {
		.name = "learning", .arg = "on|off|auto", .mask = ALL,
		.help =
			"whether source addresses are learned. auto: if the port has no mac; the uplink: while another port takes unknown unicast. Default: auto",
		.attr = VMS_A_PORT_LEARNING, .parse = put_word,
		.words = &words_tristate,
	}, {
		.name = "mac-limit", .arg = "N", .mask = ALL,
		.help =
			"addresses that the port may learn, 0: as many as the switch's fdb-max allows. Default: 1024; of the uplink 16384",
		.attr = VMS_A_PORT_MAC_LIMIT, .parse = put_u32,
	}, {
		.name = "mac-guard", .arg = "on|off", .mask = ALL,
		.help = "on: a port with mac sends from these addresses only. Default: on",
		.attr = VMS_A_PORT_MAC_GUARD, .parse = put_word,
		.words = &words_onoff,
	}, {
		.name = "mac-change", .arg = "on|off", .mask = ALL,
		.help = "on: who holds the vNIC may change its address. Default: off",
		.attr = VMS_A_PORT_MAC_CHANGE, .parse = put_word,
		.words = &words_onoff,
	}, {
		.name = "unknown-flood", .arg = "on|off|auto", .mask = ALL,
		.help =
			"whether the port takes unicast to unknown addresses. auto: if it has no mac, or is the uplink. Default: auto",
		.attr = VMS_A_PORT_UNKNOWN_FLOOD, .parse = put_word,
		.words = &words_tristate,
	}, {
		.name = "mcast-flood", .arg = "on|off", .mask = ALL,
		.help = "whether the port takes multicast. Default: on",
		.attr = VMS_A_PORT_MCAST_FLOOD, .parse = put_word,
		.words = &words_onoff,
	}, {
		.name = "bcast-flood", .arg = "on|off", .mask = ALL,
		.help = "whether the port takes broadcast. Default: on",
		.attr = VMS_A_PORT_BCAST_FLOOD, .parse = put_word,
		.words = &words_onoff,
	}, {
		.name = "flood", .arg = "on|off", .mask = ALL,
		.help = "unknown-flood, mcast-flood and bcast-flood at once",
		.attr = VMS_A_PORT_UNKNOWN_FLOOD, .parse = put_flood,
	}, {
		.name = "priority", .arg = "N", .mask = ALL,
		.help = "802.1p priority 0 to 7 of frames that come untagged. Default: 0",
		.attr = VMS_A_PORT_PRIORITY, .parse = put_u8, .max = 7,
	}, {
		.name = "qdisc", .arg = "auto|honour|bypass", .mask = ALL,
		.help =
			"whether frames to the device pass its queueing discipline. auto: yes, but for the untouched default one of a tap. Default: auto",
		.attr = VMS_A_PORT_QDISC, .parse = put_word,
		.words = &words_qdisc,
	}, {
		.name = "autoup", .arg = "on|off", .mask = ALL,
		.help = "on: a guest's device is set up when it is plugged. Default: on",
		.attr = VMS_A_PORT_AUTOUP, .parse = put_word,
		.words = &words_onoff,
	}, {
		.name = "down-mode", .arg = "keep|close", .mask = ALL,
		.help =
			"what admin down does to the device. close: it is closed, so that its peer sees the link go. Default: keep",
		.attr = VMS_A_PORT_DOWN_MODE, .parse = put_word,
		.words = &words_down_mode,
	}, {
		.name = "link-follow", .arg = "on|off", .mask = ALL,
		.help = "on: the vNIC has carrier only while the uplink has. Default: off",
		.attr = VMS_A_PORT_LINK_FOLLOW, .parse = put_word,
		.words = &words_onoff,
	}, {
		.name = "uplink-filter", .arg = "on|off", .mask = ADD | SET,
		.help =
			"of the uplink. on: its device is not promiscuous but told the addresses of the other ports, while none of these learns and the device can. Default: off",
		.attr = VMS_A_PORT_UPLINK_FILTER, .parse = put_word,
		.words = &words_onoff,
	}, {
		.name = "vmq", .arg = "on|off", .mask = ALL,
		.help =
			"on: the port wants a receive queue of the uplink for itself (set-vmq). Default: off",
		.attr = VMS_A_PORT_VMQ, .parse = put_word,
		.words = &words_onoff,
	}, {
		.name = "vmq-weight", .arg = "N", .mask = ALL,
		.help =
			"0 to 100: who has more goes first when queues are short, 0: never. Default: 100",
		.attr = VMS_A_PORT_VMQ_WEIGHT, .parse = put_u8,
		.max = VMS_VMQ_WEIGHT_MAX,
	}, {
		.name = "vmq-cpu", .arg = "N|auto", .mask = ALL,
		.help =
			"the CPU that is to serve the port's queue. auto: none in particular. Default: auto",
		.attr = VMS_A_PORT_VMQ_CPU, .parse = put_cpu,
	}, {
		.name = "vmq-dynamic", .arg = "on|off", .mask = ADD | SET,
		.help =
			"of the uplink. on: queues are moved between CPUs as the load changes. Default: off",
		.attr = VMS_A_PORT_VMQ_DYNAMIC, .parse = put_word,
		.words = &words_onoff,
	}, {
		.name = "vmq-base-cpu", .arg = "N", .mask = ADD | SET,
		.help =
			"of the uplink: the first CPU that queues may be moved to. Default: 0",
		.attr = VMS_A_PORT_VMQ_BASE_CPU, .parse = put_u32,
	}, {
		.name = "vmq-max-cpu", .arg = "N|auto", .mask = ADD | SET,
		.help =
			"of the uplink: the last CPU that queues may be moved to. auto: the last there is. Default: auto",
		.attr = VMS_A_PORT_VMQ_MAX_CPU, .parse = put_cpu,
	}, {
		.name = "mtu", .arg = "N", .mask = NIC,
		.help = "bytes, 68 to 65535, of the vNIC when it is made. Default: 1500",
		.attr = VMS_A_PORT_MTU, .parse = put_u32, .min = MTU_MIN,
		.max = MTU_MAX,
	}, {
		.name = "netns", .arg = "NETNS", .mask = NIC,
		.help =
			"network namespace in which the vNIC is made: a name in /run/netns, a process number, or a path. Default: the switch's",
		.attr = VMS_A_PORT_NETNS_FD, .parse = put_netns,
	},
	{ }
};

static int finish_add_nic(const struct verb *verb, struct nl_req *req)
{
	(void)verb;
	nl_put_u8(req, VMS_A_PORT_KIND, VMS_NIC_INTERNAL);
	return VSW_OK;
}

static int finish_disconnect(const struct verb *verb, struct nl_req *req)
{
	(void)verb;
	nl_put_str(req, VMS_A_PORT_DEV, "");
	return VSW_OK;
}

const struct verb verb_add_port = {
	.name = "add-port",
	.synopsis = "SWITCH PORT [KEY VALUE]...",
	.summary = "add a port with its whole configuration",
	.detail =
		"A port holds all settings and counters, whether a device is plugged or not. It is bound to a device by name: a tap that comes and goes finds its port again.",
	.examples = {
		"add-port vs0 web dev tap0 mac 52:54:00:00:00:01 vlan access 10  # a VM, locked to its address",
		"add-port vs0 up uplink dev eth0  # the way to the wire, all VLANs",
		"add-port vs0 router dev tap1 vlan trunk 10,20,100-200 native 1",
	},
	.noun = &noun_port, .cmd = VMS_CMD_PORT_NEW, .names = 2,
	.keys = port_keys, .mask = ADD,
};

const struct verb verb_add_nic = {
	.name = "add-nic",
	.synopsis = "SWITCH NAME [KEY VALUE]...",
	.summary = "add a port with a vNIC that the switch makes itself",
	.detail =
		"The vNIC is a network device for the host or, with netns, for a container. del-port removes both. If only the vNIC is gone, add-nic makes it again.",
	.examples = {
		"add-nic vs0 host0 vlan access 10  # then: ip addr add 192.0.2.1/24 dev host0",
		"add-nic vs0 c1 netns blue dev eth0 mac 52:54:00:00:00:02  # eth0 of a container",
	},
	.noun = &noun_port, .cmd = VMS_CMD_PORT_NEW, .names = 2,
	.keys = port_keys, .mask = NIC, .finish = finish_add_nic,
};

const struct verb verb_set_port = {
	.name = "set-port",
	.synopsis = "SWITCH PORT KEY VALUE...",
	.summary = "change settings of a port; those not named stay",
	.detail = "All settings of one command take effect together, or none.",
	.examples = {
		"set-port vs0 web admin down",
		"set-port vs0 web mac-limit 16 flood off",
	},
	.noun = &noun_port, .cmd = VMS_CMD_PORT_SET, .names = 2,
	.keys = port_keys, .mask = SET, .needs_one = true,
};

const struct verb verb_set_mac = {
	.name = "set-mac",
	.synopsis = "SWITCH PORT MAC[,MAC...]|none",
	.summary = "set the addresses that live at a port",
	.examples = {
		"set-mac vs0 web 52:54:00:00:00:01,52:54:00:00:00:02",
		"set-mac vs0 web none  # the port learns",
	},
	.noun = &noun_port, .cmd = VMS_CMD_PORT_SET, .names = 2,
	.keys = port_keys, .mask = SET, .value_of = "mac",
};

const struct verb verb_set_vlan = {
	.name = "set-vlan",
	.synopsis = "SWITCH PORT access V | trunk LIST [native V]",
	.summary = "set how a port takes part in VLANs",
	.examples = {
		"set-vlan vs0 web access 10",
		"set-vlan vs0 router trunk 10,20,100-200",
		"set-vlan vs0 router trunk 1-4094 native 1",
	},
	.noun = &noun_port, .cmd = VMS_CMD_PORT_SET, .names = 2,
	.keys = port_keys, .mask = SET, .value_of = "vlan",
};

const struct verb verb_connect = {
	.name = "connect",
	.synopsis = "SWITCH PORT dev NETDEV",
	.summary = "bind a port to a device",
	.examples = {
		"connect vs0 web dev tap0  # plugged now, or when tap0 appears",
	},
	.noun = &noun_port, .cmd = VMS_CMD_PORT_SET, .names = 2,
	.keys = port_keys, .mask = CONNECT, .needs = { "dev" },
};

const struct verb verb_disconnect = {
	.name = "disconnect",
	.synopsis = "SWITCH PORT",
	.summary = "unplug the device of a port, which stays; a vNIC goes",
	.examples = { "disconnect vs0 web" },
	.noun = &noun_port, .cmd = VMS_CMD_PORT_SET, .names = 2,
	.keys = port_keys, .finish = finish_disconnect,
};

const struct verb verb_del_port = {
	.name = "del-port",
	.synopsis = "SWITCH PORT",
	.summary = "delete a port, and its vNIC if it has one",
	.examples = { "del-port vs0 web" },
	.noun = &noun_port, .cmd = VMS_CMD_PORT_DEL, .names = 2,
};

/* How ports are shown. */

/* A message without settings has no list; one with settings and without the
 * attribute has an empty one.
 */
static json_t *get_port_macs(const struct field *field,
			     const struct nl_msg *msg)
{
	if (!msg->tb[field->attr] && msg->tb[VMS_A_PORT_LEARNING])
		return json_array();
	return get_macs(field, msg);
}

static json_t *vlan_list(const struct nlattr *attr)
{
	const struct vms_vlan_range *range = nl_data(attr);
	size_t count = nl_len(attr) / sizeof(*range), used = 0, i;
	json_t *value;
	char *text;

	/* Two numbers of at most 5 digits, a dash and a comma. */
	text = xrealloc(NULL, count * 12 + 1);
	*text = 0;
	for (i = 0; i < count; i++) {
		used += sprintf(text + used, "%s%u", i ? "," : "",
				range[i].first);
		if (range[i].last != range[i].first)
			used += sprintf(text + used, "-%u", range[i].last);
	}
	value = json_string(text);
	free(text);
	return value;
}

static json_t *get_vlan_list(const struct field *field,
			     const struct nl_msg *msg)
{
	const struct nlattr *list = msg->tb[field->attr];

	return list ? vlan_list(list) : NULL;
}

static json_t *get_vlan(const struct field *field, const struct nl_msg *msg)
{
	const struct nlattr *pvid = msg->tb[VMS_A_PORT_PVID];
	const struct nlattr *list = msg->tb[VMS_A_PORT_VLANS];
	json_t *mode = get_word(field, msg), *vlan;
	const char *key = "pvid";

	if (!mode)
		return NULL;
	vlan = json_object();
	json_object_set_new(vlan, "mode", mode);
	if (nl_uint(msg->tb[field->attr]) == VMS_VLAN_TRUNK) {
		key = "native";
		json_object_set_new(vlan, "vlans",
				    list ? vlan_list(list) : json_string(""));
	}
	if (pvid && nl_uint(pvid))
		json_object_set_new(vlan, key, json_integer(nl_uint(pvid)));
	return vlan;
}

/* The VLANs of a port in the words that set them. */
static char *vlan_text(const json_t *vlan)
{
	const char *mode = object_str(vlan, "mode");
	const json_t *native = json_object_get(vlan, "native");

	if (strcmp(mode, "trunk"))
		return format("%s %u", mode,
			      (unsigned int)object_uint(vlan, "pvid"));
	if (!native)
		return format("trunk %s", object_str(vlan, "vlans"));
	return format("trunk %s native %u", object_str(vlan, "vlans"),
		      (unsigned int)json_integer_value(native));
}

static char *taken_text(const json_t *value)
{
	return format("%s (by VLAN devices on the device)",
		      json_string_value(value));
}

static json_t *get_state(const struct field *field, const struct nl_msg *msg)
{
	const struct nlattr *attr = msg->tb[field->attr];
	json_t *list;
	u64 bits;
	size_t i;

	if (!attr)
		return NULL;
	bits = nl_uint(attr);
	list = json_array();
	for (i = 0; i < words_state.count; i++)
		if (bits & (1ULL << i))
			json_array_append_new(list,
					      json_string(words_state.list[i]));
	return list;
}

static bool has_word(const json_t *list, const char *word)
{
	json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
		if (!strcmp(json_string_value(value), word))
			return true;
	return false;
}

static char *state_text(const json_t *state)
{
	static const char *const says[] = {
		"set up", "plugged", "carrier", "frames pass",
		"made by ip link", "learns now", "takes unknown unicast now",
	};
	char *text = NULL, *longer;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(says); i++) {
		if (!has_word(state, words_state.list[i]))
			continue;
		longer = format("%s%s%s", text ? text : "", text ? ", " : "",
				says[i]);
		free(text);
		text = longer;
	}
	return text ? text : format("set down, no device");
}

static json_t *state_bit(const struct nl_msg *msg, enum vms_port_state bit)
{
	const struct nlattr *attr = msg->tb[VMS_A_PORT_STATE];

	return attr ? json_boolean(nl_uint(attr) & bit) : NULL;
}

static json_t *get_link(const struct field *field, const struct nl_msg *msg)
{
	(void)field;
	return state_bit(msg, VMS_PORT_S_LINK);
}

static json_t *get_auto(const struct field *field, const struct nl_msg *msg)
{
	(void)field;
	return state_bit(msg, VMS_PORT_S_AUTO);
}

static char *link_text(const json_t *value)
{
	return format(json_is_true(value) ? "up" : "down");
}

static char *filter_text(const json_t *value)
{
	static const char *const says[] = {
		[VMS_FILTER_OFF]	= "promiscuous: uplink-filter is off",
		[VMS_FILTER_ON]		= "the device receives the ports' addresses only",
		[VMS_FILTER_UNABLE]	= "promiscuous: the device does not filter unicast",
		[VMS_FILTER_LEARNS]	= "promiscuous: a port learns or takes unknown unicast",
		[VMS_FILTER_REFUSED]	= "promiscuous: the filter has no room for all addresses",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(says); i++)
		if (json_is_string(value) &&
		    !strcmp(json_string_value(value), words_filter.list[i]))
			return format("%s", says[i]);
	return print_text(value);
}

static json_t *get_cpu(const struct field *field, const struct nl_msg *msg)
{
	const struct nlattr *attr = msg->tb[field->attr];

	if (attr && nl_uint(attr) == VMS_VMQ_CPU_ANY)
		return json_string("auto");
	return get_uint(field, msg);
}

static char *limit_text(const json_t *value)
{
	if (!json_integer_value(value))
		return format("0 (no more than the switch's fdb-max)");
	return print_text(value);
}

const struct field port_fields[] = {
	{ .key = "port", .attr = VMS_A_PORT_NAME, .get = get_str,
	  .json_only = true },
	{ .key = "id", .attr = VMS_A_PORT_ID, .get = get_uint },
	{ .key = "kind", .attr = VMS_A_PORT_KIND, .get = get_word,
	  .words = &words_nic_kind },
	{ .key = "dev", .attr = VMS_A_PORT_DEV, .get = get_str },
	{ .key = "ifindex", .attr = VMS_A_PORT_IFINDEX, .get = get_uint },
	{ .key = "netnsid", .attr = VMS_A_PORT_NETNSID, .get = get_int },
	{ .key = "mac", .attr = VMS_A_PORT_MACS, .get = get_port_macs },
	{ .key = "vlan", .attr = VMS_A_PORT_VLAN_MODE, .get = get_vlan,
	  .words = &words_vlan_mode, .text = vlan_text },
	{ .key = "vlan-taken", .attr = VMS_A_PORT_VLANS_TAKEN,
	  .get = get_vlan_list, .text = taken_text },
	{ .key = "admin", .attr = VMS_A_PORT_ADMIN, .get = get_word,
	  .words = &words_updown },
	{ .key = "state", .attr = VMS_A_PORT_STATE, .get = get_state,
	  .text = state_text },
	{ .key = "link", .get = get_link, .text = link_text },
	{ .key = "auto", .get = get_auto, .json_only = true },
	{ .key = "learning", .attr = VMS_A_PORT_LEARNING, .get = get_word,
	  .words = &words_tristate },
	{ .key = "mac-limit", .attr = VMS_A_PORT_MAC_LIMIT, .get = get_uint,
	  .text = limit_text },
	{ .key = "mac-guard", .attr = VMS_A_PORT_MAC_GUARD, .get = get_bool },
	{ .key = "mac-change", .attr = VMS_A_PORT_MAC_CHANGE, .get = get_bool },
	{ .key = "unknown-flood", .attr = VMS_A_PORT_UNKNOWN_FLOOD,
	  .get = get_word, .words = &words_tristate },
	{ .key = "mcast-flood", .attr = VMS_A_PORT_MCAST_FLOOD,
	  .get = get_bool },
	{ .key = "bcast-flood", .attr = VMS_A_PORT_BCAST_FLOOD,
	  .get = get_bool },
	{ .key = "priority", .attr = VMS_A_PORT_PRIORITY, .get = get_uint },
	{ .key = "qdisc", .attr = VMS_A_PORT_QDISC, .get = get_word,
	  .words = &words_qdisc },
	{ .key = "autoup", .attr = VMS_A_PORT_AUTOUP, .get = get_bool },
	{ .key = "down-mode", .attr = VMS_A_PORT_DOWN_MODE, .get = get_word,
	  .words = &words_down_mode },
	{ .key = "link-follow", .attr = VMS_A_PORT_LINK_FOLLOW,
	  .get = get_bool },
	{ .key = "uplink-filter", .attr = VMS_A_PORT_UPLINK_FILTER,
	  .get = get_bool },
	{ .key = "filter-state", .attr = VMS_A_PORT_FILTER_STATE,
	  .get = get_word, .words = &words_filter, .text = filter_text },
	{ .key = "vlan-refused", .attr = VMS_A_PORT_VLAN_REFUSED,
	  .get = get_uint, .unit = "VLANs" },
	{ .key = "mac-refused", .attr = VMS_A_PORT_MAC_REFUSED,
	  .get = get_uint, .unit = "addresses" },
	{ .key = "vmq", .attr = VMS_A_PORT_VMQ, .get = get_bool },
	{ .key = "vmq-weight", .attr = VMS_A_PORT_VMQ_WEIGHT,
	  .get = get_uint },
	{ .key = "vmq-cpu", .attr = VMS_A_PORT_VMQ_CPU, .get = get_cpu },
	{ .key = "vmq-dynamic", .attr = VMS_A_PORT_VMQ_DYNAMIC,
	  .get = get_bool },
	{ .key = "vmq-base-cpu", .attr = VMS_A_PORT_VMQ_BASE_CPU,
	  .get = get_uint },
	{ .key = "vmq-max-cpu", .attr = VMS_A_PORT_VMQ_MAX_CPU,
	  .get = get_cpu },
	{ .key = "mtu", .attr = VMS_A_PORT_MTU, .get = get_uint,
	  .unit = "bytes" },
	{ .key = "fdb-count", .attr = VMS_A_PORT_FDB_COUNT, .get = get_uint,
	  .unit = "addresses learned" },
	{ }
};

/**
 * port_block - print one port with all its settings
 * @name: name of the switch
 * @port: JSON object of the port
 */
void port_block(const char *name, const json_t *port)
{
	printf("port %s/%s\n", name, object_str(port, "port"));
	print_block(port_fields, port);
}

static bool has_state(const json_t *port, const char *word)
{
	return has_word(json_object_get(port, "state"), word);
}

static const char *link_word(const json_t *port)
{
	if (object_bool(port, "link"))
		return "up";
	if (!has_state(port, "admin"))
		return "admin-down";
	if (!has_state(port, "plugged"))
		return "unplugged";
	if (!has_state(port, "carrier"))
		return "no-carrier";
	return "down";
}

/* A long list is cut behind a comma, so that no VID is cut in two. */
static char *short_vlan(const json_t *port)
{
	const json_t *vlan = json_object_get(port, "vlan");
	char *text = vlan ? vlan_text(vlan) : format("-");
	const char *native = strstr(text, " native");
	size_t cut = VLAN_WIDTH - strlen("...");
	char *shorter;

	if (strlen(text) <= VLAN_WIDTH)
		return text;
	if (native)
		cut -= strlen(native);
	while (cut && text[cut - 1] != ',')
		cut--;
	shorter = format("%.*s...%s", (int)cut, text, native ? native : "");
	free(text);
	return shorter;
}

static char *short_mac(const json_t *port)
{
	const json_t *list = json_object_get(port, "mac");
	size_t count = json_array_size(list);
	const char *first;

	if (!count)
		return format("-");
	first = json_string_value(json_array_get(list, 0));
	if (count == 1)
		return format("%s", first);
	return format("%s +%zu", first, count - 1);
}

static char *flag_words(const json_t *port, u64 uplink_mtu)
{
	bool guard = object_bool(port, "mac-guard") &&
		     json_array_size(json_object_get(port, "mac"));
	bool big = uplink_mtu && object_uint(port, "mtu") > uplink_mtu &&
		   !strcmp(object_str(port, "kind"), "internal");
	const char *filter = object_str(port, "filter-state");
	bool filters = !strcmp(filter, "on");
	bool promisc = *filter && strcmp(filter, "off") && !filters;
	char *text;

	text = format("%s%s%s%s%s%s%s%s", guard ? ",guard" : "",
		      has_state(port, "learning") ? ",learns" : "",
		      has_state(port, "unknown") ? ",unknown" : "",
		      object_bool(port, "auto") ? ",auto" : "",
		      big ? ",mtu>uplink" : "",
		      filters ? ",filters" : "", promisc ? ",promisc" : "",
		      object_uint(port, "vlan-refused") ? ",refused" : "");
	memmove(text, text + (*text == ','), strlen(text + (*text == ',')) + 1);
	return text;
}

static u64 mtu_of(const json_t *ports, const char *name)
{
	json_t *port;
	size_t i;

	json_array_foreach(ports, i, port)
		if (*name && !strcmp(object_str(port, "port"), name))
			return object_uint(port, "mtu");
	return 0;
}

/**
 * port_table - print the ports of a switch, a line each
 * @vswitch: JSON object of the switch
 * @ports: JSON array of its ports
 */
void port_table(const json_t *vswitch, const json_t *ports)
{
	static const char *const heads[] = {
		"PORT", "KIND", "DEVICE", "LINK", "VLAN", "MAC", "FLAGS", NULL
	};
	u64 mtu = mtu_of(ports, object_str(vswitch, "uplink"));
	const char *dev;
	json_t *port;
	size_t i;

	table_begin("  ", heads);
	json_array_foreach(ports, i, port) {
		dev = object_str(port, "dev");
		table_cell(format("%s", object_str(port, "port")));
		table_cell(format("%s", object_str(port, "kind")));
		table_cell(format("%s", *dev ? dev : "-"));
		table_cell(format("%s", link_word(port)));
		table_cell(short_vlan(port));
		table_cell(short_mac(port));
		table_cell(flag_words(port, mtu));
		table_row();
	}
	table_end();
}
