// SPDX-License-Identifier: GPL-2.0
/*
 * Many changes as one transaction.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "nl.h"

#define SPACE	" \t\r\n"

/**
 * struct origin - where a message of the batch comes from
 * @verb: its verb
 * @line: its line
 */
struct origin {
	const struct verb *verb;
	unsigned int line;
};

/**
 * struct batch - a batch file that is read
 * @file: its name
 * @line: the line that is worked on
 * @msgs: the messages
 * @origin: of each message
 * @room: elements allocated in @origin
 * @word: words of the line
 * @words: elements allocated in @word
 */
struct batch {
	const char *file;
	unsigned int line;
	struct nl_batch msgs;
	struct origin *origin;
	unsigned int room;
	char **word;
	int words;
};

/* Split a line; a word that begins with '#' begins a comment.  Return: the
 * number of words, or -1 if one has quotes, which would be part of a name.
 */
static int split_line(struct batch *batch, char *line)
{
	char *rest = NULL, *word;
	int count = 0;

	for (word = strtok_r(line, SPACE, &rest); word && *word != '#';
	     word = strtok_r(NULL, SPACE, &rest)) {
		if (strpbrk(word, "\"'"))
			return -1;
		if (count == batch->words) {
			batch->words = 2 * batch->words + 32;
			batch->word = xrealloc(batch->word, batch->words *
					       sizeof(*batch->word));
		}
		batch->word[count++] = word;
	}
	return count;
}

static void add_message(struct batch *batch, const struct verb *verb,
			const struct nl_req *req)
{
	unsigned int index = batch->msgs.count;

	if (index == batch->room) {
		batch->room = 2 * batch->room + 64;
		batch->origin = xrealloc(batch->origin, batch->room *
					 sizeof(*batch->origin));
	}
	batch->origin[index].verb = verb;
	batch->origin[index].line = batch->line;
	nl_batch_add(&batch->msgs, req);
}

static int parse_line(struct batch *batch, char *line, size_t len)
{
	struct args args = { };
	const struct verb *verb;
	struct nl_req req;
	int ret;

	error_at(batch->file, batch->line);
	if (strlen(line) != len)
		return error_usage(&verb_batch, "the line holds a NUL byte");
	args.count = split_line(batch, line);
	if (args.count < 0)
		return error_usage(&verb_batch,
				   "there are no quotes in a batch: words end at blanks");
	args.word = batch->word;
	if (!args.count)
		return VSW_OK;
	ret = verb_find(&args, &verb);
	if (ret)
		return ret;
	if (verb->run)
		return error_usage(verb, "it changes nothing, so it can not be in a batch");
	ret = request_build(verb, &args, &req);
	if (!ret)
		add_message(batch, verb, &req);
	return ret;
}

static int parse_file(struct batch *batch, FILE *file)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int ret = VSW_OK;

	while (!ret && (len = getline(&line, &size, file)) >= 0) {
		batch->line++;
		ret = parse_line(batch, line, len);
	}
	free(line);
	error_at(NULL, 0);
	if (!ret && ferror(file))
		ret = error_system(batch->file);
	return ret;
}

static int read_file(struct batch *batch)
{
	FILE *file;
	int ret;

	if (!strcmp(batch->file, "-"))
		return parse_file(batch, stdin);
	file = fopen(batch->file, "re");
	if (!file)
		return error_system(batch->file);
	ret = parse_file(batch, file);
	fclose(file);
	return ret;
}

static int send_batch(struct batch *batch, const struct verb *verb)
{
	struct nl_error err;
	int failed, ret;

	if (!batch->msgs.count)
		return VSW_OK;
	ret = nl_open();
	if (ret)
		return ret;
	ret = nl_batch_send(&batch->msgs, options.check, &failed, &err);
	if (failed >= 0) {
		error_at(batch->file, batch->origin[failed].line);
		error_kernel(batch->origin[failed].verb,
			     nl_batch_msg(&batch->msgs, failed), &err);
	} else if (ret) {
		error_at(batch->file, 0);
		error_kernel(verb, NULL, &err);
	} else {
		error_at(batch->file, 0);
		warn_kernel(verb, NULL, &err);
	}
	return ret;
}

static int run_batch(const struct verb *verb, struct args *args)
{
	struct batch batch = { .file = args_next(args) };
	int ret;

	if (!batch.file)
		return error_usage(verb, "FILE or - is missing");
	ret = args_end(args);
	if (!ret)
		ret = read_file(&batch);
	if (!ret)
		ret = send_batch(&batch, verb);
	nl_batch_free(&batch.msgs);
	free(batch.origin);
	free(batch.word);
	return ret;
}

const struct verb verb_batch = {
	.name = "batch",
	.synopsis = "FILE|-",
	.summary = "apply all changes in a file (or standard input), all or none",
	.detail =
		"Each line is a command that changes something, without \"vswctl\". Empty lines are skipped; a word that begins with # begins a comment. There are no quotes, and a command ends with its line. All lines are one transaction. An error names FILE:LINE.",
	.examples = {
		"batch /etc/vmswitch/vs0.batch",
		"--check batch -  # validate standard input, change nothing",
	},
	.run = run_batch,
};
