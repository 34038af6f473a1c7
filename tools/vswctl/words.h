/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words of the uapi's enumerations, for the parser and for the printer.
 */
#ifndef VSWCTL_WORDS_H
#define VSWCTL_WORDS_H

#include "vswctl.h"

/**
 * struct words - the words of an enumeration
 * @list: the words by number
 * @count: how many
 */
struct words {
	const char *const *list;
	size_t count;
};

extern const struct words words_updown;
extern const struct words words_onoff;
extern const struct words words_tristate;
extern const struct words words_switch_type;
extern const struct words words_nic_kind;
extern const struct words words_vlan_mode;
extern const struct words words_qdisc;
extern const struct words words_down_mode;
extern const struct words words_filter;
extern const struct words words_fdb_type;
extern const struct words words_stage;
extern const struct words words_lookup;
extern const struct words words_learn;
extern const struct words words_drop;
extern const struct words words_state;
extern const struct words words_vmq_mode;
extern const struct words words_vmq_reason;
extern const struct words words_vmq_move;

const char *word_of(const struct words *words, u64 value);
const char *drop_word(u64 reason);
const char *drop_sentence(const char *word);

#endif /* VSWCTL_WORDS_H */
