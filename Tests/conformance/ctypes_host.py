"""Runs one table against the library through ctypes: the same lines as host.c reads, the same words out."""

import ctypes
import os
import sys
import time
from collections.abc import Callable
from ctypes import byref, sizeof
from typing import Any

import riskcheck.abi as rck
from batches import Batches
from expectations import Words, filled
from riskcheck.abi import lib

# Verbs whose call takes an engine and one record, and those that take a port and one.
ON_ENGINE: dict[str, tuple[Any, type[ctypes.Structure]]] = {
    "currency": (lib.rck_currency_set, rck.Currency),
    "group": (lib.rck_group_set, rck.Group),
    "account": (lib.rck_account_set, rck.Account),
    "strategy": (lib.rck_strategy_set, rck.Strategy),
    "instrument": (lib.rck_instrument_set, rck.Instrument),
    "calendar": (lib.rck_calendar_set, rck.Calendar),
    "latch_set": (lib.rck_latch_set, rck.Latch),
    "latch_clear": (lib.rck_latch_clear, rck.Latch),
    "rearm": (lib.rck_rearm, rck.Rearming),
}
DEFINITIONS: dict[str, tuple[Any, type[ctypes.Structure]]] = {
    "currency_get": (lib.rck_currency_get, rck.Currency),
    "group_get": (lib.rck_group_get, rck.Group),
    "account_get": (lib.rck_account_get, rck.Account),
    "strategy_get": (lib.rck_strategy_get, rck.Strategy),
    "instrument_get": (lib.rck_instrument_get, rck.Instrument),
    "calendar_get": (lib.rck_calendar_get, rck.Calendar),
}
LOOKS: dict[str, tuple[Any, type[ctypes.Structure], str]] = {
    "position_get": (lib.rck_position_get, rck.PositionInfo, "net"),
    "book_get": (lib.rck_book_get, rck.BookInfo, "open_positions"),
    "latch_get": (lib.rck_latch_get, rck.Latch, "state"),
}
ON_PORT = (
    "position_set", "cash_set", "quote", "trade", "book", "volume", "mark", "metric", "warm", "day_start",
)  # fmt: skip
KEY = ("control", "measure", "scope_kind", "id", "instrument", "side", "order_type")


def slowly(answer: int) -> int:
    """Takes longer than the smallest budget, 1 ns, whatever the machine."""
    began = time.monotonic_ns()
    while time.monotonic_ns() <= began + 1:
        pass
    return answer


