"""Points the tests at the release library and at the package beside it; RISKCHECK_LIBRARY overrides."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[2]
os.environ["RISKCHECK_LIBRARY"] = str(
    Path(os.environ.get("RISKCHECK_LIBRARY") or ROOT / "build/lib/libriskcheck.so").resolve()
)
for folder in (ROOT / "bindings/python", ROOT / "Tests/python"):
    sys.path.insert(0, str(folder))

# How fast a machine is proves nothing.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

import small_desk as desk
from riskcheck import Engine, Port


@pytest.fixture
def engine() -> Iterator[Engine]:
    with desk.engine() as made:
        yield made


@pytest.fixture
def port(engine: Engine) -> Port:
    """Closed with its engine."""
    desk.define(engine)
    return engine.port()
