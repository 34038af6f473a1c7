/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One printer for text and JSON.  A message becomes a JSON value by the
 * description of its object (an array of struct field); the text is made
 * from that same value, so that the two can not differ.
 */
#ifndef VSWCTL_PRINT_H
#define VSWCTL_PRINT_H

#include <jansson.h>

#include "nl.h"
#include "words.h"

#define TABLE_COLUMNS	10
#define TEXT_MAX	128

/**
 * struct field - one setting or state of an object
 * @key: its name, in JSON and in text
 * @attr: the attribute that it comes from
 * @get: make its value, NULL if it is absent
 * @words: values of an enumeration
 * @unit: behind the value in text, or NULL
 * @text: write its value as text, NULL: as print_text() does
 * @json_only: it would only repeat something in text
 */
struct field {
	const char *key;
	u16 attr;
	json_t *(*get)(const struct field *field, const struct nl_msg *msg);
	const struct words *words;
	const char *unit;
	char *(*text)(const json_t *value);
	bool json_only;
};

/* Values of &field.get. */
json_t *get_uint(const struct field *field, const struct nl_msg *msg);
json_t *get_int(const struct field *field, const struct nl_msg *msg);
json_t *get_bool(const struct field *field, const struct nl_msg *msg);
json_t *get_str(const struct field *field, const struct nl_msg *msg);
json_t *get_word(const struct field *field, const struct nl_msg *msg);
json_t *get_mac(const struct field *field, const struct nl_msg *msg);
json_t *get_macs(const struct field *field, const struct nl_msg *msg);
json_t *get_text(const char *text);

json_t *object_of(const struct field *fields, const struct nl_msg *msg);
const char *object_str(const json_t *object, const char *key);
u64 object_uint(const json_t *object, const char *key);
bool object_bool(const json_t *object, const char *key);

void print_begin(void);
void print_json(json_t *object);
void print_end(void);
int print_finish(void);
void print_json_line(json_t *object);

char *print_text(const json_t *value);
__printf(1, 2)
char *format(const char *fmt, ...);
void print_block(const struct field *fields, const json_t *object);
void print_line(const struct field *fields, const json_t *object);
void print_wrapped(const char *text, unsigned int indent);

void table_begin(const char *indent, const char *const *heads);
void table_cell(char *text);
void table_row(void);
void table_end(void);

#endif /* VSWCTL_PRINT_H */
