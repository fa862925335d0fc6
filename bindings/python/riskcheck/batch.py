"""Batches: many orders or reports in one call, in memory that is handed over once and never copied.

    batch = port.batch(1024)
    batch.orders["price"] = prices  # numpy, if it is there: a structured array over the batch's own memory
    passed = batch.check(1000)  # of the first 1,000

Numbers are units. The interpreter's lock is given up during a call, so that other threads run: from a few orders on
the call takes longer than that costs.
"""

import ctypes
from ctypes import CDLL, byref, c_uint32, c_uint64, c_void_p
from typing import TYPE_CHECKING, Any

from . import _abi
from ._load import lib
from .errors import check
from .verdict import Verdict

if TYPE_CHECKING:
    import numpy

    Records = numpy.ndarray[Any, numpy.dtype[numpy.void]]

_released = CDLL(lib._name)  # of its own: without declared types the addresses are not converted again

FORMATS = {
    _abi.RCK_FIELD_INT8: "i1",
    _abi.RCK_FIELD_UINT8: "u1",
    _abi.RCK_FIELD_INT16: "i2",
    _abi.RCK_FIELD_UINT16: "u2",
    _abi.RCK_FIELD_INT32: "i4",
    _abi.RCK_FIELD_UINT32: "u4",
    _abi.RCK_FIELD_INT64: "i8",
    _abi.RCK_FIELD_UINT64: "u8",
}


def dtype(record: str) -> "numpy.dtype[numpy.void]":
    """The numpy type of a record of the header, such as "rck_order", from the layout that was verified."""
    import numpy

    size, fields = _abi.LAYOUT[record]
    names = [name for name, *_ in fields]
    formats: list[Any] = []
    for _, _, bytes_each, kind, count in fields:
        if kind == _abi.RCK_FIELD_CHAR:
            formats.append(f"S{count}")
        else:
            formats.append((FORMATS[kind], (count,)) if count > 1 else FORMATS[kind])
    offsets = [offset for _, offset, *_ in fields]
    return numpy.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": size})


def _function(name: str) -> Any:
    found = _released[name]
    found.restype = ctypes.c_int32
    return found


class Batch:
    """Room for `count` orders, reports and verdicts. For the thread that has the port; what a call is reading another
    thread must leave alone.

    `order_records`, `report_records`, `verdict_records` and `token_records` are the ctypes arrays; `orders`,
    `reports`, `verdicts` and `tokens` the same memory as numpy arrays, structured by name. Record i of orders and
    reports has verdict i. With `orders` given, that memory is used: a numpy array of dtype("rck_order"), or whatever
    lets itself be written into.
    """

    owner: Any = None  # the port, which is not collected before this is

    def __init__(self, port: Any, count: int, orders: Any = None) -> None:
        if not 1 <= count <= _abi.RCK_BATCH_MAX:
            raise ValueError(f"a batch has 1 to {_abi.RCK_BATCH_MAX} records, not {count}")
        self.count = count
        room = _abi.Order * count
        self.order_records = room() if orders is None else room.from_buffer(orders)
        self.report_records = (_abi.Report * count)()
        self.verdict_records = (_abi.Verdict * count)()
        self.token_records = (c_uint64 * count)()
        self._port = c_void_p.from_param(port.value)
        self._passed = c_uint32()
        self._orders, self._reports, self._verdicts, self._tokens = (
            byref(records)
            for records in (
                self.order_records,
                self.report_records,
                self.verdict_records,
                self.token_records,
            )
        )
        self._outcome = byref(self._passed)
        self._check, self._amend, self._fill = map(
            _function, ("rck_check_batch", "rck_amend_batch", "rck_fill_batch")
        )
        self._views: dict[str, Records] = {}

    def check(self, count: int | None = None, *, all_or_none: bool = False) -> int:
        """Checks the first `count` orders, all if none is given; gives how many have passed. With `all_or_none` they
        are legs: all are live together, or none is."""
        flags = _abi.RCK_BATCH_ALL_OR_NONE if all_or_none else 0
        wanted = self._bounded(count)
        check(self._check(self._port, self._orders, self._verdicts, c_uint32(wanted), flags, self._outcome))
        return self._passed.value

    def amend(self, count: int | None = None) -> int:
        """Amends: order i says the new terms of the order that `tokens[i]` names, or its own id if that is 0."""
        wanted = self._bounded(count)
        check(
            self._amend(
                self._port, self._tokens, self._orders, self._verdicts, c_uint32(wanted), 0, self._outcome
            )
        )
        return self._passed.value

    def fill(self, count: int | None = None) -> int:
        """Applies the first `count` reports."""
        wanted = self._bounded(count)
        check(self._fill(self._port, self._reports, self._verdicts, c_uint32(wanted), 0, self._outcome))
        return self._passed.value

    def _bounded(self, count: int | None) -> int:
        if count is None:
            return self.count
        if not 1 <= count <= self.count:
            raise ValueError(f"the batch has room for {self.count} records, 1 at least, not {count}")
        return count

    @property
    def orders(self) -> "Records":
        return self._view("rck_order", self.order_records)

    @property
    def reports(self) -> "Records":
        return self._view("rck_report", self.report_records)

    @property
    def verdicts(self) -> "Records":
        return self._view("rck_verdict", self.verdict_records)

    @property
    def tokens(self) -> "numpy.ndarray[Any, numpy.dtype[numpy.uint64]]":
        """Which orders `amend` amends."""
        import numpy

        memory: Any = self.token_records
        return numpy.frombuffer(memory, dtype=numpy.uint64)

    def verdict(self, index: int) -> Verdict:
        """The verdict of one record, as an object: a copy."""
        return Verdict(_abi.Verdict.from_buffer_copy(self.verdict_records[index]))

    def _view(self, record: str, memory: Any) -> "Records":
        if record not in self._views:
            import numpy

            self._views[record] = numpy.frombuffer(memory, dtype=dtype(record))
        return self._views[record]
