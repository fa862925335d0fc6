/* host.h: what the two halves of the C host share. */
#ifndef HOST_H
#define HOST_H

#include "table.h"

extern rck_engine *engine;
extern rck_port *ports[PORTS_MAX];
/* What the line's call said was wrong. */
extern rck_fault fault;

/* Each says whether it knows the verb; then the call was made, and what came of it held against what is expected.
 * Calls that take one record and give a status. */
int run_record(rck_port *port, const char *verb, words *given, words *expected);
/* Calls that fill in a record whose key is given. */
int run_look(const char *verb, words *given, words *expected);
/* Definitions as they were last set, limits too, and the names of both kinds. */
int run_definition(const char *verb, words *given, words *expected);
/* Functions of the host that answer what `returns` says. */
int run_custom(const char *verb, words *given, words *expected);
int run_other(rck_port *port, const char *verb, words *given, words *expected);
int run_override(const char *verb, words *given, words *expected);
/* What the silence of ports does: `index` is that of the line's port. */
int run_watch(uint32_t index, const char *verb, words *given, words *expected);
/* Calls that need no engine, or make a port: of the latter one that is open stays. */
int run_opening(const char *verb, words *given, words *expected);

#endif
