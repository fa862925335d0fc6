/* table.c: reads a table's lines and holds what came of them against what is expected. table.h says how. */
#include "table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 640, GRANTS_MAX = 4096, LIMITS_MAX = 512, TEXT_MAX = 2048 };

rck_config config;
static rck_field fields[FIELDS_MAX];
static int field_count;

/* Tokens by the id that they were given for, and the how-manieth of that id. */
static struct {
  uint64_t id;
  unsigned grant;
  uint64_t token;
} grants[GRANTS_MAX];
static int grant_count;

/* Limits by their key, in the order in which they were first set. */
static struct {
  rck_limit key;
  uint32_t id;
} limits[LIMITS_MAX];
static int limit_count;

static int differences;
static int expecting; /* whether the line has an expectation that it is held to */
static char line_number[32];

void differ(const char *what, const char *expected, const char *got) {
  if (!expecting)
    return;
  printf("%s %s expected %s got %s\n", line_number, what, expected, got);
  differences++;
}

void unsaid(const char *what) {
  if (expecting)
    printf("%s cannot say %s\n", line_number, what);
  expecting = 0;
}

void die(const char *what, const char *detail) {
  printf("%s cannot go on: %s %s\n", line_number, what, detail);
  exit(2);
}

/* ---- Fields ---- */

static void load_fields(void) {
  for (;;) {
    rck_field *field = &fields[field_count];
    field->struct_size = sizeof *field;
    if (rck_layout((uint32_t)field_count, field) != RCK_OK)
      return;
    if (++field_count == FIELDS_MAX)
      die("more fields than", "expected");
  }
}

static const rck_field *find_field(const char *record, const char *name) {
  for (int i = 0; i < field_count; i++)
    if (!strcmp(fields[i].record, record) && !strcmp(fields[i].name, name))
      return &fields[i];
  return NULL;
}

/* Sets a field of `record` from text: a number, numbers with commas, or characters. */
static void put(void *base, const rck_field *field, const char *text) {
  unsigned char *at = (unsigned char *)base + field->offset;
  if (field->type == RCK_FIELD_CHAR) {
    /* A text that is too long is not ended. */
    memset(at, 0, field->count);
    memcpy(at, text, strlen(text) < field->count ? strlen(text) : field->count);
    return;
  }
  for (uint32_t i = 0; i < field->count; i++) {
    char *end;
    uint64_t value = *text == '-' ? (uint64_t)strtoll(text, &end, 10) : strtoull(text, &end, 10);
    memcpy(at + i * field->bytes, &value, field->bytes); /* x86-64: the low bytes come first */
    text = *end == ',' ? end + 1 : "0";
  }
}

static void show(const void *base, const rck_field *field, char *text, size_t size) {
  const unsigned char *at = (const unsigned char *)base + field->offset;
  if (field->type == RCK_FIELD_CHAR) {
    snprintf(text, size, "%.*s", (int)field->count, *at ? (const char *)at : "0");
    return;
  }
  size_t length = 0;
  for (uint32_t i = 0; i < field->count; i++) {
    uint64_t value = 0;
    memcpy(&value, at + i * field->bytes, field->bytes);
    int is_signed = field->type % 2; /* the signed types have the odd numbers */
    unsigned bits = 8 * field->bytes;
    if (is_signed && bits < 64 && value >> (bits - 1))
      value |= ~(uint64_t)0 << bits;
    length +=
        (size_t)snprintf(text + length, size - length, is_signed ? "%s%" PRId64 : "%s%" PRIu64, i ? "," : "", value);
  }
}

const char *take(words *from, const char *name) {
  for (int i = 0; i < from->count; i++)
    if (!from->words[i].used && !strcmp(from->words[i].name, name)) {
      from->words[i].used = 1;
      return from->words[i].value;
    }
  return NULL;
}

uint64_t number(words *from, const char *name) {
  const char *text = take(from, name);
  if (!text)
    return 0;
  return *text == '-' ? (uint64_t)strtoll(text, NULL, 10) : strtoull(text, NULL, 10);
}

int is_null(words *from, const char *what) {
  for (int i = 0; i < from->count; i++)
    if (!strcmp(from->words[i].name, "null") && !strcmp(from->words[i].value, what)) {
      from->words[i].used = 1;
      return 1;
    }
  return 0;
}

