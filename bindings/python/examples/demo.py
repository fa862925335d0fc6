"""A host in Python: a region in a file, a process that dies without closing it, and one that reads what it left.

Shows definitions, events, what is refused and why, recovery after a kill, and what a call costs from Python.
"""

import ctypes
import os
import signal
import statistics
import tempfile
import time

import riskcheck as rck

EVENTS = 20_000
SIGNAL_SEEN = rck.RCK_EVENT_HOST + 1


def open_engine(path: str) -> rck.EngineHandle:
    config = rck.Config()
    rck.check(rck.lib.rck_config_init(config, ctypes.sizeof(config)))
    config.ring_lines = 32768
    config.orders_max = 1024
    engine, fault = rck.EngineHandle(), rck.Fault()
    rck.check(rck.lib.rck_engine_open(config, path.encode(), engine, fault), fault)
    return engine


def open_port(engine: rck.EngineHandle, index: int, mode: int) -> rck.PortHandle:
    port, fault = rck.PortHandle(), rck.Fault()
    rck.check(rck.lib.rck_port_open(engine, index, mode, port, fault), fault)
    return port


def define(engine: rck.EngineHandle) -> None:
    fault = rck.Fault()
    dollar = rck.Currency(struct_size=ctypes.sizeof(rck.Currency), id=1, name=b"USD", rate=1)
    rck.check(rck.lib.rck_currency_set(engine, dollar, fault), fault)
    share = rck.Instrument(
        struct_size=ctypes.sizeof(rck.Instrument),
        id=1,
        name=b"ACME",
        flags=rck.RCK_ENABLED,
        currency=1,
        price_decimals=2,
        multiplier=1,
        lot=1,
        tick=1,
    )
    rck.check(rck.lib.rck_instrument_set(engine, share, fault), fault)
    share.tick = 0
    try:
        rck.check(rck.lib.rck_instrument_set(engine, share, fault), fault)
    except rck.RiskCheckError as error:
        print(f"  refused  {error}")


def trade_until_killed(path: str) -> None:
    """What the child does: define, write events, time the calls, and die with everything open."""
    engine = open_engine(path)
    define(engine)
    port = open_port(engine, 1, rck.RCK_PORT_WRITER)
    event = rck.Event(kind=SIGNAL_SEEN, severity=rck.RCK_SEVERITY_INFO)
    write, nanoseconds = rck.lib.rck_event_write, []
    for number in range(1, EVENTS + 1):
        event.subject = number
        before = time.perf_counter_ns()
        rck.check(write(port, event, 1))
        nanoseconds.append(time.perf_counter_ns() - before)
    cuts = statistics.quantiles(nanoseconds, n=1000)
    print(
        f"  port 1   {EVENTS} written; a call from Python with its clock read: "
        f"p50 {cuts[499]:.0f} ns, p99 {cuts[989]:.0f} ns, p99.9 {cuts[998]:.0f} ns",
        flush=True,
    )
    os.kill(os.getpid(), signal.SIGKILL)


def read_what_is_left(path: str) -> None:
    engine = open_engine(path)
    health = rck.HealthInfo(struct_size=ctypes.sizeof(rck.HealthInfo))
    rck.check(rck.lib.rck_health(engine, health))
    print(f"  reopened recovered={health.recovered}, {health.instruments} instrument defined")

    number, name = ctypes.c_uint32(0), ctypes.create_string_buffer(b"ACME", rck.RCK_NAME_BYTES)
    rck.check(rck.lib.rck_find(engine, rck.RCK_KIND_INSTRUMENT, number, name))
    print(f"  found    ACME is instrument {number.value}")

    reader = open_port(engine, 0, rck.RCK_PORT_READER)
    lines, count = (rck.Event * 1024)(), ctypes.c_uint32()
    subjects: list[int] = []
    while True:
        rck.check(rck.lib.rck_events_read(reader, 1, lines, len(lines), count))
        if count.value == 0:
            break
        subjects += [lines[at].subject for at in range(count.value)]
    if subjects != list(range(1, EVENTS + 1)):
        raise SystemExit("an event was lost")
    print(f"  read     {len(subjects)} events of the killed process, each once and in order")
    rck.check(rck.lib.rck_port_close(reader))
    rck.check(rck.lib.rck_engine_close(engine))


def main() -> None:
    version = rck.lib.rck_version()
    print(f"Python: riskcheck {version >> 16}.{version >> 8 & 255}.{version & 255}")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "desk.region")
        child = os.fork()
        if child == 0:
            try:
                trade_until_killed(path)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            raise SystemExit("the trading process failed before its end")
        print("  killed   the trading process, with its engine and port open")
        read_what_is_left(path)


if __name__ == "__main__":
    main()
