/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Descriptions of ports, switches and FDB entries that other files print too.
 */
#ifndef VSWCTL_PORT_H
#define VSWCTL_PORT_H

#include "print.h"

extern const struct noun noun_switch, noun_port, noun_fdb;
extern const struct field switch_fields[], port_fields[], fdb_fields[];
extern const struct field vmq_fields[];

void port_block(const char *name, const json_t *port);
void port_table(const json_t *vswitch, const json_t *ports);

#endif /* VSWCTL_PORT_H */
