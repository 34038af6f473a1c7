// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel with a vmswitch module for the unit test of vswctl: preloaded, it
 * takes the place of libmnl's socket.  It knows one switch with three ports,
 * and refuses what has a name that says so.  The environment makes it
 * misbehave: FAKE_EMPTY=1 (there is no switch), FAKE_TORN=N (the first N dumps
 * are not consistent), FAKE_ABSENT=1 (there is no module), FAKE_NATIVE=1 (the
 * uplink has a native VLAN, and more others), FAKE_NAME=NAME (of the switch),
 * FAKE_ENDLESS=1 (events never end).
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/vmswitch.h>

#define FAMILY		0x21
#define GROUP		7
#define ROOM		1048576
#define DATAGRAMS	4096
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* What the tool would receive, and where each datagram begins. */
static char queue[ROOM];
static size_t queue_len, begins[DATAGRAMS + 1];
static unsigned int queued, taken;

static const struct nlmsghdr *request;
static bool in_txn, torn;
static unsigned int staged, refused_at;
static const struct nlmsghdr *refused;
static char refused_copy[4096];
static const char *remark;
static int event_fd = -1;

static int knob(const char *name)
{
	const char *value = getenv(name);

	return value ? atoi(value) : 0;
}

static const char *switch_name(void)
{
	const char *name = getenv("FAKE_NAME");

	return name ? name : "vs0";
}

static struct nlmsghdr *begin(int type, int flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(queue + queue_len);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = request ? request->nlmsg_seq : 0;
	begins[queued] = queue_len;
	return nlh;
}

static void end(struct nlmsghdr *nlh)
{
	queue_len += MNL_ALIGN(nlh->nlmsg_len);
	begins[++queued] = queue_len;
}

static struct nlmsghdr *reply(int cmd)
{
	bool dump = request && (request->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;

	nlh = begin(FAMILY, (dump ? NLM_F_MULTI : 0) |
		    (torn ? NLM_F_DUMP_INTR : 0));
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = VMSWITCH_GENL_VERSION;
	return nlh;
}

static void done(void)
{
	struct nlmsghdr *nlh = begin(NLMSG_DONE, NLM_F_MULTI |
				     (torn ? NLM_F_DUMP_INTR : 0));
	int *code = mnl_nlmsg_put_extra_header(nlh, sizeof(*code));

	*code = 0;
	end(nlh);
}

static void answer(int code, const char *text, unsigned int offset)
{
	struct nlmsghdr *nlh = begin(NLMSG_ERROR, NLM_F_CAPPED);
	struct nlmsgerr *body = mnl_nlmsg_put_extra_header(nlh, sizeof(*body));

	body->error = -code;
	body->msg = *request;
	if (text || offset)
		nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
	if (text)
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, text);
	if (offset)
		mnl_attr_put_u32(nlh, NLMSGERR_ATTR_OFFS, offset);
	end(nlh);
}

static const struct nlattr *find(const struct nlmsghdr *nlh, int type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN)
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

static bool names(const struct nlmsghdr *nlh, int type, const char *name)
{
	const struct nlattr *attr = find(nlh, type);

	return attr && !strcmp(mnl_attr_get_str(attr), name);
}

static unsigned int offset_of(const struct nlmsghdr *nlh, int type)
{
	const struct nlattr *attr = find(nlh, type);

	return attr ? (const char *)attr - (const char *)nlh : 0;
}

static void family(void)
{
	struct genlmsghdr *genl;
	struct nlattr *groups, *group;
	struct nlmsghdr *nlh;

	if (knob("FAKE_ABSENT")) {
		answer(ENOENT, NULL, 0);
		return;
	}
	nlh = begin(GENL_ID_CTRL, 0);
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = CTRL_CMD_NEWFAMILY;
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, FAMILY);
	groups = mnl_attr_nest_start(nlh, CTRL_ATTR_MCAST_GROUPS);
	group = mnl_attr_nest_start(nlh, 1);
	mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME,
			  VMSWITCH_MCGRP_EVENTS);
	mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, GROUP);
	mnl_attr_nest_end(nlh, group);
	mnl_attr_nest_end(nlh, groups);
	end(nlh);
	answer(0, NULL, 0);
}

