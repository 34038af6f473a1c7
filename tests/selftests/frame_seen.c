// SPDX-License-Identifier: GPL-2.0
/*
 * Who got what: what came to each endpoint of the frames that were sent last.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "frame.h"

static void note(struct endpoint *endpoint, const struct sighting *what, uint32_t seq)
{
	struct sighting *seen = NULL;
	int i;

	for (i = 0; i < endpoint->nseen && !seen; i++)
		if (endpoint->seen[i].ntags == what->ntags &&
		    !memcmp(endpoint->seen[i].tags, what->tags, what->ntags * sizeof(struct tag)))
			seen = &endpoint->seen[i];
	if (!seen) {
		if (endpoint->nseen == 4)
			return;
		seen = &endpoint->seen[endpoint->nseen++];
		*seen = *what;
		seen->copies = 0;
		seen->bytes = 0;
		seen->last_seq = 0;
	}
	seen->copies++;
	seen->bytes += what->bytes;
	seen->gso |= what->gso;
	seen->csum |= what->csum;
	seen->valid |= what->valid;
	seen->bad |= what->bad;
	/* A copy of the frame before is another matter, and counted. */
	if (seq < seen->last_seq)
		seen->disorder = true;
	seen->last_seq = seq;
}

/* Take all that waits at an endpoint and note what belongs to the frame. */
void drain(struct endpoint *endpoint, const struct frame *frame, uint32_t id)
{
	struct incoming in;
	struct sighting what;
	uint32_t seq = 0;
	int rc;

	while ((rc = receive(endpoint, &in)))
		if (rc == RECEIVE_FRAME && frame && parse_test_frame(&in, frame, id, &seq, &what))
			note(endpoint, &what, seq);
}

void drain_all(const struct frame *frame, uint32_t id)
{
	int i;

	for (i = 0; i < nendpoints; i++) {
		if (!frame)
			endpoints[i].nseen = 0;
		if (endpoints[i].used)
			drain(&endpoints[i], frame, id);
	}
}

static void report_one(FILE *out, const struct endpoint *endpoint, const struct sighting *seen,
		       bool loose)
{
	int i;

	fprintf(out, "%s", endpoint->name);
	for (i = 0; i < seen->ntags; i++) {
		fprintf(out, "%c%s%u", i ? '/' : ':',
			seen->tags[i].tpid == ETH_P_8021AD ? "s" : "", seen->tags[i].tci & 0xfff);
		if (seen->tags[i].tci >> 13)
			fprintf(out, "p%u", seen->tags[i].tci >> 13);
		if (seen->tags[i].tci & 0x1000)
			fprintf(out, "d");
	}
	if (!loose && seen->copies != 1)
		fprintf(out, "*%u", seen->copies);
	if (!loose)
		fprintf(out, "%s%s%s", seen->gso ? "+gso" : "", seen->csum ? "+csum" : "",
			endpoint->valid && seen->valid ? "+valid" : "");
	if (seen->bytes)
		fprintf(out, "(%u)", seen->bytes);
	fprintf(out, "%s%s", seen->bad ? "!" : "", seen->disorder ? "~" : "");
}

void report(char *text, size_t size, bool loose)
{
	FILE *out = fmemopen(text, size, "w");
	bool any = false;
	int i, j;

	for (i = 0; i < nendpoints; i++) {
		for (j = 0; j < endpoints[i].nseen; j++) {
			if (any)
				fputc(',', out);
			any = true;
			report_one(out, &endpoints[i], &endpoints[i].seen[j], loose);
		}
	}
	if (!any)
		fputc('-', out);
	fclose(out);
}
