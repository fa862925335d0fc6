"""What the tests of the Python surface share: a small engine, something to trade, and who may."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from riskcheck import Engine, Permit, Side

ROOT = Path(__file__).resolve().parents[2]
SMALL = {
    "currencies_max": 2,
    "groups_max": 4,
    "accounts_max": 4,
    "strategies_max": 4,
    "instruments_max": 4,
    "positions_max": 32,
    "orders_max": 256,
    "retired_ids_max": 256,
    "limits_max": 32,
    "ports_max": 4,
    "ring_lines": 4096,
    "violations_max": 16,
    "history_max": 16,
    "rate_exact_max": 16,
    "windows_max": 128,
    "duplicates_max": 64,
    "ladder_levels_max": 4,
    "price_history_max": 4,
    "order_history_max": 4,
    "leases_max": 8,
    "executions_max": 1024,
    "flags": 0,
}
WHO: Any = {"actor": 7, "reason": "agreed"}
BUY: Any = {"account": 1, "instrument": 1, "side": Side.BUY}
SELL: Any = {"account": 1, "instrument": 1, "side": Side.SELL}


def engine(**changes: int) -> Engine:
    return Engine(**{**SMALL, **changes})


def define(engine: Engine) -> None:
    """Two accounts; instrument 1 in cents, instrument 2 in thousandths of lots and 4 decimals."""
    engine.currency(1, "USD", rate=1)
    for id in (1, 2):
        engine.account(id, f"desk {id}", permissions=Permit.ALL)
    engine.instrument(1, "ACME", currency=1, price_decimals=2, tick="0.01")
    engine.instrument(
        2, "FINE", currency=1, price_decimals=4, quantity_decimals=3, tick="0.0005", lot="0.001"
    )


def python(program: str, *flags: str, **environment: str) -> str:
    """What a program prints that an interpreter of its own runs with this package."""
    paths = {"PYTHONPATH": f"{ROOT / 'bindings/python'}:{ROOT / 'Tests/python'}"}
    done = subprocess.run(
        [sys.executable, *flags, "-c", program],
        check=False,
        env=os.environ | paths | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