static void vswitch(int cmd)
{
	struct nlmsghdr *nlh = reply(cmd);

	mnl_attr_put_strz(nlh, VMS_A_SWITCH_NAME, switch_name());
	mnl_attr_put_u8(nlh, VMS_A_SWITCH_TYPE, VMS_SWITCH_EXTERNAL);
	mnl_attr_put_u32(nlh, VMS_A_SWITCH_AGEING, 300);
	mnl_attr_put_u32(nlh, VMS_A_SWITCH_FDB_MAX, 16384);
	mnl_attr_put_u32(nlh, VMS_A_SWITCH_IFINDEX, 3);
	mnl_attr_put_u8(nlh, VMS_A_SWITCH_UP, 1);
	mnl_attr_put_u32(nlh, VMS_A_SWITCH_PORTS, 3);
	mnl_attr_put_u32(nlh, VMS_A_SWITCH_FDB_COUNT, 2);
	mnl_attr_put_strz(nlh, VMS_A_SWITCH_UPLINK, "up0");
	end(nlh);
}

struct port {
	const char *name;
	const char *dev;
	int kind;
	unsigned int state;
	unsigned int mtu;
};

static const struct port ports[] = {
	{ "up0", "eth0", VMS_NIC_EXTERNAL, 0x6f, 1500 },
	{ "web", "tap0", VMS_NIC_NETDEV, 0x01, 0 },
	{ "host0", "host0", VMS_NIC_INTERNAL, 0x0f, 9000 },
};

static void port(int cmd, const struct port *p)
{
	static const struct vms_vlan_range vlans[] = {
		{ 10, 10 }, { 20, 20 }, { 100, 200 }, { 300, 301 },
	};
	static const unsigned char macs[] = {
		0x52, 0x54, 0, 0, 0, 1, 0x52, 0x54, 0, 0, 0, 2,
	};
	bool uplink = p->kind == VMS_NIC_EXTERNAL;
	struct nlmsghdr *nlh = reply(cmd);

	mnl_attr_put_strz(nlh, VMS_A_PORT_SWITCH, switch_name());
	mnl_attr_put_strz(nlh, VMS_A_PORT_NAME, p->name);
	mnl_attr_put_u32(nlh, VMS_A_PORT_ID, 1 + (p - ports));
	mnl_attr_put_u8(nlh, VMS_A_PORT_KIND, p->kind);
	mnl_attr_put_strz(nlh, VMS_A_PORT_DEV, p->dev);
	mnl_attr_put(nlh, VMS_A_PORT_MACS, uplink ? 0 : sizeof(macs), macs);
	mnl_attr_put_u8(nlh, VMS_A_PORT_VLAN_MODE, uplink);
	mnl_attr_put_u16(nlh, VMS_A_PORT_PVID,
			 uplink && !knob("FAKE_NATIVE") ? 0 : 10);
	if (uplink)
		mnl_attr_put(nlh, VMS_A_PORT_VLANS, knob("FAKE_NATIVE") ?
			     sizeof(vlans) : 3 * sizeof(*vlans), vlans);
	mnl_attr_put_u8(nlh, VMS_A_PORT_ADMIN, 1);
	mnl_attr_put_u8(nlh, VMS_A_PORT_LEARNING, VMS_AUTO);
	mnl_attr_put_u32(nlh, VMS_A_PORT_MAC_LIMIT, uplink ? 0 : 1024);
	mnl_attr_put_u8(nlh, VMS_A_PORT_MAC_GUARD, 1);
	mnl_attr_put_u8(nlh, VMS_A_PORT_QDISC, 99);
	mnl_attr_put_u32(nlh, VMS_A_PORT_STATE, p->state);
	if (uplink && knob("FAKE_FILTER")) {
		mnl_attr_put_u8(nlh, VMS_A_PORT_UPLINK_FILTER, 1);
		mnl_attr_put_u8(nlh, VMS_A_PORT_FILTER_STATE,
				knob("FAKE_FILTER"));
		mnl_attr_put_u32(nlh, VMS_A_PORT_VLAN_REFUSED, 7);
		mnl_attr_put_u32(nlh, VMS_A_PORT_MAC_REFUSED, 2);
	}
	if (p->mtu)
		mnl_attr_put_u32(nlh, VMS_A_PORT_MTU, p->mtu);
	if (p->kind == VMS_NIC_INTERNAL)
		mnl_attr_put_u32(nlh, VMS_A_PORT_NETNSID, (unsigned int)-1);
	end(nlh);
}

