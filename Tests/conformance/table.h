/* table.h: what the hosts written in C and C++ share: a table's lines, and what is expected of them. The table comes
 * on standard input with every name already a number: a line is its number, a port, a verb, name=value words, an
 * arrow, and what is expected. Fields are found by rck_layout, so that the library's own word on offsets is tried
 * too. Makes no other call. */
#ifndef TABLE_H
#define TABLE_H

#include "riskcheck.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { WORDS_MAX = 64, PORTS_MAX = 16 };

typedef struct {
  const char *name;
  const char *value;
  int used;
} word;

typedef struct {
  word words[WORDS_MAX];
  int count;
} words;

/* What the lines `config` come to. */
extern rck_config config;

/* Calls `run` for each line but `config`, and prints each that differs, and how many were tried and differed: those
 * with an expectation; the others only have to be understood. `run` says whether it knows the verb. Gives the exit
 * status. */
int run_table(int (*run)(uint32_t port, const char *verb, words *given, words *expected));

/* Notes a difference. */
void differ(const char *what, const char *expected, const char *got);
/* The line is not for this host: its language has no words for it. Nothing more is expected of it. */
void unsaid(const char *what);
/* Ends the run. */
void die(const char *what, const char *detail);

/* Take a word out: NULL and 0 if there is none. */
const char *take(words *from, const char *name);
uint64_t number(words *from, const char *name);
/* Whether the line asks for a NULL in the place of `what`. */
int is_null(words *from, const char *what);
/* The token that the word `token` names, and what was expected of one. */
uint64_t token(words *from);
void expect_token(words *expected, uint64_t got);
/* Names the token of a leg by its order's id. */
void name_token(uint64_t id, uint64_t got);

/* Fills a record from all words that are left, its struct_size too. */
void fill(void *base, const char *record, words *from);

/* Limits are named by the order in which their keys were first set. `id` is the library's. */
void learn_limit(const rck_limit *set, uint32_t id);

void expect_number(words *expected, const char *name, uint64_t got);
void expect_text(words *expected, const char *name, const char *got);
void expect_status(words *expected, rck_status got);
/* What a fault says, as far as it is named. */
void expect_fault(words *expected, const rck_fault *fault);
/* Every field of the record from the field `first` on: as named, or zero. */
void expect_record(words *expected, const void *base, const char *record, const char *first);
/* Of a negative status only that. */
void expect_verdict(words *expected, rck_status status, rck_verdict *verdict);

#ifdef __cplusplus
}
#endif

#endif