/* Fills a record from all words that are not used yet. */
void fill(void *base, const char *record, words *from) {
  const rck_field *size = find_field(record, "struct_size");
  if (size)
    memcpy((unsigned char *)base + size->offset, &size->record_bytes, sizeof size->record_bytes);
  for (int i = 0; i < from->count; i++) {
    if (from->words[i].used)
      continue;
    const rck_field *field = find_field(record, from->words[i].name);
    if (!field)
      die(record, from->words[i].name);
    put(base, field, from->words[i].value);
    from->words[i].used = 1;
  }
}

/* ---- Tokens and limits ---- */

static int grant_named(const char *name) {
  uint64_t id = strtoull(name + 1, NULL, 10);
  const char *dot = strchr(name, '.');
  unsigned grant = dot ? (unsigned)strtoul(dot + 1, NULL, 10) : 1;
  for (int i = 0; i < grant_count; i++)
    if (grants[i].id == id && grants[i].grant == grant)
      return i;
  return -1;
}

uint64_t token(words *from) {
  const char *name = take(from, "token");
  if (!name)
    return 0;
  if (*name != '@')
    return strtoull(name, NULL, 10);
  int at = grant_named(name);
  return at < 0 ? UINT64_MAX - 15 : grants[at].token;
}

/* A token is the one that was given under this name; a new name takes a token that nobody has. */
void expect_token(words *expected, uint64_t got) {
  char text[32];
  snprintf(text, sizeof text, "%" PRIu64, got);
  const char *name = take(expected, "token");
  if (!name) {
    if (got != 0)
      differ("token", "0", text);
    return;
  }
  int at = grant_named(name);
  if (at >= 0) {
    if (grants[at].token != got)
      differ("token", name, text);
    return;
  }
  for (int i = 0; i < grant_count; i++)
    if (grants[i].token == got)
      differ("token", "a new one", text);
  const char *dot = strchr(name, '.');
  if (got == 0 || grant_count == GRANTS_MAX)
    differ("token", "a new one", text);
  else {
    grants[grant_count].id = strtoull(name + 1, NULL, 10);
    grants[grant_count].grant = dot ? (unsigned)strtoul(dot + 1, NULL, 10) : 1;
    grants[grant_count++].token = got;
  }
}

/* Of a leg, whose name is its order's id. */
void name_token(uint64_t id, uint64_t got) {
  char key[] = "token", name[32];
  words one = {0};
  snprintf(name, sizeof name, "@%" PRIu64, id);
  one.count = 1;
  one.words[0] = (word){key, name, 0};
  expect_token(&one, got);
}

void learn_limit(const rck_limit *set, uint32_t id) {
  int at = 0;
  while (at < limit_count && (limits[at].key.control != set->control || limits[at].key.measure != set->measure ||
                              limits[at].key.scope_kind != set->scope_kind || limits[at].key.id != set->id ||
                              limits[at].key.instrument != set->instrument || limits[at].key.side != set->side ||
                              limits[at].key.order_type != set->order_type))
    at++;
  if (at == LIMITS_MAX)
    die("limit", "too many");
  for (int i = 0; i < limit_count; i++)
    if (limits[i].id == id)
      limits[i].id = 0; /* the id of a limit that was removed may be given again */
  limits[at].key = *set;
  limits[at].id = id;
  if (at == limit_count)
    limit_count++;
}

static uint32_t limit_number(uint32_t id) {
  for (int i = 0; id != 0 && i < limit_count; i++)
    if (limits[i].id == id)
      return (uint32_t)i + 1;
  return id == 0 ? 0 : UINT32_MAX;
}

/* ---- Expectations ---- */

void expect_number(words *expected, const char *name, uint64_t got) {
  char text[32];
  const char *wanted = take(expected, name);
  snprintf(text, sizeof text, "%" PRIu64, got);
  if (strcmp(wanted ? wanted : "0", text))
    differ(name, wanted ? wanted : "0", text);
}

void expect_status(words *expected, rck_status got) {
  char text[32];
  const char *wanted = take(expected, "status");
  snprintf(text, sizeof text, "%" PRId32, got);
  if (!wanted || strcmp(wanted, text))
    differ("status", wanted ? wanted : "none", rck_status_name(got));
}

