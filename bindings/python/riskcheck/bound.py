"""The fast path: one order's records, with every call on them bound once.

    order = port.bind(account=1, instrument=3, side=Side.BUY)
    order.put(17, 9950, 100)  # order id, price, quantity: units, all three in one store
    if order.check() == Status.OK:
        send(order.verdict.token)

Numbers are units throughout: `engine.price` and `engine.quantity` give them. `check` takes no argument: the port, the
order and the verdict were converted when it was bound. The quickest way to write is not `put` but `cells`, the
integers of the order as they lie in memory, for those who count tens of nanoseconds:

    cells = order.cells
    cells[ORDER_ID], cells[PRICE], cells[QUANTITY] = 18, 9951, 100
    order.check()
"""

from collections.abc import Callable
from ctypes import c_int64, c_uint64, sizeof
from functools import partial
from struct import Struct
from typing import Any, Unpack

from . import _abi
from ._bound import bind
from ._calling import fill
from .enums import ReleaseReason
from .orders import USUAL, FixedTerms
from .verdict import Verdict

# Order, report, verdict, answer behind each other in memory that nobody resizes: `put` into a bytearray is quicker than
# into a ctypes object, which describes its format anew each time that it is asked for its buffer.
PLACES = (_abi.Order, _abi.Report, _abi.Verdict, _abi.Verdict)
PUT = Struct("=Qqq")  # order_id, price, quantity: the first fields of an order
PUT_AT = Struct("=Qqqq")  # and time_ns


ORDER_ID, PRICE, QUANTITY, TIME_NS = range(4)  # of `cells`


def offset(record: str, field: str) -> int:
    return next(entry[1] for entry in _abi.LAYOUT[record][1] if entry[0] == field)


class Bound:
    """For the thread that has the port. The calls take no arguments and give the status, negative for misuse.

    `check` and `drop_copy` read `order` and write `verdict`, whose token names the order to the others: they write
    `answer`, at the time that `order.time_ns` says. `fill` reads `report`, which names its order itself. It is used
    again for the next order; to go back to one of before, put that one's token into `verdict.token`.
    """

    owner: Any = None  # the port, which is not collected before this is

    def __init__(self, port: Any, **terms: Unpack[FixedTerms]) -> None:
        self._memory = memory = bytearray(sum(map(sizeof, PLACES)))
        records, at = [], 0
        for struct in PLACES:
            records.append(struct.from_buffer(memory, at))
            at += sizeof(struct)
        self.order: _abi.Order
        self.report: _abi.Report
        self.verdict: _abi.Verdict
        self.answer: _abi.Verdict
        self.order, self.report, self.verdict, self.answer = records  # type: ignore[assignment]
        order, verdict, answer = self.order, self.verdict, self.answer
        fill(order, {**USUAL, **terms})
        #: what begins the order, integers of 64 bits with a sign; ValueError for what does not fit them
        self.cells = memoryview(memory)[: sizeof(_abi.Order) // 2].cast("q")
        #: order id, price, quantity, one packed store; struct.error for what does not fit 64 bits
        self.put: Callable[[int, int, int], None] = partial(PUT.pack_into, memory, 0)
        #: and time_ns, which an engine with Clock.HOST needs
        self.put_at: Callable[[int, int, int, int], None] = partial(PUT_AT.pack_into, memory, 0)
        # Integers that lie inside the records, so that a call reads them there.
        token = c_uint64.from_buffer(verdict, offset("rck_verdict", "token"))
        now = c_int64.from_buffer(order, offset("rck_order", "time_ns"))
        named = (port, token, 0)

        def release(reason: int) -> Callable[[], int]:
            return bind("rck_release", *named, reason, now, answer)

        self.check = bind("rck_check", port, order, verdict)
        self.check_dry = bind("rck_check_dry", port, order, answer)
        self.drop_copy = bind("rck_drop_copy", port, order, verdict)
        self.amend = bind("rck_amend", port, token, order, answer)
        self.amend_accepted = bind("rck_amend_result", *named, 1, answer)
        self.amend_rejected = bind("rck_amend_result", *named, 0, answer)
        self.cancel = bind("rck_cancel", *named, now, answer)
        self.fill = bind("rck_fill", port, self.report, answer)
        self.release_rejected = release(ReleaseReason.REJECTED)
        self.release_cancelled = release(ReleaseReason.CANCELLED)
        self.release_expired = release(ReleaseReason.EXPIRED)
        self.release_done = release(ReleaseReason.DONE)
        self.confirm = bind("rck_order_confirm", *named, answer)

    def told(self) -> Verdict:
        """What `verdict` says, as an object: a copy."""
        return Verdict(_abi.Verdict.from_buffer_copy(self.verdict))