static void get_switch(bool dump)
{
	if (!dump && !names(request, VMS_A_SWITCH_NAME, "vs0")) {
		answer(ENODEV, "there is no such switch",
		       offset_of(request, VMS_A_SWITCH_NAME));
		return;
	}
	if (!knob("FAKE_EMPTY"))
		vswitch(VMS_CMD_SWITCH_GET);
	if (!dump)
		answer(0, NULL, 0);
}

static void get_port(bool dump)
{
	bool found = false;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ports); i++) {
		if (knob("FAKE_EMPTY") ||
		    (!dump && !names(request, VMS_A_PORT_NAME, ports[i].name)))
			continue;
		port(VMS_CMD_PORT_GET, &ports[i]);
		found = true;
	}
	if (!dump)
		answer(found ? 0 : ENOENT, found ? NULL :
		       "there is no such port",
		       found ? 0 : offset_of(request, VMS_A_PORT_NAME));
}

static void entry(int cmd, int type, const char *where)
{
	static const unsigned char mac[] = { 0x52, 0x54, 0, 0, 0, 9 };
	struct nlmsghdr *nlh = reply(cmd);

	mnl_attr_put_strz(nlh, VMS_A_FDB_SWITCH, "vs0");
	mnl_attr_put(nlh, VMS_A_FDB_MAC, sizeof(mac), mac);
	if (type != VMS_FDB_PORT)
		mnl_attr_put_u16(nlh, VMS_A_FDB_VLAN, 10);
	mnl_attr_put_strz(nlh, VMS_A_FDB_PORT, where);
	mnl_attr_put_u8(nlh, VMS_A_FDB_TYPE, type);
	if (type == VMS_FDB_DYNAMIC)
		mnl_attr_put_u32(nlh, VMS_A_FDB_AGE, 12);
	if (cmd == VMS_CMD_FDB_MOVE_NTF)
		mnl_attr_put_strz(nlh, VMS_A_FDB_OLD_PORT, "web");
	end(nlh);
}

static void get_fdb(void)
{
	if (knob("FAKE_EMPTY"))
		return;
	entry(VMS_CMD_FDB_GET, VMS_FDB_DYNAMIC, "up0");
	entry(VMS_CMD_FDB_GET, VMS_FDB_STATIC, "web");
	entry(VMS_CMD_FDB_GET, VMS_FDB_PORT, "host0");
}

static void put_drop(struct nlmsghdr *nlh, unsigned int reason,
		     unsigned long long packets)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VMS_A_STATS_DROP);

	mnl_attr_put_u32(nlh, VMS_A_DROP_REASON, reason);
	mnl_attr_put_u64(nlh, VMS_A_DROP_PACKETS, packets);
	mnl_attr_nest_end(nlh, nest);
}