void expect_text(words *expected, const char *name, const char *got) {
  const char *wanted = take(expected, name);
  if (strcmp(wanted ? wanted : "0", *got ? got : "0"))
    differ(name, wanted ? wanted : "0", *got ? got : "0");
}

void expect_fault(words *expected, const rck_fault *fault) {
  static const char *const numbers[] = {"minimum", "maximum"};
  const int64_t got[] = {fault->minimum, fault->maximum};
  for (int i = 0; i < expected->count; i++)
    if (!strcmp(expected->words[i].name, "field"))
      expect_text(expected, "field", fault->field);
    else
      for (int j = 0; j < 2; j++)
        if (!strcmp(expected->words[i].name, numbers[j])) {
          char text[32];
          snprintf(text, sizeof text, "%" PRId64, got[j]);
          expect_text(expected, numbers[j], text);
        }
}

/* Of an array what is not named is zero too. */
static void filled_up(const char *wanted, uint32_t count, char *text, size_t size) {
  uint32_t given = 1;
  size_t length = (size_t)snprintf(text, size, "%s", wanted ? wanted : "0");
  for (const char *at = wanted; at && *at; at++)
    given += *at == ',';
  for (; given < count; given++)
    length += (size_t)snprintf(text + length, size - length, ",0");
}

void expect_record(words *expected, const void *base, const char *record, const char *first) {
  int begun = 0;
  for (int i = 0; i < field_count; i++) {
    char text[TEXT_MAX], wanted[TEXT_MAX];
    if (strcmp(fields[i].record, record))
      continue;
    begun = begun || !strcmp(fields[i].name, first);
    /* Where violations are kept one has an id of the library's. */
    if (!strcmp(fields[i].name, "violation_id") && (config.flags & RCK_KEEP_VIOLATIONS))
      continue;
    if (!begun || !strcmp(fields[i].name, "status") || !strcmp(fields[i].name, "token"))
      continue;
    filled_up(take(expected, fields[i].name), fields[i].type == RCK_FIELD_CHAR ? 1 : fields[i].count, wanted,
              sizeof wanted);
    show(base, &fields[i], text, sizeof text);
    if (strcmp(wanted, text))
      differ(fields[i].name, wanted, text);
  }
}

void expect_verdict(words *expected, rck_status status, rck_verdict *verdict) {
  expect_status(expected, status);
  if (status < 0)
    return;
  if (verdict->status != status)
    differ("verdict.status", "the call's", rck_status_name(verdict->status));
  expect_token(expected, verdict->token);
  verdict->limit_id = limit_number(verdict->limit_id);
  expect_record(expected, verdict, "rck_verdict", "control");
}

/* ---- Lines ---- */

static char *split(char *text, words *into) {
  into->count = 0;
  char *at = strtok(text, " \n");
  while (at && strcmp(at, "->")) {
    char *equals = strchr(at, '=');
    if (!equals || into->count == WORDS_MAX)
      die("word", at);
    *equals = 0;
    into->words[into->count++] = (word){at, equals + 1, 0};
    at = strtok(NULL, " \n");
  }
  return at;
}

static void run_line(char *line, int (*run)(uint32_t, const char *, words *, words *), int *tried) {
  char verb[32];
  uint32_t port = 0;
  int length = 0;
  words given, expected = {0};
  if (sscanf(line, "%31s %" SCNu32 " %31s %n", line_number, &port, verb, &length) != 3)
    return;
  int arrow = split(line + length, &given) != NULL;
  if (arrow)
    split(NULL, &expected);
  if (!strcmp(verb, "config")) {
    fill(&config, "rck_config", &given);
    return;
  }
  if (port >= PORTS_MAX)
    die("port", "too large");
  expecting = arrow;
  if (!run(port, verb, &given, &expected))
    die("verb", verb);
  for (int i = 0; arrow && i < expected.count; i++)
    if (!expected.words[i].used)
      differ(expected.words[i].name, expected.words[i].value, "no such field");
  *tried += arrow;
}

int run_table(int (*run)(uint32_t, const char *, words *, words *)) {
  static char line[8192];
  int tried = 0;
  load_fields();
  while (fgets(line, sizeof line, stdin))
    run_line(line, run, &tried);
  printf("%d lines, %d differences\n", tried, differences);
  return differences != 0;
}
