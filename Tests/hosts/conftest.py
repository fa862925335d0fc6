"""Points the tests at the release library and at the binding beside it; RISKCHECK_LIBRARY overrides."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
os.environ["RISKCHECK_LIBRARY"] = str(
    Path(os.environ.get("RISKCHECK_LIBRARY") or ROOT / "build/lib/libriskcheck.so").resolve()
)
for folder in (ROOT / "bindings/python", ROOT / "Tests/hosts"):
    sys.path.insert(0, str(folder))

import definitions as defs
import host
import riskcheck.abi as rck


@pytest.fixture
def session() -> Iterator[host.Session]:
    """Opens engines and ports, and closes what a test left open."""
    with host.Session() as opened:
        yield opened


@pytest.fixture
def engine(session: host.Session) -> rck.EngineHandle:
    return session.create()


@pytest.fixture
def filled(engine: rck.EngineHandle) -> rck.EngineHandle:
    """A currency, and groups 1 to 4 of instruments, 5 to 8 of strategies, 9 to
    12 of accounts.
    """
    defs.define(engine, defs.currency())
    for id in range(1, 13):
        defs.define(engine, defs.group(id, b"group %d" % id, kind=3 - (id - 1) // 4))
    return engine


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "region.rck"
