"""Region files in which one word says what cannot be: whoever opens them is told so, and need not find out later."""

import struct
from pathlib import Path

import pytest

import definitions as defs
import host
import limits
import riskcheck.abi as rck
from host import name_of, open_status
from riskcheck.abi import lib

# The layout of a region, as far as these words need it.
ENTRIES_AT, ENTRY_BYTES, COUNTS_AT = 384, 24, 2816
GROUP_STATE, PORT_CONTROLS = 17, 21
SEQUENCE_AT, TOTALS_COVERED = 128 + 16, 3


def left(session: host.Session, path: Path) -> bytearray:
    """A file with two totals of a group, and something in the engine's ring."""
    engine = session.open(path, host.config(leases_max=16))
    limits.define_desk(engine)
    exposure = {"control": rck.RCK_CONTROL_EXPOSURE, "scope_kind": rck.RCK_SCOPE_ACCOUNT_GROUP}
    limits.set_limit(engine, limits.limit(**exposure, measure=rck.RCK_MEASURE_GROSS))
    working = {"control": rck.RCK_CONTROL_WORKING, "scope_kind": rck.RCK_SCOPE_ACCOUNT_GROUP}
    limits.set_limit(engine, limits.limit(**working, measure=rck.RCK_MEASURE_COUNT))
    limits.publish(engine)
    defs.define(engine, defs.account(1, b"another name", groups=[1, 0, 0, 0]))
    rck.check(lib.rck_engine_close(engine))
    return bytearray(path.read_bytes())


def start_of(content: bytearray, section: int) -> int:
    (start,) = struct.unpack_from("<Q", content, ENTRIES_AT + section * ENTRY_BYTES)
    return int(start)


def opened(path: Path, content: bytearray) -> str:
    path.write_bytes(content)
    return name_of(open_status(path)[0])


def test_what_was_left_opens(session: host.Session, path: Path) -> None:
    assert opened(path, left(session, path)) == "RCK_OK"


@pytest.mark.parametrize("sequence", [2**64 - 2, 2**63, 2**62 + 1])
def test_a_sequence_that_nobody_has_counted_to_is_found(
    session: host.Session, path: Path, sequence: int
) -> None:
    """It would come round to 0 with the next records."""
    content = left(session, path)
    struct.pack_into("<Q", content, start_of(content, PORT_CONTROLS) + SEQUENCE_AT, sequence)
    assert opened(path, content) == "RCK_E_CORRUPT"


@pytest.mark.parametrize("counted", [-2, 0, 1])
def test_a_limit_in_force_on_a_total_that_nothing_is_counted_in_is_found(
    session: host.Session, path: Path, counted: int
) -> None:
    content = left(session, path)
    at = COUNTS_AT + 8 * TOTALS_COVERED
    assert struct.unpack_from("<q", content, at) == (2,)
    struct.pack_into("<q", content, at, counted)
    assert opened(path, content) == "RCK_E_CORRUPT"


def test_a_total_of_two_sums_is_found(session: host.Session, path: Path) -> None:
    content = left(session, path)
    start = start_of(content, GROUP_STATE)
    halves = struct.unpack_from("<16I", content, start)
    struct.pack_into("<I", content, start + 4 * halves.index(2), 1)
    assert halves.count(1) == 1 and opened(path, content) == "RCK_E_CORRUPT"
