"""Calls bound once: the quick way from Python to the order path, with no rule of its own.

`lib` converts every argument in every call and gives up the interpreter's lock around it. For a function that
takes a few hundred nanoseconds both cost more than the function: an integer as much as three pointers, and a
lock that is given up may come back only when another thread's turn of 5 ms is over. A bound call converted its
arguments when it was bound, and keeps the lock: for calls of a port, none of which waits for another thread.
"""

from collections.abc import Callable
from ctypes import PyDLL, c_int32, c_int64, c_uint64, c_void_p
from functools import cache, lru_cache, partial
from struct import Struct
from typing import Any

from . import _abi
from ._load import lib

_library = PyDLL(lib._name)
_put = Struct("<Qqqq").pack_into  # the first fields of an order


def bind(name: str, *arguments: Any) -> Callable[[], int]:
    """The function `name` with all its arguments, which are checked and converted now. What records hold, and
    ctypes integers such as c_uint64, is read in each call."""
    result, parameters = _abi.SIGNATURES[name]
    if result is not c_int32:
        raise TypeError(f"{name} does not give a status")
    converted = [converted_once(*pair) for pair in zip(parameters, arguments, strict=True)]
    return partial(function(name), *converted)


def converted_once(parameter: Any, argument: Any) -> Any:
    """What ctypes takes as it is where no types are declared."""
    given = parameter.from_param(argument)
    return handle(given.value) if isinstance(given, c_void_p) else given


# Many calls share one function and one handle: less for the caches of the machine to hold.


@cache
def function(name: str) -> Any:
    """Of our own, and without argument types, which would convert once more."""
    found = _library[name]
    found.restype = c_int32
    return found


@lru_cache(maxsize=256)
def handle(value: int) -> Any:
    return c_void_p.from_param(value)


class Ticket:
    """One order's records and the calls on it, bound to one port. For the thread that has the port.

        ticket = Ticket(port, account=1, instrument=3, side=RCK_SIDE_BUY, type=RCK_TYPE_LIMIT)
        ticket.put(17, 10_000, 50, 0)  # order_id, price, quantity, time_ns of `order`
        if ticket.check() == RCK_OK:
            ...
            ticket.release_cancelled()

    `put` takes half the time of four assignments, and raises struct.error for what does not fit, where a field
    takes the lowest bits. The calls take no arguments and give the status. `check` and `drop_copy` read `order` and
    write `verdict`, whose token names the order to the others; they write `answer`, at the time that `order.time_ns`
    says. `fill` reads `report`, which names its order itself. A ticket is used again for the next order; to go
    back to one of before, put that one's token into `verdict.token`.
    """

    def __init__(self, port: _abi.PortHandle, **terms: int) -> None:
        self.order = order = _abi.Order(**terms)
        self.report = report = _abi.Report()
        self.verdict = verdict = _abi.Verdict()
        self.answer = answer = _abi.Verdict()
        # Integers that lie inside the records, so that a call reads them there.
        token = c_uint64.from_buffer(verdict, offset("rck_verdict", "token"))
        now = c_int64.from_buffer(order, offset("rck_order", "time_ns"))
        named = (port, token, 0)
        self.put: Callable[[int, int, int, int], None] = partial(_put, order, 0)

        def release(reason: int) -> Callable[[], int]:
            return bind("rck_release", *named, reason, now, answer)

        self.check = bind("rck_check", port, order, verdict)
        self.check_dry = bind("rck_check_dry", port, order, answer)
        self.drop_copy = bind("rck_drop_copy", port, order, verdict)
        self.amend = bind("rck_amend", port, token, order, answer)
        self.amend_accepted = bind("rck_amend_result", *named, 1, answer)
        self.amend_rejected = bind("rck_amend_result", *named, 0, answer)
        self.cancel = bind("rck_cancel", *named, now, answer)
        self.fill = bind("rck_fill", port, report, answer)
        self.release_rejected = release(_abi.RCK_RELEASE_REJECTED)
        self.release_cancelled = release(_abi.RCK_RELEASE_CANCELLED)
        self.release_expired = release(_abi.RCK_RELEASE_EXPIRED)
        self.release_done = release(_abi.RCK_RELEASE_DONE)
        self.confirm = bind("rck_order_confirm", *named, answer)


def offset(record: str, field: str) -> int:
    return next(entry[1] for entry in _abi.LAYOUT[record][1] if entry[0] == field)
