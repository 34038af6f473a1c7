// SPDX-License-Identifier: GPL-2.0
/*
 * Words -> request, by the description of the verb and of its keys.
 */
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "nl.h"

static int put_object_name(const struct verb *verb, struct args *args,
			   const char *what, u16 attr, size_t max,
			   struct nl_req *req)
{
	const char *word = args_next(args);

	if (!word)
		return error_usage(verb, "the name of the %s is missing", what);
	if (!*word || strlen(word) > max)
		return error_usage(verb,
				   "the name of the %s \"%s\" is not 1 to %zu bytes long",
				   what, word, max);
	nl_put_str(req, attr, word);
	return VSW_OK;
}

/**
 * request_names - consume the names of the object
 * @verb: the verb
 * @args: the words
 * @names: 1: the switch, 2: the switch and the port
 * @req: the request
 *
 * Return: VSW_OK, or VSW_USAGE after the error has been printed.
 */
int request_names(const struct verb *verb, struct args *args, int names,
		  struct nl_req *req)
{
	const struct noun *noun = verb->noun;
	int ret = VSW_OK;

	if (names >= 1)
		ret = put_object_name(verb, args, "switch", noun->switch_attr,
				      VMS_SWITCH_NAME_MAX, req);
	if (!ret && names >= 2)
		ret = put_object_name(verb, args, "port", noun->port_attr,
				      VMS_PORT_NAME_MAX, req);
	return ret;
}

static const struct key *key_by_name(const struct key *key, const char *name)
{
	while (strcmp(key->name, name))
		key++;
	return key;
}

static int put_key(const struct verb *verb, struct args *args,
		   const struct key *key, struct nl_req *req)
{
	/* flood looks itself, at the three that it sets. */
	if (key->parse != put_flood && nl_req_has(req, key->attr))
		return error_usage(verb, "%s: given twice", key->name);
	return key->parse(args, key, req);
}

static int put_keys(const struct verb *verb, struct args *args,
		    struct nl_req *req)
{
	const struct key *key;
	int ret;

	while (args_peek(args)) {
		key = key_find(args, verb->keys, verb->mask);
		if (!key)
			return VSW_USAGE;
		ret = put_key(verb, args, key, req);
		if (ret)
			return ret;
	}
	return VSW_OK;
}

/* For a verb whose last words are the value of one key. */
static int put_value(const struct verb *verb, struct args *args,
		     struct nl_req *req)
{
	const struct key *key = key_by_name(verb->keys, verb->value_of);
	int ret;

	ret = key->parse(args, key, req);
	return ret ? ret : args_end(args);
}

static int check_needs(const struct verb *verb, const struct nl_req *req)
{
	const struct key *key;
	int i;

	for (i = 0; i < VERB_NEEDS && verb->needs[i]; i++) {
		key = key_by_name(verb->keys, verb->needs[i]);
		if (!nl_req_has(req, key->attr))
			return error_usage(verb, "%s %s is missing", key->name,
					   key->arg);
	}
	return VSW_OK;
}

/**
 * request_build - make the request of a verb out of its words
 * @verb: the verb
 * @args: the words after the verb
 * @req: the request
 *
 * Return: VSW_OK, or the exit code after the error has been printed.
 */
int request_build(const struct verb *verb, struct args *args,
		  struct nl_req *req)
{
	int first, ret;

	nl_req_start(req, verb->cmd);
	ret = request_names(verb, args, verb->names, req);
	if (ret)
		return ret;
	first = args->next;
	if (verb->value_of)
		ret = put_value(verb, args, req);
	else
		ret = put_keys(verb, args, req);
	if (ret)
		return ret;
	if (verb->needs_one && args->next == first)
		return error_usage(verb, "a KEY VALUE is missing");
	ret = check_needs(verb, req);
	if (!ret && verb->finish)
		ret = verb->finish(verb, req);
	return ret;
}

/**
 * request_describe - name the object of a request
 * @verb: the verb
 * @msg: the request, a struct nlmsghdr
 * @text: set, for example to "port vs0/web"
 * @size: its size
 */
void request_describe(const struct verb *verb, const void *msg, char *text,
		      size_t size)
{
	const struct noun *noun = verb->noun;
	const char *name, *port = "";
	struct nl_msg parts;
	char mac[MAC_TEXT];
	size_t used;

	*text = 0;
	if (!noun)
		return;
	nl_parse(msg, &parts);
	name = nl_str(parts.tb[noun->switch_attr]);
	if (noun->port_attr)
		port = nl_str(parts.tb[noun->port_attr]);
	used = snprintf(text, size, "%s%s%s%s%s", noun->name, *name ? " " : "",
			name, *port ? "/" : "", port);
	if (!noun->mac_attr || !parts.tb[noun->mac_attr] || used >= size)
		return;
	mac_text(nl_data(parts.tb[noun->mac_attr]), mac);
	snprintf(text + used, size - used, " %s", mac);
}
