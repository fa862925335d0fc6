"""Batches: numpy arrays over the memory that the library is handed, with numpy or without it."""

import ctypes
from typing import Any

import numpy
import pytest

import small_desk as desk
from riskcheck import CONTROLS, Batch, Control, Engine, Port, ReportKind, Side, Status, abi, dtype
from small_desk import BUY, WHO


def written(batch: Batch, quantities: list[int], first_id: int = 1) -> None:
    orders = batch.orders
    count = len(quantities)
    orders["order_id"][:count] = numpy.arange(first_id, first_id + count)
    orders["account"] = orders["instrument"] = orders["type"] = orders["time_in_force"] = 1
    orders["side"] = Side.BUY
    orders["price"] = 9950
    orders["quantity"][:count] = quantities


def limited(engine: Engine) -> None:
    engine.limit(Control.ORDER_QUANTITY, account=1, hard=100, **WHO)
    engine.publish()


def test_the_arrays_lie_over_the_memory_that_is_handed_over(port: Port) -> None:
    batch = port.batch(16)
    pairs: list[tuple[Any, Any]] = [
        (batch.orders, batch.order_records),
        (batch.reports, batch.report_records),
        (batch.verdicts, batch.verdict_records),
        (batch.tokens, batch.token_records),
    ]
    for array, records in pairs:
        assert array.ctypes.data == ctypes.addressof(records) and array.nbytes == ctypes.sizeof(records)
        assert array.flags.writeable and not array.flags.owndata and len(array) == 16
    assert batch.orders is batch.orders
    batch.orders["price"][3] = -5
    assert batch.order_records[3].price == -5
    batch.verdict_records[2].token = 2**64 - 1
    assert batch.verdicts["token"][2] == 2**64 - 1


def test_orders_may_lie_in_memory_of_the_hosts_own(engine: Engine, port: Port) -> None:
    own = numpy.zeros(8, dtype=dtype("rck_order"))
    batch = port.batch(8, orders=own)
    assert ctypes.addressof(batch.order_records) == own.ctypes.data == batch.orders.ctypes.data
    written(batch, [1] * 8)
    assert batch.check() == 8 and len(list(engine.open_orders())) == 8
    with pytest.raises(ValueError, match="too small"):
        port.batch(9, orders=own)
    with pytest.raises(TypeError, match="contiguous"):
        port.batch(4, orders=own[::2])
    own.flags.writeable = False
    with pytest.raises(TypeError, match="not writable"):
        port.batch(8, orders=own)


@pytest.mark.parametrize("record", abi.LAYOUT)
def test_a_dtype_is_the_layout(record: str) -> None:
    struct, made = abi.RECORDS[record], dtype(record)
    assert made.itemsize == ctypes.sizeof(struct) and made.fields is not None
    assert list(made.fields) == [name for name, *_ in struct._fields_]
    for name, (kind, offset, *_) in made.fields.items():
        field = getattr(struct, name)
        assert (offset, kind.itemsize) == (field.offset, field.size)


def test_a_batch_answers_as_single_calls_do(engine: Engine, port: Port) -> None:
    limited(engine)
    batch = port.batch(4)
    quantities = [10, 101, 0, 100]
    written(batch, quantities)
    assert batch.check() == 2
    singles = [port.check_dry(10 + n, **BUY, quantity=q, price="99.50") for n, q in enumerate(quantities)]
    assert list(batch.verdicts["status"]) == [int(verdict.status) for verdict in singles]
    assert str(batch.verdict(1)) == str(singles[1])
    assert [order.order_id for order in engine.open_orders()] == [1, 4]


def test_only_as_many_as_are_said(engine: Engine, port: Port) -> None:
    batch = port.batch(4)
    written(batch, [1, 1, 1, 1])
    assert batch.check(2) == 2 and batch.verdicts["token"][2] == 0
    for wrong in (0, 5, -1):
        with pytest.raises(ValueError, match="room for 4"):
            batch.check(wrong)
    for wrong in (0, 1025):
        with pytest.raises(ValueError, match="1 to 1024"):
            port.batch(wrong)


def test_legs_pass_all_or_none(engine: Engine, port: Port) -> None:
    limited(engine)
    batch = port.batch(3)
    written(batch, [1, 2, 101])
    assert batch.check(all_or_none=True) == 0 and not list(engine.open_orders())
    assert [Status(s) for s in batch.verdicts["status"]] == [
        Status.REJECT_BATCH,
        Status.REJECT_BATCH,
        Status.REJECT_ORDER_QUANTITY,
    ]
    assert batch.check(2, all_or_none=True) == 2


def test_amends_and_fills_are_batched_too(engine: Engine, port: Port) -> None:
    batch = port.batch(2)
    written(batch, [10, 20])
    assert batch.check() == 2
    batch.tokens[:] = batch.verdicts["token"]
    batch.orders["quantity"] = [11, 22]
    assert batch.amend() == 2
    for token in batch.tokens:
        assert port.amend_result(int(token), accepted=True)
    reports = batch.reports
    reports["kind"], reports["token"] = ReportKind.FILL, batch.tokens
    reports["last_quantity"] = reports["cumulative_quantity"] = [11, 22]
    reports["last_price"], reports["execution_id"] = 9950, [1, 2]
    assert batch.fill() == 2
    row = engine.position(1, account=1)
    assert row is not None and row.net == 33


def test_a_batch_names_orders_by_their_ids_where_there_is_no_token(engine: Engine, port: Port) -> None:
    batch = port.batch(2)
    written(batch, [10, 20])
    assert batch.check() == 2
    batch.orders["quantity"] = [11, 22]
    assert batch.amend() == 2


def test_without_numpy_all_but_the_views_is_there() -> None:
    told = desk.python(
        "import sys\n"
        "class Blocked:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] == 'numpy':\n"
        "            raise ModuleNotFoundError('numpy is blocked', name='numpy')\n"
        "sys.meta_path.insert(0, Blocked())\n"
        "import small_desk as desk\n"
        "with desk.engine() as engine:\n"
        "    desk.define(engine)\n"
        "    with engine.port() as port:\n"
        "        batch = port.batch(2)\n"
        "        for number, order in enumerate(batch.order_records, 1):\n"
        "            order.order_id, order.account, order.instrument, order.side = number, 1, 1, 1\n"
        "            order.type, order.time_in_force, order.price, order.quantity = 1, 1, 9950, 10\n"
        "        print(batch.check(), [verdict.status for verdict in batch.verdict_records])\n"
        "        print(len(memoryview(batch.order_records).cast('B')))\n"
        "        try:\n"
        "            batch.orders\n"
        "        except ImportError as error:\n"
        "            print(error)\n"
    )
    assert told == "2 [0, 0]\n256\nnumpy is blocked\n"


def test_numpy_is_imported_by_who_asks_for_views() -> None:
    told = desk.python(
        "import sys, riskcheck, riskcheck.abi\n"
        "print('numpy' in sys.modules)\n"
        "riskcheck.dtype('rck_order')\n"
        "print('numpy' in sys.modules)\n"
    )
    assert told == "False\nTrue\n"


def test_the_catalogue_says_what_limits_there_are() -> None:
    assert CONTROLS[Control.POSITION].reducing and not CONTROLS[Control.ORDER_QUANTITY].reducing
