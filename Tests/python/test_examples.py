"""What the package's documents show is run as it stands there."""

import ctypes
import inspect
import re
import runpy
import textwrap
from pathlib import Path
from typing import Any

import pytest

import riskcheck
import riskcheck.abi
import riskcheck.batch
import riskcheck.bound
import small_desk as desk
from riskcheck import Engine, Port, Status
from small_desk import BUY

LINES_MAX = 15  # from nothing to a first verdict


def example(module: Any) -> str:
    """The indented lines of a module's first words."""
    lines = inspect.getdoc(module) or ""
    shown = [line for line in lines.splitlines() if line.startswith("    ") or not line]
    return textwrap.dedent("\n".join(shown)).strip()


def run(folder: Path, program: str, **names: Any) -> dict[str, Any]:
    path = folder / "example.py"
    path.write_text(program)
    return runpy.run_path(str(path), init_globals=names)


def test_the_first_program_is_short_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = example(riskcheck)
    assert len([line for line in program.splitlines() if line]) <= LINES_MAX
    run(tmp_path, program)
    told = capsys.readouterr().out
    assert told.startswith("refused: RCK_REJECT_ORDER_QUANTITY by order quantity at account 1")


def test_the_c_functions_can_be_called_as_they_are(tmp_path: Path) -> None:
    names = run(tmp_path, example(riskcheck.abi))
    assert riskcheck.abi.lib.rck_engine_close(names["engine"]) == Status.OK
    assert ctypes.sizeof(names["config"]) == riskcheck.abi.LAYOUT["rck_config"][0]


def test_the_fast_path_is_used_so(tmp_path: Path, engine: Engine, port: Port) -> None:
    sent: list[int] = []
    program = example(riskcheck.bound).replace("instrument=3", "instrument=1")
    run(
        tmp_path,
        program,
        **vars(riskcheck.bound),
        port=port,
        send=sent.append,
        Side=riskcheck.Side,
        Status=Status,
    )
    first, second = engine.open_orders()
    assert sent == [first.token] and (first.order_id, first.price, first.quantity) == (17, 9950, 100)
    assert (second.order_id, second.price, second.quantity) == (18, 9951, 100)


def test_batches_are_used_so(tmp_path: Path, port: Port) -> None:
    names = run(tmp_path, example(riskcheck.batch), port=port, prices=range(1024))
    assert names["passed"] == 0, "they have no ids"
    assert names["batch"].verdicts["status"][1] < 0 and names["batch"].orders["price"][5] == 5


def test_every_name_that_is_promised_is_there() -> None:
    for name in riskcheck.__all__:
        assert getattr(riskcheck, name) is not None
    assert len(set(riskcheck.__all__)) == len(riskcheck.__all__)
    assert BUY["side"] == riskcheck.Side.BUY


def test_the_programs_of_the_readme_print_what_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (desk.ROOT / "bindings/python/README.md").read_text()
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    programs = [shown for kind, shown in blocks if kind == "python"]
    wanted = "".join(shown for kind, shown in blocks if not kind)
    run(tmp_path, "".join(programs))
    assert capsys.readouterr().out == wanted
