// SPDX-License-Identifier: GPL-2.0
/*
 * The parser for words: abbreviations, key words and their values.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "nl.h"
#include "words.h"

#define LIST_MAX	64
#define VIDS		4096

/**
 * args_peek - look at the next word
 * @args: the words
 *
 * Return: the word, or NULL at the end.
 */
const char *args_peek(const struct args *args)
{
	return args->next < args->count ? args->word[args->next] : NULL;
}

/**
 * args_next - consume the next word
 * @args: the words
 *
 * Return: the word, or NULL at the end.
 */
const char *args_next(struct args *args)
{
	const char *word = args_peek(args);

	if (word)
		args->next++;
	return word;
}

/**
 * args_end - check that no word is left
 * @args: the words
 *
 * Return: VSW_OK, or VSW_USAGE after the error has been printed.
 */
int args_end(struct args *args)
{
	const char *word = args_peek(args);

	if (!word)
		return VSW_OK;
	return error_usage(args->verb, "\"%s\" is one word too many", word);
}

/**
 * match_word - find a word, that may be abbreviated, in a list
 * @word: the word
 * @list: the list; the same word may be there twice
 * @count: how many
 *
 * Return: its index, MATCH_NONE or MATCH_MANY.
 */
int match_word(const char *word, const char *const *list, size_t count)
{
	size_t len = strlen(word), i;
	int found = MATCH_NONE;

	for (i = 0; i < count; i++) {
		if (strncmp(word, list[i], len) || !len)
			continue;
		if (!list[i][len])
			return i;
		if (found == MATCH_NONE)
			found = i;
		else if (found < 0 || strcmp(list[found], list[i]))
			found = MATCH_MANY;
	}
	return found;
}

static void list_words(const char *prefix, const char *const *list,
		       size_t count, char *text, size_t size)
{
	size_t len = strlen(prefix), used = 0, i;

	*text = 0;
	for (i = 0; i < count && used < size; i++)
		if (!strncmp(prefix, list[i], len))
			used += snprintf(text + used, size - used, "%s%s",
					 used ? ", " : "", list[i]);
}

/**
 * match_error - report a word that is not in a list
 * @args: the words
 * @word: the word
 * @list: the list
 * @count: how many
 * @found: what match_word() said: MATCH_NONE or MATCH_MANY
 *
 * Return: VSW_USAGE.
 */
int match_error(const struct args *args, const char *word,
		const char *const *list, size_t count, int found)
{
	char text[512];

	list_words(found == MATCH_MANY ? word : "", list, count, text,
		   sizeof(text));
	if (!*word)
		return error_usage(args->verb, "one of %s is missing", text);
	if (found == MATCH_MANY)
		return error_usage(args->verb, "\"%s\" is ambiguous: %s", word,
				   text);
	return error_usage(args->verb, "\"%s\" is not one of %s", word, text);
}

/**
 * key_find - consume a key word
 * @args: the words
 * @keys: table of keys
 * @mask: verbs that must take the key
 *
 * Return: the key, or NULL after the error has been printed.
 */
const struct key *key_find(struct args *args, const struct key *keys,
			   unsigned int mask)
{
	const char *word = args_next(args);
	const struct key *taken[LIST_MAX];
	const char *names[LIST_MAX] = { };
	size_t count = 0;
	int found;

	for (; keys && keys->name; keys++) {
		if (!(keys->mask & mask))
			continue;
		taken[count] = keys;
		names[count++] = keys->name;
	}
	found = match_word(word, names, count);
	if (found >= 0)
		return taken[found];
	if (count)
		match_error(args, word, names, count, found);
	else
		error_usage(args->verb, "\"%s\" is one word too many", word);
	return NULL;
}

/**
 * key_of_attr - the key word that sets an attribute
 * @verb: the verb of the request
 * @attr: the attribute
 *
 * Return: the key, or NULL for an attribute that no key sets.
 */
const struct key *key_of_attr(const struct verb *verb, u16 attr)
{
	const struct key *key;

	if (!attr)
		return NULL;
	for (key = verb->keys; key && key->name; key++)
		if (attr == key->attr ||
		    (attr > key->attr && attr <= key->attr_last))
			return key;
	return NULL;
}

static const char *value_next(struct args *args, const struct key *key)
{
	const char *word = args_next(args);

	if (!word)
		error_usage(args->verb, "%s: its value %s is missing",
			    key->name, key->arg);
	return word;
}

