"""The Python host's calls on batches: orders that are put together line by line, amends, reports."""

import ctypes
from ctypes import byref
from typing import Any

import riskcheck.abi as rck
from expectations import Expectations, Words, filled
from riskcheck.abi import lib


class Batches(Expectations):
    """Each port puts together its own."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: dict[int, list[rck.Order]] = {}
        self.terms: dict[int, list[tuple[int, rck.Order]]] = {}
        self.reports: dict[int, list[rck.Report]] = {}

    def legs(self, port: rck.PortHandle, verb: str, given: Words) -> None:
        """Orders that are put together, and then checked as a batch."""
        if verb == "leg":
            self.batches.setdefault(self.index, []).append(filled(rck.Order, given))
            self.status(rck.RCK_OK)
            return
        orders = self.batches.pop(self.index, [])
        count, passed = len(orders), ctypes.c_uint32(77)
        flags = int(given.pop("flags", 0 if verb == "batch" else rck.RCK_BATCH_ALL_OR_NONE))
        named = int(given.pop("count", count))
        # Room for one also where there is none, whose address counts.
        records, verdicts = (rck.Order * (count + 1))(*orders), (rck.Verdict * (count + 1))()
        given_orders = None if self.null == "record" else records
        told = None if self.null == "verdict" else verdicts
        status = lib.rck_check_batch(port, given_orders, told, named, flags, byref(passed))
        if status != rck.RCK_OK:
            self.status(status)
        elif verb == "batch":
            self.each_alone(orders, verdicts[:count], passed.value)
        else:
            self.all_or_none(orders, verdicts[:count], passed.value)

    def each_alone(self, orders: list[rck.Order], verdicts: list[rck.Verdict], passed: int) -> None:
        for order, verdict in zip(orders, verdicts, strict=True):
            if verdict.token:
                self.name_token(order, verdict)
        self.statuses(verdicts, passed)

    def all_or_none(self, orders: list[rck.Order], verdicts: list[rck.Verdict], passed: int) -> None:
        count = len(orders)
        told = [verdict for verdict in verdicts if verdict.status != rck.RCK_REJECT_BATCH]
        whole = len(told) == count and told[0].status in (rck.RCK_OK, rck.RCK_REPEAT)
        if passed != (count if told[0].status == rck.RCK_OK else 0):
            self.differ("passed", "all or none", str(passed))
        for index, verdict in enumerate(verdicts):
            if verdict.status == rck.RCK_REJECT_BATCH:
                if whole or any(bytes(verdict)[4:]):
                    self.differ("verdict", "only a status", f"of leg {index + 1}")
            elif whole:
                self.name_token(orders[index], verdict)
            else:
                self.count("leg", index + 1)
        if whole:
            self.count("legs", count)
        elif count > 1:
            self.count("rest_status", rck.RCK_REJECT_BATCH if len(told) == 1 else 0)
        self.verdict(told[-1].status, told[-1])

    def name_token(self, order: rck.Order, verdict: rck.Verdict) -> None:
        """Of a leg, whose name is its order's id."""
        kept = self.expected.pop("token", None)
        self.expected["token"] = f"@{order.order_id}"
        self.token(verdict.token)
        if kept is not None:
            self.expected["token"] = kept

    def statuses(self, verdicts: list[rck.Verdict], passed: int) -> None:
        """Of records that are judged each by itself."""
        self.count("passed", passed)
        self.count("statuses", ",".join(str(verdict.status) for verdict in verdicts))
        self.status(rck.RCK_OK)

    def together(self, port: rck.PortHandle, verb: str, given: Words) -> None:
        """Amends, and reports, that are put together, and then given in one call."""
        if verb == "terms":
            named = self.named(given)
            self.terms.setdefault(self.index, []).append((named, filled(rck.Order, given)))
            self.status(rck.RCK_OK)
        elif verb == "report":
            named = self.named(given)
            report = filled(rck.Report, given)
            report.token = named
            self.reports.setdefault(self.index, []).append(report)
            self.status(rck.RCK_OK)
        elif verb == "amend_batch":
            terms = self.terms.pop(self.index, [])
            tokens = (ctypes.c_uint64 * (len(terms) + 1))(*[named for named, _ in terms])
            orders = (rck.Order * (len(terms) + 1))(*[order for _, order in terms])
            first = None if self.null == "tokens" else tokens
            self.in_one_call(lib.rck_amend_batch, (port, first), orders, len(terms), given)
        else:
            reports = self.reports.pop(self.index, [])
            records = (rck.Report * (len(reports) + 1))(*reports)
            self.in_one_call(lib.rck_fill_batch, (port,), records, len(reports), given)

    def in_one_call(self, call: Any, first: tuple[Any, ...], records: Any, count: int, given: Words) -> None:
        verdicts, passed = (rck.Verdict * (count + 1))(), ctypes.c_uint32(77)
        given_records = None if self.null == "record" else records
        told = None if self.null == "verdict" else verdicts
        asked, flags = int(given.pop("count", count)), int(given.pop("flags", 0))
        status = call(*first, given_records, told, asked, flags, byref(passed))
        if status == rck.RCK_OK:
            self.statuses(verdicts[:count], passed.value)
        else:
            self.status(status)
