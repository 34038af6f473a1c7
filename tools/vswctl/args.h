/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words of a command line, and the key words that are made of them.
 */
#ifndef VSWCTL_ARGS_H
#define VSWCTL_ARGS_H

#include "words.h"

#define MAC_LEN		6
#define MAC_TEXT	sizeof("00:00:00:00:00:00")

/**
 * struct args - words still to be parsed
 * @word: the words
 * @count: how many
 * @next: index of the first that is not consumed
 * @verb: for error messages, NULL as long as it is not known
 */
struct args {
	char **word;
	int count;
	int next;
	const struct verb *verb;
};

/**
 * struct key - a key word, and how its value becomes an attribute
 * @name: the word
 * @arg: its value in the help text, NULL for a word without value
 * @help: its meaning, with unit, range and default
 * @attr: attribute
 * @attr_last: last attribute of a range that this key sets, or 0
 * @parse: consume the value and put it into the message
 * @words: values of an enumeration
 * @min: lowest number, or length of a name, or the value of put_fixed()
 * @max: highest number, or length of a name
 * @mask: verbs that take it: &verb.mask
 */
struct key {
	const char *name;
	const char *arg;
	const char *help;
	u16 attr;
	u16 attr_last;
	int (*parse)(struct args *args, const struct key *key,
		     struct nl_req *req);
	const struct words *words;
	u32 min;
	u32 max;
	unsigned int mask;
};

const char *args_peek(const struct args *args);
const char *args_next(struct args *args);
int args_end(struct args *args);

#define MATCH_NONE	(-1)
#define MATCH_MANY	(-2)
int match_word(const char *word, const char *const *list, size_t count);
int match_error(const struct args *args, const char *word,
		const char *const *list, size_t count, int found);
const struct key *key_find(struct args *args, const struct key *keys,
			   unsigned int mask);
const struct key *key_of_attr(const struct verb *verb, u16 attr);

int parse_number(struct args *args, const struct key *key, u32 min, u32 max,
		 u32 *value);
int parse_vlan_list(const char *text, struct vms_vlan_range *range);
bool parse_mac(const char *text, size_t len, u8 mac[MAC_LEN]);
void mac_text(const u8 mac[MAC_LEN], char text[MAC_TEXT]);

/* Values of &key.parse. */
int put_name(struct args *args, const struct key *key, struct nl_req *req);
int put_word(struct args *args, const struct key *key, struct nl_req *req);
int put_fixed(struct args *args, const struct key *key, struct nl_req *req);
int put_u8(struct args *args, const struct key *key, struct nl_req *req);
int put_vid(struct args *args, const struct key *key, struct nl_req *req);
int put_u32(struct args *args, const struct key *key, struct nl_req *req);
int put_cpu(struct args *args, const struct key *key, struct nl_req *req);
int put_mac(struct args *args, const struct key *key, struct nl_req *req);
int put_macs(struct args *args, const struct key *key, struct nl_req *req);
int put_netns(struct args *args, const struct key *key, struct nl_req *req);
int put_vlan(struct args *args, const struct key *key, struct nl_req *req);
int put_flood(struct args *args, const struct key *key, struct nl_req *req);

/* request.c */
int request_build(const struct verb *verb, struct args *args,
		  struct nl_req *req);
int request_names(const struct verb *verb, struct args *args, int names,
		  struct nl_req *req);
void request_describe(const struct verb *verb, const void *msg, char *text,
		      size_t size);

#endif /* VSWCTL_ARGS_H */
