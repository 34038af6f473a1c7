/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words of the uapi's enumerations, for the parser and for the printer.
 */
#ifndef VSWCTL_WORDS_H
#define VSWCTL_WORDS_H

#include "vswctl.h"

/* A list with its length: as arguments, and in an initializer. */
#define N_WORDS(array)		array, WORDS_##array
#define SET_WORDS(array)	.words = array, .n_words = WORDS_##array

enum {
	WORDS_words_updown	= 2,
	WORDS_words_onoff	= 2,
	WORDS_words_tristate	= 3,
	WORDS_words_switch_type	= 3,
	WORDS_words_nic_kind	= 3,
	WORDS_words_vlan_mode	= 2,
	WORDS_words_qdisc	= 3,
	WORDS_words_down_mode	= 2,
	WORDS_words_fdb_type	= 3,
	WORDS_words_stage	= 6,
	WORDS_words_lookup	= 4,
	WORDS_words_learn	= 6,
	WORDS_words_drop	= VMS_DROP_MAX + 1,
	WORDS_words_state	= 7,
};

extern const char *const words_updown[];
extern const char *const words_onoff[];
extern const char *const words_tristate[];
extern const char *const words_switch_type[];
extern const char *const words_nic_kind[];
extern const char *const words_vlan_mode[];
extern const char *const words_qdisc[];
extern const char *const words_down_mode[];
extern const char *const words_fdb_type[];
extern const char *const words_stage[];
extern const char *const words_lookup[];
extern const char *const words_learn[];
extern const char *const words_drop[];
extern const char *const words_state[];

const char *word_of(const char *const *words, size_t count, uint64_t value);
const char *drop_word(uint64_t reason);
const char *drop_sentence(const char *word);

#endif /* VSWCTL_WORDS_H */
