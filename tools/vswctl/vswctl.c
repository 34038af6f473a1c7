// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl - configure the vmswitch virtual switch
 *
 * Options and the table of verbs.  A verb that changes something is described
 * by tables alone: its words become one message; one that reads has a function.
 */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "nl.h"
#include "print.h"

#ifndef VSWCTL_VERSION
#define VSWCTL_VERSION	"unknown"
#endif

#define VERBS_MAX	64
#define OPT_CHECK	256
#define LETTERS		"jn:hV"

struct options options;

/* In the order of the help text. */
const struct verb *const verbs[] = {
	&verb_show,
	&verb_stats,
	&verb_explain,
	&verb_monitor,
	&verb_add_switch,
	&verb_set_switch,
	&verb_del_switch,
	&verb_add_port,
	&verb_add_nic,
	&verb_set_port,
	&verb_set_mac,
	&verb_set_vlan,
	&verb_set_vmq,
	&verb_connect,
	&verb_disconnect,
	&verb_del_port,
	&verb_fdb_show,
	&verb_fdb_add,
	&verb_fdb_del,
	&verb_fdb_flush,
	&verb_vmq_show,
	&verb_vmq_moves,
	&verb_batch,
	&verb_help,
	NULL
};

/* Find the second word among the verbs that share a first one. */
static int sub_find(struct args *args, const char *name,
		    const struct verb **verb)
{
	const struct verb *taken[VERBS_MAX];
	const char *names[VERBS_MAX];
	static struct verb group;
	const char *word = args_next(args);
	int count = 0, found, i;

	for (i = 0; verbs[i]; i++) {
		if (strcmp(verbs[i]->name, name))
			continue;
		taken[count] = verbs[i];
		names[count++] = verbs[i]->sub;
	}
	if (!word)
		word = "";
	found = match_word(word, names, count);
	group.name = name;
	args->verb = &group;
	if (found < 0)
		return match_error(args, word, names, count, found);
	*verb = taken[found];
	return VSW_OK;
}

/**
 * verb_find - consume the word or words of a verb
 * @args: the words
 * @verb: set
 *
 * Return: VSW_OK, or VSW_USAGE after the error has been printed.
 */
int verb_find(struct args *args, const struct verb **verb)
{
	const char *word = args_next(args);
	const char *names[VERBS_MAX];
	int count, found;

	for (count = 0; verbs[count]; count++)
		names[count] = verbs[count]->name;
	found = match_word(word, names, count);
	if (found == MATCH_NONE)
		return error_usage(NULL, "unknown command \"%s\"", word);
	if (found == MATCH_MANY)
		return match_error(args, word, names, count, found);
	*verb = verbs[found];
	if ((*verb)->sub && sub_find(args, (*verb)->name, verb))
		return VSW_USAGE;
	args->verb = *verb;
	return VSW_OK;
}

/* A verb that changes something: one request, one answer. */
static int run_change(const struct verb *verb, struct args *args)
{
	struct nl_error err;
	struct nl_req req;
	int ret;

	ret = request_build(verb, args, &req);
	if (ret)
		return ret;
	if (options.check)
		nl_put_flag(&req, verb->noun->check_attr);
	ret = nl_open();
	if (ret)
		return ret;
	if (nl_change(&req, &err))
		return error_kernel(verb, req.buf, &err);
	warn_kernel(verb, req.buf, &err);
	return VSW_OK;
}

static int run_verb(struct args *args)
{
	const struct verb *verb;
	int ret;

	if (!args->count) {
		help_all();
		return VSW_USAGE;
	}
	if (args->count == 2 && !strcmp(args->word[1], "help")) {
		args->count = 1;
		return help_verb(args);
	}
	ret = verb_find(args, &verb);
	if (ret)
		return ret;
	if (help_asked(args)) {
		args->next = 0;
		args->count--;
		return help_verb(args);
	}
	if (options.check && verb->run && verb != &verb_batch)
		return error_usage(verb, "--check is for commands that change something");
	if (options.netns && verb != &verb_help) {
		ret = netns_enter(options.netns);
		if (ret)
			return ret;
	}
	return verb->run ? verb->run(verb, args) : run_change(verb, args);
}

static int bad_option(char **argv)
{
	static const char text[] =
		"option \"%s%s\" is unknown, or its value is missing";
	char letter[] = { optopt, '\0' };

	/* With an unknown letter, getopt() may not be behind the word yet. */
	if (optopt && optopt < OPT_CHECK && !strchr(LETTERS, optopt))
		return error_usage(NULL, text, "-", letter);
	return error_usage(NULL, text, "", argv[optind - 1]);
}

/* Return: -1 to go on, otherwise an exit code. */
static int parse_options(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "netns", required_argument, NULL, 'n' },
		{ "check", no_argument, NULL, OPT_CHECK },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ }
	};
	int opt;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, LETTERS, longs, NULL)) >= 0) {
		switch (opt) {
		case 'j':
			options.json = true;
			break;
		case 'n':
			options.netns = optarg;
			break;
		case OPT_CHECK:
			options.check = true;
			break;
		case 'h':
			help_all();
			return VSW_OK;
		case 'V':
			printf("vswctl %s\n", VSWCTL_VERSION);
			return VSW_OK;
		default:
			return bad_option(argv);
		}
	}
	return -1;
}

/* The netlink socket must not become what is written to.  What was closed gets
 * a file that can not be used for what it is for.
 */
static void reserve_standard_files(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null",
			     fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
	struct args args = { };
	int ret;

	reserve_standard_files();
	ret = parse_options(argc, argv);
	if (ret < 0) {
		args.word = argv + optind;
		args.count = argc - optind;
		ret = run_verb(&args);
	}
	if (!ret)
		ret = print_finish();
	nl_close();
	return ret;
}
