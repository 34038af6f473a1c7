// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink by libmnl: putting attributes into requests, and reading
 * those of answers.
 */
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "nl.h"

static struct nlmsghdr *req_hdr(struct nl_req *req)
{
	return (struct nlmsghdr *)req->buf;
}

/**
 * nl_req_start - begin a request
 * @req: the request
 * @cmd: &enum vms_cmd
 */
void nl_req_start(struct nl_req *req, u8 cmd)
{
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;

	nlh = mnl_nlmsg_put_header(req->buf);
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = VMSWITCH_GENL_VERSION;
	req->seen = 0;
}

/**
 * nl_req_has - whether a request holds an attribute
 * @req: the request
 * @attr: the attribute
 *
 * Return: true if it does.
 */
bool nl_req_has(const struct nl_req *req, u16 attr)
{
	return req->seen & (1ULL << attr);
}

/**
 * nl_put_bin - put an attribute into a request
 * @req: the request
 * @attr: the attribute
 * @data: its value
 * @len: bytes of it
 *
 * The parser bounds each value, so that a request always fits.
 */
void nl_put_bin(struct nl_req *req, u16 attr, const void *data,
		size_t len)
{
	if (!mnl_attr_put_check(req_hdr(req), NL_REQ_MAX, attr, len, data))
		abort();
	req->seen |= 1ULL << attr;
}

/**
 * nl_put_flag - put a flag
 * @req: the request
 * @attr: the attribute
 */
void nl_put_flag(struct nl_req *req, u16 attr)
{
	nl_put_bin(req, attr, "", 0);
}

/**
 * nl_put_u8 - put a number of 8 bits
 * @req: the request
 * @attr: the attribute
 * @value: the number
 */
void nl_put_u8(struct nl_req *req, u16 attr, u8 value)
{
	nl_put_bin(req, attr, &value, sizeof(value));
}

/**
 * nl_put_u16 - put a number of 16 bits
 * @req: the request
 * @attr: the attribute
 * @value: the number
 */
void nl_put_u16(struct nl_req *req, u16 attr, u16 value)
{
	nl_put_bin(req, attr, &value, sizeof(value));
}

/**
 * nl_put_u32 - put a number of 32 bits
 * @req: the request
 * @attr: the attribute
 * @value: the number
 */
void nl_put_u32(struct nl_req *req, u16 attr, u32 value)
{
	nl_put_bin(req, attr, &value, sizeof(value));
}

/**
 * nl_put_str - put a string
 * @req: the request
 * @attr: the attribute
 * @text: the string
 */
void nl_put_str(struct nl_req *req, u16 attr, const char *text)
{
	nl_put_bin(req, attr, text, strlen(text) + 1);
}

static void nl_parse_span(const struct nlattr *first, size_t len,
			  struct nl_msg *msg)
{
	const struct nlattr *attr;

	memset(msg->tb, 0, sizeof(msg->tb));
	msg->first = first;
	msg->len = len;
	mnl_attr_for_each_payload((const void *)first, len) {
		u16 type = mnl_attr_get_type(attr);

		if (type < NL_ATTRS)
			msg->tb[type] = attr;
	}
}

/**
 * nl_parse - take a message apart
 * @nlmsg: struct nlmsghdr of a message of the family
 * @msg: its parts
 */
void nl_parse(const void *nlmsg, struct nl_msg *msg)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlmsg);
	size_t len = mnl_nlmsg_get_payload_len(nlmsg);

	memset(msg, 0, sizeof(*msg));
	if (len < GENL_HDRLEN)
		return;
	msg->cmd = genl->cmd;
	nl_parse_span((const struct nlattr *)((const char *)genl + GENL_HDRLEN),
		      len - GENL_HDRLEN, msg);
}

/**
 * nl_nest - take a nested attribute apart
 * @attr: the attribute
 * @msg: its parts
 */
void nl_nest(const struct nlattr *attr, struct nl_msg *msg)
{
	msg->cmd = 0;
	nl_parse_span(mnl_attr_get_payload(attr), nl_len(attr), msg);
}

/**
 * nl_next - walk over the occurrences of a repeated attribute
 * @msg: the message
 * @attr: the attribute
 * @after: the occurrence before, NULL to begin
 *
 * Return: the next occurrence, or NULL.
 */
const struct nlattr *nl_next(const struct nl_msg *msg, u16 attr,
			     const struct nlattr *after)
{
	const char *end = (const char *)msg->first + msg->len;
	const struct nlattr *at = msg->first;

	if (after)
		at = mnl_attr_next(after);
	for (; mnl_attr_ok(at, (int)(end - (const char *)at));
	     at = mnl_attr_next(at))
		if (mnl_attr_get_type(at) == attr)
			return at;
	return NULL;
}

/**
 * nl_len - length of an attribute's value
 * @attr: the attribute
 *
 * Return: its length in bytes.
 */
size_t nl_len(const struct nlattr *attr)
{
	return mnl_attr_get_payload_len(attr);
}

/**
 * nl_data - an attribute's value
 * @attr: the attribute
 *
 * Return: a pointer to it.
 */
const void *nl_data(const struct nlattr *attr)
{
	return mnl_attr_get_payload(attr);
}

/**
 * nl_uint - an attribute's value as a number
 * @attr: an attribute of 8, 16, 32 or 64 bits
 *
 * Return: the number, 0 if the attribute has no such length.
 */
u64 nl_uint(const struct nlattr *attr)
{
	switch (nl_len(attr)) {
	case sizeof(u8):
		return mnl_attr_get_u8(attr);
	case sizeof(u16):
		return mnl_attr_get_u16(attr);
	case sizeof(u32):
		return mnl_attr_get_u32(attr);
	case sizeof(u64):
		return mnl_attr_get_u64(attr);
	}
	return 0;
}

/**
 * nl_str - an attribute's value as a string
 * @attr: the attribute
 *
 * Return: the string, empty if the attribute is absent or is no string.
 */
const char *nl_str(const struct nlattr *attr)
{
	if (!attr || !memchr(nl_data(attr), 0, nl_len(attr)))
		return "";
	return nl_data(attr);
}
