// SPDX-License-Identifier: GPL-2.0
/*
 * The printer: messages to JSON values, and these to JSON or to text.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "print.h"
#include "words.h"

/* Rows after which a table is printed; it may be wider from there on. */
#define TABLE_ROWS	2048
#define LABEL_WIDTH	16
#define LINE_WIDTH	79

/* JSON values out of attributes. */

/* What a terminal would obey: control characters, those of U+0080 to U+009F
 * too.  JSON escapes the former, and is for programs.
 */
static void keep_terminal_safe(char *text)
{
	unsigned char *at = (unsigned char *)text;

	for (; *at; at++) {
		if (*at < ' ' || *at == 0x7f)
			*at = '?';
		else if (*at == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0)
			memset(at, '?', 2);
	}
}

/**
 * get_text - a string that may hold anything, e.g. the name of a device
 * @text: the string
 *
 * Return: a JSON string with '?' for each byte that has no place in UTF-8 or,
 * if text is printed, on a terminal.
 */
json_t *get_text(const char *text)
{
	char *copy = format("%s", text), *at;
	json_t *value;

	if (!options.json)
		keep_terminal_safe(copy);
	value = json_string(copy);
	if (!value) {
		for (at = copy; *at; at++)
			if ((unsigned char)*at >= 0x80)
				*at = '?';
		value = json_string(copy);
	}
	free(copy);
	return value;
}

/**
 * get_uint - the value is a number
 * @field: description
 * @msg: message
 *
 * Return: a JSON integer, or NULL if the attribute is absent.
 */
json_t *get_uint(const struct field *field, const struct nl_msg *msg)
{
	const struct nlattr *attr = msg->tb[field->attr];

	return attr ? json_integer((json_int_t)nl_uint(attr)) : NULL;
}

/**
 * get_int - the value is a number with a sign
 * @field: description
 * @msg: message
 *
 * Return: a JSON integer, or NULL if the attribute is absent.
 */
json_t *get_int(const struct field *field, const struct nl_msg *msg)
{
	const struct nlattr *attr = msg->tb[field->attr];

	return attr ? json_integer((s32)nl_uint(attr)) : NULL;
}

/**
 * get_bool - the value is a flag or a number that means on or off
 * @field: description
 * @msg: message
 *
 * Return: a JSON boolean, or NULL if the attribute is absent.
 */
json_t *get_bool(const struct field *field, const struct nl_msg *msg)
{
	const struct nlattr *attr = msg->tb[field->attr];

	return attr ? json_boolean(nl_uint(attr)) : NULL;
}

/**
 * get_str - the value is a string
 * @field: description
 * @msg: message
 *
 * Return: a JSON string, or NULL if the attribute is absent or empty.
 */
json_t *get_str(const struct field *field, const struct nl_msg *msg)
{
	const char *text = nl_str(msg->tb[field->attr]);

	return *text ? get_text(text) : NULL;
}

/**
 * get_word - the value is one of an enumeration
 * @field: description
 * @msg: message
 *
 * Return: a JSON string, an integer for a value that has no word yet, or NULL
 * if the attribute is absent.
 */
json_t *get_word(const struct field *field, const struct nl_msg *msg)
{
	const struct nlattr *attr = msg->tb[field->attr];
	const char *word;

	if (!attr)
		return NULL;
	word = word_of(field->words, nl_uint(attr));
	return word ? json_string(word) : get_uint(field, msg);
}

static json_t *mac_value(const u8 *mac)
{
	char text[MAC_TEXT];

	mac_text(mac, text);
	return json_string(text);
}

/**
 * get_mac - the value is a MAC address
 * @field: description
 * @msg: message
 *
 * Return: a JSON string, or NULL if the attribute is absent.
 */
json_t *get_mac(const struct field *field, const struct nl_msg *msg)
{
	const struct nlattr *attr = msg->tb[field->attr];

	if (!attr || nl_len(attr) < MAC_LEN)
		return NULL;
	return mac_value(nl_data(attr));
}

/**
 * get_macs - the value is an array of MAC addresses
 * @field: description
 * @msg: message
 *
 * Return: a JSON array, or NULL if the attribute is absent.
 */
