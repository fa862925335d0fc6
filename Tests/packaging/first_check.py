"""Run where nothing but the wheel is installed: two orders against a limit. Prints which library was loaded, whether
Swift is in reach, and what came of each order."""

import shutil
from pathlib import Path

from riskcheck import Control, Engine, Permit, Side

maps = Path("/proc/self/maps").read_text().splitlines()
print(*{line.split(maxsplit=5)[5] for line in maps if "libriskcheck" in line})
print(shutil.which("swift"))
with Engine() as engine:
    engine.currency(1, "USD", rate=1)
    engine.account(1, "desk", permissions=Permit.ALL)
    engine.instrument(1, "ACME", currency=1, price_decimals=2, tick="0.01")
    engine.limit(Control.ORDER_QUANTITY, account=1, hard=100, actor=1, reason="agreed")
    engine.publish()
    with engine.port() as port:
        for id, quantity in ((1, 100), (2, 101)):
            print(port.check(id, account=1, instrument=1, side=Side.BUY, quantity=quantity, price="99.50"))