/* The number of a word, or less than 0 after the error has been printed. */
static int match_value(const struct args *args, const char *word,
		       const struct words *words)
{
	int found = match_word(word, words->list, words->count);

	if (found < 0)
		match_error(args, word, words->list, words->count, found);
	return found;
}

/**
 * put_name - the value is a name
 * @args: the words
 * @key: the key; &key.min and &key.max bound the length
 * @req: the request
 *
 * Return: VSW_OK, or VSW_USAGE after the error has been printed.
 */
int put_name(struct args *args, const struct key *key, struct nl_req *req)
{
	const char *word = value_next(args, key);
	size_t len;

	if (!word)
		return VSW_USAGE;
	len = strlen(word);
	if (len < key->min || len > key->max)
		return error_usage(args->verb,
				   "%s: \"%s\" is not %u to %u bytes long",
				   key->name, word, key->min, key->max);
	nl_put_str(req, key->attr, word);
	return VSW_OK;
}

/**
 * put_word - the value is a word of an enumeration
 * @args: the words
 * @key: the key
 * @req: the request
 *
 * Return: VSW_OK, or VSW_USAGE after the error has been printed.
 */
int put_word(struct args *args, const struct key *key, struct nl_req *req)
{
	const char *word = value_next(args, key);
	int found;

	if (!word)
		return VSW_USAGE;
	found = match_value(args, word, key->words);
	if (found < 0)
		return VSW_USAGE;
	nl_put_u8(req, key->attr, found);
	return VSW_OK;
}

/**
 * put_fixed - the word itself stands for the value &key.min
 * @args: the words
 * @key: the key
 * @req: the request
 *
 * Return: VSW_OK.
 */
int put_fixed(struct args *args, const struct key *key, struct nl_req *req)
{
	(void)args;
	nl_put_u8(req, key->attr, key->min);
	return VSW_OK;
}

static bool parse_digits(const char *text, size_t len, u32 *value)
{
	u64 number = 0;
	size_t i;

	if (!len)
		return false;
	for (i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		number = number * 10 + text[i] - '0';
		if (number > UINT32_MAX)
			number = UINT32_MAX + 1ULL;
	}
	*value = number > UINT32_MAX ? UINT32_MAX : number;
	return number <= UINT32_MAX;
}

/**
 * parse_number - consume a number
 * @args: the words
 * @key: the key
 * @min: lowest value
 * @max: highest value
 * @value: set
 *
 * Return: VSW_OK, or VSW_USAGE after the error has been printed.
 */
int parse_number(struct args *args, const struct key *key, u32 min, u32 max,
		 u32 *value)
{
	const char *word = value_next(args, key);

	if (!word)
		return VSW_USAGE;
	if (!*word || strspn(word, "0123456789") != strlen(word))
		return error_usage(args->verb, "%s: \"%s\" is not a number",
				   key->name, word);
	if (!parse_digits(word, strlen(word), value) || *value < min ||
	    *value > max) {
		/* What the kernel takes is less than what fits in. */
		if (key->max > key->min) {
			min = key->min;
			max = key->max;
		}
		return error_usage(args->verb, "%s: %s is not in %u..%u",
				   key->name, word, min, max);
	}
	return VSW_OK;
}

/**
 * put_vid - the value is a VID; &key.min and &key.max bound it
 * @args: the words
 * @key: the key
 * @req: the request
 *
 * Return: VSW_OK, or VSW_USAGE after the error has been printed.
 */
int put_vid(struct args *args, const struct key *key, struct nl_req *req)
{
	u32 value;
	int ret;

	ret = parse_number(args, key, key->min, key->max, &value);
	if (!ret)
		nl_put_u16(req, key->attr, value);
	return ret;
}

/**
 * put_u8 - the value is a number of 8 bits; the kernel knows its range
 * @args: the words
 * @key: the key
 * @req: the request
 *
 * Return: VSW_OK, or VSW_USAGE after the error has been printed.
 */
int put_u8(struct args *args, const struct key *key, struct nl_req *req)
{
	u32 value;
	int ret;

	ret = parse_number(args, key, 0, UINT8_MAX, &value);
	if (!ret)
		nl_put_u8(req, key->attr, value);
	return ret;
}

/**
 * put_u32 - the value is a number of 32 bits; the kernel knows its range
 * @args: the words
 * @key: the key
 * @req: the request
 *
 * Return: VSW_OK, or VSW_USAGE after the error has been printed.
 */
int put_u32(struct args *args, const struct key *key, struct nl_req *req)
{
	u32 value;
	int ret;

	ret = parse_number(args, key, 0, UINT32_MAX, &value);
	if (!ret)
		nl_put_u32(req, key->attr, value);
	return ret;
}