static void get_stats(bool dump)
{
	bool vlan = find(request, VMS_A_STATS_BY_VLAN);
	struct nlmsghdr *nlh = reply(VMS_CMD_STATS_GET);

	mnl_attr_put_strz(nlh, VMS_A_STATS_SWITCH, switch_name());
	if (vlan)
		mnl_attr_put_u16(nlh, VMS_A_STATS_VLAN, 10);
	else
		mnl_attr_put_strz(nlh, VMS_A_STATS_PORT, "web");
	mnl_attr_put_u64(nlh, VMS_A_STATS_RX_PACKETS, 1ULL << 40);
	mnl_attr_put_u64(nlh, VMS_A_STATS_RX_BYTES, 640);
	mnl_attr_put_u64(nlh, VMS_A_STATS_TX_PACKETS, 0);
	mnl_attr_put_u64(nlh, VMS_A_STATS_TX_BYTES, 0);
	if (!vlan) {
		mnl_attr_put_u64(nlh, VMS_A_STATS_MOVES, 1);
		mnl_attr_put_u64(nlh, VMS_A_STATS_LIMITED, 2);
		put_drop(nlh, VMS_DROP_MAC_GUARD, 3);
		put_drop(nlh, VMS_DROP_TOO_BIG, 4);
		put_drop(nlh, 999, 5);
	}
	end(nlh);
	if (!dump)
		answer(0, NULL, 0);
}

static void put_filter(struct nlmsghdr *nlh, int last, int vlan, int location)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VMS_A_VMQ_FILTER);
	const unsigned char mac[] = { 0x52, 0x54, 0, 0, 0, last };

	mnl_attr_put(nlh, VMS_A_VMQ_FILTER_MAC, sizeof(mac), mac);
	if (vlan)
		mnl_attr_put_u16(nlh, VMS_A_VMQ_FILTER_VLAN, vlan);
	mnl_attr_put_u32(nlh, VMS_A_VMQ_FILTER_LOCATION, location);
	mnl_attr_nest_end(nlh, nest);
}

static void put_served(struct nlmsghdr *nlh, int cpu,
		       unsigned long long packets)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VMS_A_VMQ_SERVED);

	mnl_attr_put_u32(nlh, VMS_A_VMQ_SERVED_CPU, cpu);
	mnl_attr_put_u64(nlh, VMS_A_VMQ_SERVED_PACKETS, packets);
	mnl_attr_nest_end(nlh, nest);
}

static void put_moved(struct nlmsghdr *nlh, int reason,
		      unsigned long long count)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VMS_A_VMQ_MOVED);

	mnl_attr_put_u8(nlh, VMS_A_VMQ_MOVED_REASON, reason);
	mnl_attr_put_u64(nlh, VMS_A_VMQ_MOVED_COUNT, count);
	mnl_attr_nest_end(nlh, nest);
}

static void vmq_port(int cmd, const char *name, bool granted)
{
	struct nlmsghdr *nlh = reply(cmd);

	mnl_attr_put_strz(nlh, VMS_A_VMQ_SWITCH, switch_name());
	mnl_attr_put_strz(nlh, VMS_A_VMQ_PORT, name);
	mnl_attr_put_u8(nlh, VMS_A_VMQ_WEIGHT, 100);
	mnl_attr_put_u8(nlh, VMS_A_VMQ_MODE, granted);
	mnl_attr_put_u8(nlh, VMS_A_VMQ_REASON,
			granted ? VMS_VMQ_R_GRANTED : VMS_VMQ_R_REFUSED);
	mnl_attr_put_u64(nlh, VMS_A_VMQ_MOVES, 2 * granted);
	mnl_attr_put_u64(nlh, VMS_A_VMQ_ELSEWHERE, 7);
	if (!granted) {
		mnl_attr_put_u32(nlh, VMS_A_VMQ_ERROR, ENOSPC);
		end(nlh);
		return;
	}
	mnl_attr_put_u32(nlh, VMS_A_VMQ_QUEUE, 3);
	mnl_attr_put_u8(nlh, VMS_A_VMQ_VERIFIED, 1);
	mnl_attr_put_u32(nlh, VMS_A_VMQ_CPU, 1);
	mnl_attr_put_strz(nlh, VMS_A_VMQ_MOVER, "irq");
	mnl_attr_put_u8(nlh, VMS_A_VMQ_MOVE, VMS_VMQ_MOVE_SPREAD);
	mnl_attr_put_u32(nlh, VMS_A_VMQ_ASKED, 2);
	mnl_attr_put_u32(nlh, VMS_A_VMQ_LOAD, 1234);
	put_moved(nlh, VMS_VMQ_MOVE_SPREAD, 3);
	put_moved(nlh, 99, 1);
	put_filter(nlh, 1, 0, 1023);
	put_filter(nlh, 2, 10, 1022);
	put_served(nlh, 0, 5);
	put_served(nlh, 1, 1ULL << 40);
	mnl_attr_put_u32(nlh, VMS_A_VMQ_TX_QUEUE, 3);
	end(nlh);
}

