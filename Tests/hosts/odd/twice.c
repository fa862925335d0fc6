/* Two copies of the library in one process: each knows its own handles alone.
 *
 *   twice LIBRARY OTHER-PATH local|global */
#include "library.h"

static void strangers(const library *of, const desk *theirs) {
  rck_port *port = NULL;
  rck_health_info health = {.struct_size = sizeof health};
  NEED(checked(of, theirs->port, 77, 1) == RCK_E_HANDLE);
  NEED(of->rck_health(theirs->engine, &health) == RCK_E_HANDLE);
  NEED(of->rck_port_open(theirs->engine, 2, RCK_PORT_WRITER, &port, NULL) == RCK_E_HANDLE && port == NULL);
  NEED(of->rck_port_close(theirs->port) == RCK_E_HANDLE);
  NEED(of->rck_engine_close(theirs->engine) == RCK_E_HANDLE);
}

int main(int count, char **words) {
  NEED(count == 4);
  const int mode = RTLD_NOW | (strcmp(words[3], "global") ? RTLD_LOCAL : RTLD_GLOBAL);
  const library first = loaded(words[1], mode), second = loaded(words[2], mode), again = loaded(words[1], mode);
  NEED(again.handle == first.handle && again.rck_check == first.rck_check);
  NEED(second.handle != first.handle && second.rck_check != first.rck_check);
  const rck_config config = small_config(&first);
  const desk one = opened(&first, &config, 100), two = opened(&second, &config, 250);
  strangers(&first, &two);
  strangers(&second, &one);
  NEED(checked(&first, one.port, 1, 60) == RCK_OK && checked(&second, two.port, 1, 70) == RCK_OK);
  NEED(open_buys(&first, one.engine) == 60 && open_buys(&second, two.engine) == 70);
  NEED(released(&first, one.port, 1) == RCK_OK && released(&second, two.port, 1) == RCK_OK);
  filled_up(&first, &one, 5);
  filled_up(&second, &two, 5);
  closed(&first, &one);
  filled_up(&second, &two, 7);
  closed(&second, &two);
  return 0;
}
