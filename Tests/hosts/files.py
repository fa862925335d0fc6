"""A region in a file with something of everything in it."""

from pathlib import Path

import definitions as defs
import host
import riskcheck.abi as rck
from riskcheck.abi import lib


def fill(session: host.Session, path: Path, **changes: int) -> rck.EngineHandle:
    engine = session.open(path, host.config(**changes))
    defs.define(engine, defs.currency(), defs.group(1, b"tech"), defs.account(3, b"desk"))
    defs.define(engine, defs.instrument(2, b"FDAX", groups=[1, 0, 0, 0]))
    port = session.port(engine, 2)
    host.write(port, *(host.event(subject=n) for n in (1, 2, 3)))
    rck.check(lib.rck_port_close(port))
    return engine


def assert_filled(session: host.Session, engine: rck.EngineHandle, next_sequence: int = 4) -> None:
    """All that `fill` and OWNER put there is there, and the sequence goes on."""
    assert defs.find_id(engine, rck.RCK_KIND_INSTRUMENT, b"FDAX") == (rck.RCK_OK, 2)
    assert list(defs.fetch(engine, "instrument", 2)[1].groups) == [1, 0, 0, 0]
    assert defs.find_name(engine, rck.RCK_KIND_ACCOUNT, 3) == (rck.RCK_OK, b"desk")
    port = session.port(engine, 2)
    assert [(e.sequence, e.subject) for e in host.read(port, 2)] == [(1, 1), (2, 2), (3, 3)]
    assert host.write(port, host.event(subject=4)) == rck.RCK_OK
    assert [e.sequence for e in host.read(port, 2)] == [next_sequence]