static void vmq_software(void)
{
	struct nlmsghdr *nlh = reply(VMS_CMD_VMQ_GET);

	mnl_attr_put_strz(nlh, VMS_A_VMQ_SWITCH, switch_name());
	mnl_attr_put_strz(nlh, VMS_A_VMQ_PORT, "db");
	mnl_attr_put_u8(nlh, VMS_A_VMQ_WEIGHT, 100);
	mnl_attr_put_u8(nlh, VMS_A_VMQ_MODE, VMS_VMQ_SOFTWARE);
	mnl_attr_put_u8(nlh, VMS_A_VMQ_REASON, VMS_VMQ_R_NO_QUEUE);
	mnl_attr_put_u64(nlh, VMS_A_VMQ_MOVES, 4);
	mnl_attr_put_u64(nlh, VMS_A_VMQ_ELSEWHERE, 12);
	mnl_attr_put_u32(nlh, VMS_A_VMQ_ASKED, 3);
	mnl_attr_put_u64(nlh, VMS_A_VMQ_HANDED, 9);
	mnl_attr_put_u64(nlh, VMS_A_VMQ_DROPPED, 3);
	mnl_attr_put_u64(nlh, VMS_A_VMQ_FORCED, 1);
	mnl_attr_put_u32(nlh, VMS_A_VMQ_CPU, 2);
	put_served(nlh, 2, 9);
	end(nlh);
}

static void get_vmq(bool dump)
{
	struct nlmsghdr *nlh;

	if (!dump) {
		vmq_port(VMS_CMD_VMQ_GET, "web",
			 names(request, VMS_A_VMQ_PORT, "web"));
		answer(0, NULL, 0);
		return;
	}
	nlh = reply(VMS_CMD_VMQ_GET);
	mnl_attr_put_strz(nlh, VMS_A_VMQ_SWITCH, switch_name());
	if (!knob("FAKE_EMPTY")) {
		mnl_attr_put_strz(nlh, VMS_A_VMQ_UPLINK, "eth0");
		mnl_attr_put_u32(nlh, VMS_A_VMQ_QUEUES, 8);
		mnl_attr_put_u32(nlh, VMS_A_VMQ_POOL, 7);
		mnl_attr_put_u32(nlh, VMS_A_VMQ_FREE, 6);
	}
	end(nlh);
	if (knob("FAKE_EMPTY"))
		return;
	vmq_port(VMS_CMD_VMQ_GET, "web", true);
	vmq_port(VMS_CMD_VMQ_GET, "host0", false);
	vmq_software();
}

static void put_step(struct nlmsghdr *nlh, int stage, int drop, int result,
		     const char *where)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VMS_A_EXPLAIN_STEP);

	mnl_attr_put_u8(nlh, VMS_A_STEP_STAGE, stage);
	mnl_attr_put_u32(nlh, VMS_A_STEP_DROP, drop);
	if (result >= 0)
		mnl_attr_put_u8(nlh, VMS_A_STEP_RESULT, result);
	if (where)
		mnl_attr_put_strz(nlh, VMS_A_STEP_PORT, where);
	if (stage == VMS_STAGE_VLAN) {
		mnl_attr_put_u16(nlh, VMS_A_STEP_VLAN, 10);
		mnl_attr_put_u8(nlh, VMS_A_STEP_PCP, 0);
	}
	if (stage == VMS_STAGE_FORWARD && !drop)
		mnl_attr_put_u8(nlh, VMS_A_STEP_TAGGED, 1);
	mnl_attr_nest_end(nlh, nest);
}