class Host(Batches):
    def __init__(self) -> None:
        super().__init__()
        self.config = rck.Config()
        self.engine = rck.EngineHandle()
        self.ports: dict[int, rck.PortHandle] = {}
        self.numbers: dict[tuple[int, ...], int] = {}
        self.customs: dict[int, Any] = {}
        # What the line's call says was wrong.
        self.told = rck.Fault()

    def port(self, index: int) -> rck.PortHandle:
        if index not in self.ports:
            port, fault = rck.PortHandle(), rck.Fault()
            mode = rck.RCK_PORT_WRITER if index else rck.RCK_PORT_READER
            rck.check(lib.rck_port_open(self.engine, index, mode, byref(port), byref(fault)), fault)
            self.ports[index] = port
        return self.ports[index]

    def order(self, port: rck.PortHandle, verb: str, given: Words) -> None:
        verdict, named = rck.Verdict(), self.named(given)
        order, told = self.at(filled(rck.Order, given)), self.at(verdict, "verdict")
        if verb == "amend":
            self.verdict(lib.rck_amend(port, named, order, told), verdict)
        elif verb == "headroom":
            quantity = ctypes.c_int64()
            status = lib.rck_headroom(port, order, byref(quantity), told)
            self.count("quantity", quantity.value)
            self.verdict(status, verdict)
        else:
            call = {"check": lib.rck_check, "drop_copy": lib.rck_drop_copy}.get(verb, lib.rck_check_dry)
            self.verdict(call(port, order, told), verdict)

    def event(self, port: rck.PortHandle, verb: str, given: Words) -> None:
        verdict, named = rck.Verdict(), self.named(given)
        told = self.at(verdict, "verdict")
        if verb == "fill":
            report = filled(rck.Report, given)
            report.token = named
            self.verdict(lib.rck_fill(port, self.at(report), told), verdict)
            return
        order = int(given.pop("order_id", "0"))
        time_ns = int(given.pop("time_ns", "0"))
        if verb == "release":
            reason = int(given.pop("reason", "0"))
            status = lib.rck_release(port, named, order, reason, time_ns, told)
        elif verb == "cancel":
            status = lib.rck_cancel(port, named, order, time_ns, told)
        elif verb == "confirm":
            status = lib.rck_order_confirm(port, named, order, told)
        else:
            accepted = int(given.pop("accepted", "0"))
            status = lib.rck_amend_result(port, named, order, accepted, told)
        self.verdict(status, verdict)

    def limit(self, _: rck.PortHandle, verb: str, given: Words) -> None:
        flags = rck.RCK_LOOSEN if given.pop("loosen", "0") == "1" else 0
        limit = filled(rck.Limit, given)
        if verb == "limit_remove":
            self.status(lib.rck_limit_remove(self.engine, self.at(limit), flags, byref(self.told)))
        elif self.status(lib.rck_limit_set(self.engine, self.at(limit), flags, byref(self.told))):
            key = tuple(getattr(limit, name) for name in KEY)
            number = self.numbers.setdefault(key, len(self.numbers) + 1)
            rck.check(lib.rck_limit_get(self.engine, byref(limit)))
            self.limit_ids[limit.limit_id] = number

    def on_port(self, port: rck.PortHandle, verb: str, given: Words) -> None:
        if verb == "position_set":
            record, told = self.at(filled(rck.Position, given)), byref(self.told)
            self.status(lib.rck_position_set(port, record, told))
        elif verb == "cash_set":
            self.status(lib.rck_cash_set(port, self.at(filled(rck.Cash, given)), byref(self.told)))
        elif verb == "quote":
            self.status(lib.rck_market_quote(port, self.at(filled(rck.Quote, given))))
        elif verb == "trade":
            self.status(lib.rck_market_trade(port, self.at(filled(rck.Trade, given))))
        elif verb == "book":
            self.status(lib.rck_market_book(port, self.at(filled(rck.Book, given))))
        elif verb == "volume":
            volume = int(given.pop("volume", "0"))
            self.status(lib.rck_market_volume(port, int(given.pop("instrument", "0")), volume))
        elif verb == "mark":
            values = [int(given.pop(name, "0")) for name in ("instrument", "price", "time_ns")]
            self.status(lib.rck_mark(port, *values))
        elif verb == "metric":
            metric, time_ns = int(given.pop("metric", "0")), int(given.pop("time_ns", "0"))
            value = float(given.pop("value", "0"))
            self.status(lib.rck_metric_set(port, metric, value, time_ns))
        elif verb == "warm":
            self.status(lib.rck_warm(port))
        else:
            released = ctypes.c_uint32()
            date, told = int(given.pop("date", "0")), byref(self.told)
            status = lib.rck_day_start(port, date, byref(released), told)
            self.count("released", released.value if status == rck.RCK_OK else 0)
            self.status(status)

    def look(self, _: rck.PortHandle, verb: str, given: Words) -> None:
        if verb == "order_get":
            info, named = rck.OrderInfo(), self.named(given)
            order = int(given.pop("order_id", "0"))
            if self.status(lib.rck_order_get(self.engine, named, order, byref(info))):
                self.token(info.token)
                self.record(info, "order_id")
        else:
            call, struct, first = LOOKS[verb]
            record = filled(struct, given)
            if self.status(call(self.engine, byref(record))):
                if struct is rck.BookInfo:
                    record.instrument = 0  # which was asked for
                self.record(record, first)

    def walk(self, _: rck.PortHandle, verb: str, given: Words) -> None:
        """Counts what is listed, four at a time."""
        cursor, count, all_of_them = ctypes.c_uint32(), ctypes.c_uint32(1), 0
        places = byref(cursor), byref(count)
        scope = int(given.pop("scope_kind", "0")), int(given.pop("id", "0"))
        status = rck.RCK_OK
        while status == rck.RCK_OK and count.value != 0:
            if verb == "open_orders":
                orders = (rck.OrderInfo * 4)()
                status = lib.rck_open_orders(self.engine, *scope, orders, 4, *places)
            else:
                limits = (rck.Limit * 4)()
                status = lib.rck_limits_armed(self.engine, limits, 4, *places)
            all_of_them += count.value if status == rck.RCK_OK else 0
        self.count("count", all_of_them)
        self.status(status)

    def override(self, _: rck.PortHandle, verb: str, given: Words) -> None:
        record = filled(rck.Override, given)
        if verb == "override_set":
            id = ctypes.c_uint32()
            self.status(lib.rck_override_set(self.engine, byref(record), byref(id), byref(self.told)))
            self.count("override_id", id.value)
        elif verb == "override_remove":
            self.status(lib.rck_override_remove(self.engine, byref(record), byref(self.told)))
        elif self.status(lib.rck_override_get(self.engine, byref(record))):
            self.record(record, "override_id")

    def watch(self, _: rck.PortHandle, verb: str, given: Words) -> None:
        if verb == "watch":
            silent, count = (ctypes.c_uint32 * 16)(), ctypes.c_uint32()
            time_ns = int(given.pop("time_ns", "0"))
            self.status(lib.rck_watch(self.engine, time_ns, silent, 16, byref(count)))
            listed = ",".join(str(port) for port in silent[: count.value])
            wanted = self.expected.pop("ports", "")
            if listed != wanted:
                self.differ("ports", wanted, listed)
            return
        record = filled(rck.PortWatch, given)
        record.port = self.index
        if verb == "watch_set":
            self.status(lib.rck_port_watch_set(self.engine, byref(record), byref(self.told)))
        elif self.status(lib.rck_port_watch_get(self.engine, byref(record))):
            self.record(record, "silence_ns")

    def live(self, port: rck.PortHandle, verb: str, given: Words) -> None:
        if verb == "beat":
            self.status(lib.rck_beat(port, int(given.pop("time_ns", "0"))))
        else:
            self.status(lib.rck_port_close(self.ports.pop(self.index)))

    def on_engine(self, _: rck.PortHandle, verb: str, given: Words) -> None:
        if verb == "publish":
            self.status(lib.rck_limits_publish(self.engine, None, byref(self.told)))
        elif verb == "clock":
            time_ns = ctypes.c_int64()
            status = lib.rck_clock(self.engine, byref(time_ns))
            self.count("time_ns", str(time_ns.value))
            self.status(status)
        else:
            call, struct = ON_ENGINE[verb]
            self.status(call(self.engine, self.at(filled(struct, given)), byref(self.told)))

    def definition(self, _: rck.PortHandle, verb: str, given: Words) -> None:
        if verb == "find":
            id, kind = ctypes.c_uint32(int(given.pop("id", "0"))), int(given.pop("kind", "0"))
            given_name = given.pop("name", "").encode(errors="surrogateescape")
            name = ctypes.create_string_buffer(given_name, rck.RCK_NAME_BYTES)
            if self.status(lib.rck_find(self.engine, kind, byref(id), name)):
                self.count("id", id.value)
                self.count("name", name.value.decode() or "0")
        elif verb == "limit_get":
            record = filled(rck.Limit, given)
            if self.status(lib.rck_limit_get(self.engine, byref(record))):
                self.record(record, "levels")
        else:
            call, struct = DEFINITIONS[verb]
            record = filled(struct, given)
            if self.status(call(self.engine, record.id, byref(record))):
                self.record(record, "name")

    def custom(self, _: rck.PortHandle, verb: str, given: Words) -> None:
        """Functions of the host that answer what `returns` says."""
        if verb == "custom_set":
            answer, null = int(given.pop("returns", "0")), self.null == "call"
            call = rck.CustomCall() if null else rck.CustomCall(lambda *_: slowly(answer))
            record = filled(rck.Custom, given)
            if self.status(lib.rck_custom_set(self.engine, byref(record), call, None, byref(self.told))):
                self.customs[record.id] = call
        elif verb == "custom_remove":
            status = lib.rck_custom_remove(self.engine, int(given.pop("id", "0")), byref(self.told))
            self.status(status)
        else:
            record = filled(rck.Custom, given)
            if self.status(lib.rck_custom_get(self.engine, byref(record))):
                for name in ("breaker", "calls", "refusals", "overruns"):
                    self.count(name, getattr(record, name))

    def opening(self, _: rck.PortHandle, verb: str, given: Words) -> None:
        """Calls that need no engine, or make a port: of the latter one that is open stays."""
        if verb == "region_bytes":
            tried, size = rck.Config.from_buffer_copy(self.config), ctypes.c_uint64()
            for name in list(given):
                setattr(tried, name, int(given.pop(name)))
            self.status(lib.rck_region_bytes(byref(tried), byref(size), byref(self.told)))
        else:
            port, index, mode = rck.PortHandle(), *(int(given.pop(name, "0")) for name in ("index", "mode"))
            if self.status(lib.rck_port_open(self.engine, index, mode, byref(port), byref(self.told))):
                self.ports[index] = port

    def run(self, line: str) -> bool:
        """Whether the line had an expectation; the others only have to be understood."""
        text, arrow, expectations = line.partition("->")
        # At blanks alone: a name may have what else Python takes for one.
        self.line, port, verb, *words = filter(None, text.split(" "))
        given = dict(word.split("=", 1) for word in words)
        self.expected = dict(word.split("=", 1) for word in expectations.split(" ") if word)
        if verb == "config":
            for name, value in given.items():
                setattr(self.config, name, int(value))
            return False
        if not self.engine:
            self.config.struct_size, fault = sizeof(self.config), rck.Fault()
            status = lib.rck_engine_create(byref(self.config), None, 0, byref(self.engine), byref(fault))
            rck.check(status, fault)
        self.expecting, self.null, self.told = bool(arrow), given.pop("null", ""), rck.Fault()
        self.index = int(port)
        calls = self.calls()
        if verb not in calls:
            sys.exit(f"{self.line} cannot go on: verb {verb}")
        calls[verb](self.port(self.index), verb, given)
        self.fault(self.told)
        for name, value in [*self.expected.items(), *given.items()]:
            self.differ(name, value, "no such field")
        return bool(arrow)

    def calls(self) -> dict[str, Callable[[rck.PortHandle, str, Words], None]]:
        """What each verb does."""
        return {
            **dict.fromkeys((*ON_ENGINE, "publish", "clock"), self.on_engine),
            **dict.fromkeys(ON_PORT, self.on_port),
            **dict.fromkeys(("check", "check_dry", "drop_copy", "headroom", "amend"), self.order),
            **dict.fromkeys(("leg", "legs", "batch"), self.legs),
            **dict.fromkeys(("terms", "report", "amend_batch", "fill_batch"), self.together),
            **dict.fromkeys(("fill", "release", "cancel", "confirm", "amend_result"), self.event),
            **dict.fromkeys(("limit_set", "limit_remove"), self.limit),
            **dict.fromkeys(("position_get", "book_get", "latch_get", "order_get"), self.look),
            **dict.fromkeys(("open_orders", "limits_armed"), self.walk),
            **dict.fromkeys(("watch_set", "watch_get", "watch"), self.watch),
            **dict.fromkeys(("beat", "port_close"), self.live),
            **dict.fromkeys(("override_set", "override_get", "override_remove"), self.override),
            **dict.fromkeys((*DEFINITIONS, "limit_get", "find"), self.definition),
            **dict.fromkeys(("custom_set", "custom_get", "custom_remove"), self.custom),
            **dict.fromkeys(("region_bytes", "port_open"), self.opening),
        }

    def close(self) -> None:
        for port in self.ports.values():
            rck.check(lib.rck_port_close(port))
        if self.engine:
            rck.check(lib.rck_engine_close(self.engine))


def table(text: str) -> int:
    host = Host()
    tried = sum([host.run(line) for line in text.split("\n") if line])
    host.close()
    print(f"{tried} lines, {host.differences} differences", flush=True)
    return 1 if host.differences else 0


def main() -> int:
    """Several tables are told apart by zero bytes, as are the answers. Each has a process: one may break off."""
    worst = 0
    for number, text in enumerate(sys.stdin.buffer.read().decode(errors="surrogateescape").split("\0")):
        print("\0" if number else "", end="", flush=True)
        child = os.fork()
        if child == 0:
            return table(text)
        worst = max(worst, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0)
    return worst


if __name__ == "__main__":
    sys.exit(main())
