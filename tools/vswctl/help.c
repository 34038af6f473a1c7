// SPDX-License-Identifier: GPL-2.0
/*
 * Help, made from the tables of verbs and keys.
 */
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "print.h"

#define KEY_INDENT	6
#define SUMMARY_COLUMN	16

/**
 * help_asked - whether the words after a verb ask for help
 * @args: the words
 *
 * Return: true if the only word left is "help".
 */
bool help_asked(const struct args *args)
{
	return args->count - args->next == 1 &&
	       !strcmp(args->word[args->next], "help");
}

static void print_name(const struct verb *verb)
{
	printf("%s%s%s", verb->name, verb->sub ? " " : "",
	       verb->sub ? verb->sub : "");
}

static void print_key(const struct key *key)
{
	printf("  %s%s%s\n%*s", key->name, key->arg ? " " : "",
	       key->arg ? key->arg : "", KEY_INDENT, "");
	print_wrapped(key->help, KEY_INDENT);
}

static bool is_taken(const struct verb *verb, const struct key *key)
{
	if (verb->value_of)
		return !strcmp(key->name, verb->value_of);
	return key->mask & verb->mask;
}

static void print_keys(const struct verb *verb)
{
	const struct key *key;
	bool any = false;

	for (key = verb->keys; key && key->name; key++) {
		if (!is_taken(verb, key))
			continue;
		if (!any)
			printf("\nkeys, in any order:\n");
		any = true;
		print_key(key);
	}
}

static void print_examples(const struct verb *verb)
{
	int i;

	printf("\nexamples:\n");
	for (i = 0; i < VERB_EXAMPLES && verb->examples[i]; i++)
		printf("  vswctl %s\n", verb->examples[i]);
}

static void print_verb(const struct verb *verb)
{
	print_name(verb);
	printf(" - %s\n\nusage: vswctl [OPTIONS] ", verb->summary);
	print_name(verb);
	printf(" %s\n", verb->synopsis);
	if (verb->detail) {
		fputc('\n', stdout);
		print_wrapped(verb->detail, 0);
	}
	print_keys(verb);
	print_examples(verb);
}

static void print_all_verbs(void)
{
	const struct verb *const *verb;
	int used;

	for (verb = verbs; *verb; verb++) {
		used = printf("  %s%s%s", (*verb)->name,
			      (*verb)->sub ? " " : "",
			      (*verb)->sub ? (*verb)->sub : "");
		printf("%*s", used < SUMMARY_COLUMN ? SUMMARY_COLUMN - used : 1,
		       "");
		print_wrapped((*verb)->summary, SUMMARY_COLUMN);
	}
}

/**
 * help_all - print the list of verbs
 */
void help_all(void)
{
	printf("usage: vswctl [-j] [-n NETNS] [--check] COMMAND ...\n\n"
	       "Configure the vmswitch virtual switch.\n\n"
	       "options:\n"
	       "  -j, --json         print JSON\n"
	       "  -n, --netns NETNS  work in a network namespace: a name in /run/netns, a\n"
	       "                     process number, or a path\n"
	       "      --check        validate the request and change nothing\n"
	       "  -h, --help         print this\n"
	       "  -V, --version      print the version\n\n"
	       "commands:\n");
	print_all_verbs();
	printf("\nWords may be abbreviated as long as they are unambiguous.\n"
	       "\"vswctl help COMMAND\" explains a command with its keys and examples.\n");
}

/* All verbs with this first word, for "help fdb" and "help vmq". */
static void help_group(const char *name)
{
	const struct verb *const *verb;
	bool first = true;

	for (verb = verbs; *verb; verb++) {
		if (strcmp((*verb)->name, name))
			continue;
		if (!first)
			printf("\n\n");
		first = false;
		print_verb(*verb);
	}
}

/**
 * help_verb - print the help of the verb that the words name
 * @args: the words
 *
 * Return: VSW_OK, or VSW_USAGE after the error has been printed.
 */
int help_verb(struct args *args)
{
	static const char *const groups[] = { "fdb", "vmq" };
	const struct verb *verb;
	int found, ret;

	if (args->count - args->next == 1 && *args_peek(args)) {
		found = match_word(args_peek(args), groups, ARRAY_SIZE(groups));
		if (found >= 0) {
			help_group(groups[found]);
			return VSW_OK;
		}
	}
	ret = verb_find(args, &verb);
	if (ret)
		return ret;
	print_verb(verb);
	return args_end(args);
}

static int run_help(const struct verb *verb, struct args *args)
{
	(void)verb;
	if (args_peek(args))
		return help_verb(args);
	help_all();
	return VSW_OK;
}

const struct verb verb_help = {
	.name = "help",
	.synopsis = "[COMMAND]",
	.summary = "list the commands, or explain one",
	.examples = { "help", "help add-port" },
	.run = run_help,
};