/* From "web" it is delivered, in two messages and without an ACK; from
 * elsewhere dropped.
 */
static void explain(void)
{
	bool pass = names(request, VMS_A_EXPLAIN_PORT, "web");
	struct nlmsghdr *nlh = reply(VMS_CMD_EXPLAIN);

	put_step(nlh, VMS_STAGE_RECEIVE, 0, -1, NULL);
	put_step(nlh, VMS_STAGE_VLAN, 0, -1, NULL);
	put_step(nlh, VMS_STAGE_GUARD, pass ? 0 : VMS_DROP_MAC_GUARD, -1, NULL);
	if (pass) {
		put_step(nlh, VMS_STAGE_LEARN, 0, VMS_LEARN_MOVE, "db");
		put_step(nlh, VMS_STAGE_LOOKUP, 0, VMS_LOOKUP_UNKNOWN, NULL);
		nlh->nlmsg_flags |= NLM_F_MULTI;
		end(nlh);
		nlh = reply(VMS_CMD_EXPLAIN);
		nlh->nlmsg_flags |= NLM_F_MULTI;
		put_step(nlh, VMS_STAGE_FORWARD, 0, -1, "up0");
		put_step(nlh, VMS_STAGE_FORWARD, VMS_DROP_LINK_DOWN, -1, "db");
	}
	mnl_attr_put_u32(nlh, VMS_A_EXPLAIN_COPIES, pass);
	end(nlh);
	if (pass)
		done();
	else
		answer(0, NULL, 0);
}

static void dump(const struct genlmsghdr *genl)
{
	static int dumps;

	torn = dumps++ < knob("FAKE_TORN");
	switch (genl->cmd) {
	case VMS_CMD_SWITCH_GET:
		get_switch(true);
		break;
	case VMS_CMD_PORT_GET:
		get_port(true);
		break;
	case VMS_CMD_FDB_GET:
		get_fdb();
		break;
	case VMS_CMD_STATS_GET:
		get_stats(true);
		break;
	case VMS_CMD_VMQ_GET:
		get_vmq(true);
		break;
	}
	done();
	torn = false;
}

static void commit(void)
{
	struct nlmsghdr *nlh;

	const struct nlattr *count = find(request, VMS_A_TXN_COUNT);

	in_txn = false;
	if (getenv("FAKE_LOG"))
		fprintf(stderr, "fake: %u staged%s\n", staged,
			find(request, VMS_A_TXN_CHECK) ? ", check" : "");
	if (!count || mnl_attr_get_u32(count) != staged) {
		answer(EINVAL, "not as many requests are staged", 0);
		return;
	}
	if (!refused) {
		answer(0, remark, 0);
		return;
	}
	nlh = reply(VMS_CMD_TXN_COMMIT);
	mnl_attr_put_u32(nlh, VMS_A_TXN_FAILED, refused_at);
	mnl_attr_put_u32(nlh, VMS_A_TXN_BAD_ATTR,
			 offset_of(refused, VMS_A_PORT_MACS));
	end(nlh);
	answer(EADDRINUSE, "another port has this address", 0);
}

static void stage(void)
{
	if (names(request, VMS_A_PORT_NAME, "late") && !refused) {
		memcpy(refused_copy, request, request->nlmsg_len);
		refused = (const void *)refused_copy;
		refused_at = staged;
	}
	staged++;
}