json_t *get_macs(const struct field *field, const struct nl_msg *msg)
{
	const struct nlattr *attr = msg->tb[field->attr];
	const u8 *mac;
	json_t *list;
	size_t i;

	if (!attr)
		return NULL;
	mac = nl_data(attr);
	list = json_array();
	for (i = 0; i < nl_len(attr) / MAC_LEN; i++)
		json_array_append_new(list, mac_value(mac + i * MAC_LEN));
	return list;
}

/**
 * object_of - make the JSON object of a message
 * @fields: its description, ended by an entry without key
 * @msg: the message
 *
 * Return: the object.
 */
json_t *object_of(const struct field *fields, const struct nl_msg *msg)
{
	json_t *object = json_object();
	json_t *value;

	for (; fields->key; fields++) {
		value = fields->get(fields, msg);
		if (value)
			json_object_set_new_nocheck(object, fields->key, value);
	}
	return object;
}

/**
 * object_str - a string of an object
 * @object: the object
 * @key: key
 *
 * Return: the string, empty if there is none.
 */
const char *object_str(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/**
 * object_uint - a number of an object
 * @object: the object
 * @key: key
 *
 * Return: the number, 0 if there is none.
 */
u64 object_uint(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

/**
 * object_bool - a boolean of an object
 * @object: the object
 * @key: key
 *
 * Return: the boolean, false if there is none.
 */
bool object_bool(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

/* JSON: an array, whose elements are printed as they come. */

static unsigned int json_items;

/**
 * print_begin - begin the JSON array
 */
void print_begin(void)
{
	json_items = 0;
	fputc('[', stdout);
}

/**
 * print_json - print an element of the JSON array
 * @object: the element
 */
void print_json(json_t *object)
{
	if (json_items++)
		fputs(",\n", stdout);
	json_dumpf(object, stdout, JSON_COMPACT);
}

/**
 * print_end - end the JSON array
 */
void print_end(void)
{
	fputs("]\n", stdout);
}

/**
 * print_json_line - print an object on a line of its own
 * @object: the object
 */
void print_json_line(json_t *object)
{
	json_dumpf(object, stdout, JSON_COMPACT);
	fputc('\n', stdout);
}

/**
 * print_finish - write out what is still buffered
 *
 * Return: VSW_OK, or VSW_REFUSED after the error has been printed.
 */
int print_finish(void)
{
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return VSW_OK;
	/* An earlier write has failed, and nobody knows why any more. */
	if (!errno)
		errno = EIO;
	return error_system("standard output");
}

/* Text. */

/**
 * format - print into new memory
 * @fmt: format
 *
 * Return: the text, to be freed.
 */
char *format(const char *fmt, ...)
{
	va_list args;
	char *text;
	int ret;

	va_start(args, fmt);
	ret = vasprintf(&text, fmt, args);
	va_end(args);
	if (ret < 0)
		exit(error_plain("out of memory"));
	return text;
}

static char *list_text(const json_t *list)
{
	char *text = NULL, *longer, *item;
	json_t *value;
	size_t i;

	json_array_foreach(list, i, value) {
		item = print_text(value);
		longer = format("%s%s%s", text ? text : "", text ? "," : "",
				item);
		free(item);
		free(text);
		text = longer;
	}
	return text ? text : format("none");
}

/**
 * print_text - make the text of a value
 * @value: a JSON string, integer, boolean, or array of these
 *
 * Return: the text, to be freed.
 */
char *print_text(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		return format("%s", json_string_value(value));
	case JSON_INTEGER:
		return format("%" JSON_INTEGER_FORMAT,
			      json_integer_value(value));
	case JSON_TRUE:
		return format("on");
	case JSON_FALSE:
		return format("off");
	case JSON_ARRAY:
		return list_text(value);
	default:
		return format("-");
	}
}

static char *field_text(const struct field *field, const json_t *value)
{
	char *text, *longer;

	text = field->text ? field->text(value) : print_text(value);
	if (!field->unit)
		return text;
	longer = format("%s %s", text, field->unit);
	free(text);
	return longer;
}

/**
 * print_block - print an object, a line for each setting
 * @fields: its description
 * @object: the object
 */
void print_block(const struct field *fields, const json_t *object)
{
	const json_t *value;
	char *text;

	for (; fields->key; fields++) {
		value = json_object_get(object, fields->key);
		if (!value || fields->json_only)
			continue;
		text = field_text(fields, value);
		printf("  %-*s%s\n", LABEL_WIDTH, fields->key, text);
		free(text);
	}
}

/**
 * print_line - print the settings of an object behind each other
 * @fields: its description
 * @object: the object
 */
void print_line(const struct field *fields, const json_t *object)
{
	const json_t *value;
	char *text;

	for (; fields->key; fields++) {
		value = json_object_get(object, fields->key);
		if (!value || fields->json_only)
			continue;
		text = field_text(fields, value);
		printf("  %s %s", fields->key, text);
		free(text);
	}
}

/**
 * print_wrapped - print words in lines of bounded width
 * @text: the words
 * @indent: column of the lines after the first, where the cursor is now
 */
void print_wrapped(const char *text, unsigned int indent)
{
	unsigned int column = indent;
	size_t len;

	while (*text) {
		len = strcspn(text, " ");
		if (column > indent && column + 1 + len > LINE_WIDTH) {
			printf("\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			fputc(' ', stdout);
			column++;
		}
		printf("%.*s", (int)len, text);
		column += len;
		text += len + strspn(text + len, " ");
	}
	fputc('\n', stdout);
}

/* Tables. */

static struct {
	const char *indent;
	const char *const *heads;
	unsigned int columns;
	unsigned int column;
	unsigned int rows;
	bool headed;
	size_t width[TABLE_COLUMNS];
	char *cell[TABLE_ROWS][TABLE_COLUMNS];
} table;

/* A head that begins with '>' is of a column of numbers. */
static bool is_numeric(unsigned int column)
{
	return *table.heads[column] == '>';
}

/**
 * table_begin - begin a table
 * @indent: before each line
 * @heads: heads of the columns, ended by NULL; '>' before one aligns right
 */
void table_begin(const char *indent, const char *const *heads)
{
	unsigned int i;

	table.indent = indent;
	table.heads = heads;
	table.headed = false;
	table.rows = 0;
	table.column = 0;
	for (i = 0; heads[i]; i++)
		table.width[i] = strlen(heads[i]) - is_numeric(i);
	table.columns = i;
}

/* A cell, padded unless it is the last that is not empty. */
static void put_cell(const char *text, unsigned int column, bool last)
{
	int pad = table.width[column] - strlen(text);

	if (column)
		fputs("  ", stdout);
	if (is_numeric(column))
		printf("%*s", pad, "");
	fputs(text, stdout);
	if (!is_numeric(column) && !last)
		printf("%*s", pad, "");
}

static void put_row(const char *const *cells)
{
	unsigned int last = table.columns - 1, i;

	while (last && !*cells[last])
		last--;
	fputs(table.indent, stdout);
	for (i = 0; i <= last; i++)
		put_cell(cells[i], i, i == last);
	fputc('\n', stdout);
}

static void put_heads(void)
{
	const char *heads[TABLE_COLUMNS];
	unsigned int i;

	for (i = 0; i < table.columns; i++)
		heads[i] = table.heads[i] + is_numeric(i);
	put_row(heads);
}

static void table_flush(void)
{
	unsigned int row, i;

	if (!table.headed)
		put_heads();
	table.headed = true;
	for (row = 0; row < table.rows; row++) {
		put_row((const char *const *)table.cell[row]);
		for (i = 0; i < table.columns; i++)
			free(table.cell[row][i]);
	}
	table.rows = 0;
}

/**
 * table_cell - add a cell to the row
 * @text: its text, which the table frees
 */
void table_cell(char *text)
{
	size_t len = strlen(text);

	if (len > table.width[table.column])
		table.width[table.column] = len;
	table.cell[table.rows][table.column++] = text;
}

/**
 * table_row - end the row
 */
void table_row(void)
{
	table.column = 0;
	if (++table.rows == TABLE_ROWS)
		table_flush();
}

/**
 * table_end - print what is left of the table
 */
void table_end(void)
{
	table_flush();
}