/**
 * put_cpu - the value is the number of a CPU, or auto
 * @args: the words
 * @key: the key
 * @req: the request
 *
 * Return: VSW_OK, or VSW_USAGE after the error has been printed.
 */
int put_cpu(struct args *args, const struct key *key, struct nl_req *req)
{
	const char *word = args_peek(args);
	u32 value = VMS_VMQ_CPU_ANY;
	int ret = VSW_OK;

	if (word && !strcmp(word, "auto"))
		args_next(args);
	else
		ret = parse_number(args, key, 0, VMS_VMQ_CPU_ANY - 1, &value);
	if (!ret)
		nl_put_u32(req, key->attr, value);
	return ret;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/**
 * parse_mac - parse a MAC address: six pairs of hex digits with ':' or '-'
 * @text: the text, not necessarily ended by a NUL
 * @len: its length
 * @mac: set
 *
 * Return: true if it is one.
 */
bool parse_mac(const char *text, size_t len, u8 mac[MAC_LEN])
{
	int high, low, i;

	if (len != 3 * MAC_LEN - 1)
		return false;
	for (i = 0; i < MAC_LEN; i++, text += 3) {
		high = hex_digit(text[0]);
		low = hex_digit(text[1]);
		if (high < 0 || low < 0)
			return false;
		if (i < MAC_LEN - 1 && text[2] != ':' && text[2] != '-')
			return false;
		mac[i] = high << 4 | low;
	}
	return true;
}

/**
 * mac_text - write a MAC address
 * @mac: the address
 * @text: set
 */
void mac_text(const u8 mac[MAC_LEN], char text[MAC_TEXT])
{
	snprintf(text, MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
		 mac[1], mac[2], mac[3], mac[4], mac[5]);
}

/**
 * put_mac - the value is one MAC address
 * @args: the words
 * @key: the key
 * @req: the request
 *
 * Return: VSW_OK, or VSW_USAGE after the error has been printed.
 */
int put_mac(struct args *args, const struct key *key, struct nl_req *req)
{
	const char *word = value_next(args, key);
	u8 mac[MAC_LEN];

	if (!word)
		return VSW_USAGE;
	if (!parse_mac(word, strlen(word), mac))
		return error_usage(args->verb,
				   "%s: \"%s\" is not a MAC address", key->name,
				   word);
	nl_put_bin(req, key->attr, mac, sizeof(mac));
	return VSW_OK;
}

/**
 * put_macs - the value is "none" or MAC addresses with commas between them
 * @args: the words
 * @key: the key
 * @req: the request
 *
 * Return: VSW_OK, or VSW_USAGE after the error has been printed.
 */
int put_macs(struct args *args, const struct key *key, struct nl_req *req)
{
	const char *word = value_next(args, key);
	u8 macs[VMS_PORT_MACS_MAX][MAC_LEN];
	unsigned int count = 0;
	size_t len;

	if (!word)
		return VSW_USAGE;
	if (strcmp(word, "none")) {
		for (;; word += len + 1) {
			len = strcspn(word, ",");
			if (count == VMS_PORT_MACS_MAX)
				return error_usage(args->verb,
						   "%s: more than %u addresses",
						   key->name, count);
			if (!parse_mac(word, len, macs[count++]))
				return error_usage(args->verb,
						   "%s: \"%.*s\" is not a MAC address",
						   key->name, (int)len, word);
			if (!word[len])
				break;
		}
	}
	nl_put_bin(req, key->attr, macs, (size_t)count * MAC_LEN);
	return VSW_OK;
}

/**
 * put_netns - the value names a network namespace; its descriptor is sent
 * @args: the words
 * @key: the key
 * @req: the request
 *
 * Return: VSW_OK, or the exit code after the error has been printed.
 */
int put_netns(struct args *args, const struct key *key, struct nl_req *req)
{
	const char *word = value_next(args, key);
	int fd;

	if (!word)
		return VSW_USAGE;
	fd = netns_open(word);
	if (fd < 0)
		return error_plain("netns %s: %s", word, strerror(errno));
	nl_put_u32(req, key->attr, fd);
	return VSW_OK;
}

/* One element of a VLAN list: a VID, or two with '-' between them. */
static bool parse_vlan_range(const char *text, size_t len, u32 *first,
			     u32 *last)
{
	const char *dash = memchr(text, '-', len);
	size_t left = dash ? (size_t)(dash - text) : len;

	if (!parse_digits(text, left, first))
		return false;
	*last = *first;
	if (dash && !parse_digits(dash + 1, len - left - 1, last))
		return false;
	return *first >= VMS_VID_MIN && *last <= VMS_VID_MAX && *first <= *last;
}

static int merge_vlans(const bool *member, struct vms_vlan_range *range)
{
	unsigned int vid, count = 0;

	for (vid = VMS_VID_MIN; vid <= VMS_VID_MAX; vid++) {
		if (!member[vid])
			continue;
		if (!member[vid - 1])
			range[count++].first = vid;
		range[count - 1].last = vid;
	}
	return count;
}

/**
 * parse_vlan_list - parse a list like "10,20,100-200"
 * @text: the text
 * @range: set to sorted ranges that do not touch; room for 2,048 of them
 *
 * Return: how many ranges, or -1 if the text is no such list.
 */
int parse_vlan_list(const char *text, struct vms_vlan_range *range)
{
	bool member[VIDS] = { };
	u32 first, last;
	size_t len;

	for (;; text += len + 1) {
		len = strcspn(text, ",");
		if (!parse_vlan_range(text, len, &first, &last))
			return -1;
		memset(member + first, true, last - first + 1);
		if (!text[len])
			break;
	}
	return merge_vlans(member, range);
}

static int put_pvid(struct args *args, const char *what, struct nl_req *req)
{
	const struct key key = {
		.name = what, .arg = "V", .attr = VMS_A_PORT_PVID,
		.min = VMS_VID_MIN, .max = VMS_VID_MAX,
	};

	return put_vid(args, &key, req);
}

/* "native V" may follow; without it the trunk has no native VLAN. */
static int put_native(struct args *args, struct nl_req *req)
{
	const char *word = args_peek(args);

	if (!word || strlen(word) < 2 || strncmp(word, "native", strlen(word))) {
		nl_put_u16(req, VMS_A_PORT_PVID, 0);
		return VSW_OK;
	}
	args_next(args);
	return put_pvid(args, "vlan: native", req);
}

static int put_trunk(struct args *args, struct nl_req *req)
{
	static struct vms_vlan_range range[VIDS / 2];
	const char *list = args_next(args);
	int count;

	if (!list)
		return error_usage(args->verb,
				   "vlan: the list of the trunk is missing");
	count = parse_vlan_list(list, range);
	if (count < 0)
		return error_usage(args->verb,
				   "vlan: \"%s\" is not a list of VLANs 1..4094 like 10,20,100-200",
				   list);
	nl_put_bin(req, VMS_A_PORT_VLANS, range, count * sizeof(*range));
	return put_native(args, req);
}

/**
 * put_vlan - the value is "access V" or "trunk LIST [native V]"
 * @args: the words
 * @key: the key
 * @req: the request
 *
 * Return: VSW_OK, or VSW_USAGE after the error has been printed.
 */
int put_vlan(struct args *args, const struct key *key, struct nl_req *req)
{
	const char *word = value_next(args, key);
	int mode;

	if (!word)
		return VSW_USAGE;
	mode = match_value(args, word, &words_vlan_mode);
	if (mode < 0)
		return VSW_USAGE;
	nl_put_u8(req, VMS_A_PORT_VLAN_MODE, mode);
	if (mode == VMS_VLAN_TRUNK)
		return put_trunk(args, req);
	return put_pvid(args, "vlan: access", req);
}

/**
 * put_flood - the value is on or off for all three flood settings
 * @args: the words
 * @key: the key
 * @req: the request
 *
 * Return: VSW_OK, or VSW_USAGE after the error has been printed.
 */
int put_flood(struct args *args, const struct key *key, struct nl_req *req)
{
	static const u16 attrs[] = {
		VMS_A_PORT_UNKNOWN_FLOOD, VMS_A_PORT_MCAST_FLOOD,
		VMS_A_PORT_BCAST_FLOOD,
	};
	const char *word = value_next(args, key);
	size_t i;
	int on;

	if (!word)
		return VSW_USAGE;
	on = match_value(args, word, &words_onoff);
	if (on < 0)
		return VSW_USAGE;
	for (i = 0; i < ARRAY_SIZE(attrs); i++) {
		if (nl_req_has(req, attrs[i]))
			return error_usage(args->verb,
					   "flood: it sets unknown-flood, mcast-flood and bcast-flood; give it alone");
		nl_put_u8(req, attrs[i], on);
	}
	return VSW_OK;
}