/* A change: at once, or staged. */
static void change(void)
{
	bool ack = request->nlmsg_flags & NLM_F_ACK;

	if (names(request, VMS_A_PORT_NAME, "bad")) {
		answer(EINVAL, "this is a group address",
		       offset_of(request, VMS_A_PORT_MACS));
		return;
	}
	if (names(request, VMS_A_PORT_NAME, "range")) {
		answer(ERANGE, "integer out of range",
		       offset_of(request, VMS_A_PORT_PRIORITY));
		return;
	}
	if (names(request, VMS_A_PORT_NAME, "denied")) {
		answer(EPERM, NULL, 0);
		return;
	}
	if (in_txn)
		stage();
	if (getenv("FAKE_LOG") && !in_txn && find(request, VMS_A_PORT_CHECK))
		fprintf(stderr, "fake: check\n");
	if (names(request, VMS_A_PORT_NAME, "remark"))
		remark = "the device has an IP address";
	if (remark && !in_txn)
		answer(0, remark, 0);
	else if (ack)
		answer(0, NULL, 0);
}

static void handle(void)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(request);

	if (request->nlmsg_type == GENL_ID_CTRL)
		return family();
	if ((request->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP)
		return dump(genl);
	switch (genl->cmd) {
	case VMS_CMD_SWITCH_GET:
		return get_switch(false);
	case VMS_CMD_PORT_GET:
		return get_port(false);
	case VMS_CMD_STATS_GET:
		return get_stats(false);
	case VMS_CMD_VMQ_GET:
		return get_vmq(false);
	case VMS_CMD_EXPLAIN:
		return explain();
	case VMS_CMD_TXN_BEGIN:
		in_txn = true;
		return answer(0, NULL, 0);
	case VMS_CMD_TXN_COMMIT:
		return commit();
	case VMS_CMD_TXN_ABORT:
		if (getenv("FAKE_LOG"))
			fprintf(stderr, "fake: abort\n");
		return answer(0, NULL, 0);
	}
	change();
}

static void events(void)
{
	request = NULL;
	vswitch(VMS_CMD_SWITCH_ADD_NTF);
	port(VMS_CMD_PORT_LINK_NTF, &ports[1]);
	entry(VMS_CMD_FDB_MOVE_NTF, VMS_FDB_DYNAMIC, "up0");
	vmq_port(VMS_CMD_VMQ_CHANGE_NTF, "web", true);
	end(reply(200));
}

/* The functions of libmnl that have to do with the socket. */

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	(void)bus;
	event_fd = eventfd(0, flags & SOCK_CLOEXEC ? EFD_CLOEXEC : 0);
	return (void *)queue;
}

int mnl_socket_bind(struct mnl_socket *sk, unsigned int groups, pid_t pid)
{
	(void)sk;
	(void)groups;
	(void)pid;
	return 0;
}

int mnl_socket_setsockopt(const struct mnl_socket *sk, int type, void *value,
			  socklen_t len)
{
	(void)sk;
	(void)len;
	if (type == NETLINK_ADD_MEMBERSHIP && *(int *)value == GROUP) {
		events();
		return eventfd_write(event_fd, 1);
	}
	return 0;
}

int mnl_socket_get_fd(const struct mnl_socket *sk)
{
	(void)sk;
	return event_fd;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *sk, const void *data,
			  size_t size)
{
	int len = size;

	(void)sk;
	queue_len = 0;
	queued = 0;
	taken = 0;
	for (request = data; mnl_nlmsg_ok(request, len);
	     request = mnl_nlmsg_next(request, &len))
		handle();
	return size;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *sk, void *data,
			    size_t size)
{
	size_t len;

	(void)sk;
	if (taken == queued && !request && knob("FAKE_ENDLESS"))
		taken = 0;
	if (taken == queued) {
		errno = taken ? ENOBUFS : EIO;
		taken = 0;
		queued = 0;
		return -1;
	}
	len = begins[taken + 1] - begins[taken];
	if (len > size)
		abort();
	memcpy(data, queue + begins[taken++], len);
	return len;
}

int mnl_socket_close(struct mnl_socket *sk)
{
	(void)sk;
	return close(event_fd);
}
