/* The order path for a memory checker: region, records and answers are blocks of exactly their sizes, so that
 * a byte too many is somebody else's, and a byte of an answer that was not written decides a branch.
 *
 *   trading <turns> [planted]
 *
 * `planted`: the block for verdicts is a byte too small, which the checker must report. */
#include "usual.h"

/* Whether every byte is written: a checker reports the branch if not. */
static int read_whole(const void *answer, size_t bytes) {
  unsigned sum = 0;
  for (size_t at = 0; at < bytes; at++)
    sum += ((const unsigned char *)answer)[at];
  return sum != 0;
}

int main(int count, char **words) {
  NEED(count >= 2);
  const unsigned long turns = strtoul(words[1], NULL, 10);
  const size_t verdict_bytes = sizeof(rck_verdict) - (count > 2);
  for (uint32_t discipline = RCK_MANY_WRITERS; discipline <= RCK_ONE_WRITER; discipline++) {
    rck_config config;
    uint64_t bytes = 0;
    void *memory = NULL;
    trading_config(&config, discipline, 16);
    PASSES(rck_region_bytes(&config, &bytes, NULL));
    NEED(posix_memalign(&memory, RCK_REGION_ALIGN, bytes) == 0);
    const int64_t time_ns = discipline == RCK_ONE_WRITER ? 1700000000000000000 : 0; /* given, or looked at */
    trading desk = {.time_ns = time_ns, .order = malloc(sizeof(rck_order)), .report = malloc(sizeof(rck_report))};
    rck_verdict first;
    desk.verdict = &first;
    trading_begin(&desk, discipline, 16, NULL, memory, bytes);
    usual_begin(&desk);
    for (unsigned long turn = 0; turn < turns; turn++) {
      desk.verdict = malloc(verdict_bytes);
      NEED(desk.order && desk.report && desk.verdict);
      usual_turn(&desk);
      NEED(read_whole(desk.verdict, verdict_bytes));
      trading_turn(&desk);
      NEED(read_whole(desk.verdict, verdict_bytes));
      free(desk.verdict);
    }
    trading_end(&desk);
    free(desk.order);
    free(desk.report);
    free(memory);
  }
  return 0;
}
