"""Runs one table against the library through ctypes: the same lines as host.c reads, the same words out."""

import ctypes
import sys
from collections.abc import Callable
from ctypes import byref, sizeof
from typing import Any

import riskcheck as rck
from riskcheck import lib

Words = dict[str, str]

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
LOOKS: dict[str, tuple[Any, type[ctypes.Structure], str]] = {
    "position_get": (lib.rck_position_get, rck.PositionInfo, "net"),
    "book_get": (lib.rck_book_get, rck.BookInfo, "open_positions"),
    "latch_get": (lib.rck_latch_get, rck.Latch, "state"),
}
ON_PORT = ("position_set", "cash_set", "quote", "trade", "book", "volume", "mark", "metric", "day_start")
KEY = ("control", "measure", "scope_kind", "id", "instrument", "side", "order_type")


def filled(struct: type[ctypes.Structure], given: Words) -> Any:
    """A record with every word that is left; the words are used up."""
    record: Any = struct()
    if hasattr(record, "struct_size"):
        record.struct_size = sizeof(struct)
    for name in list(given):
        value, old = given.pop(name), getattr(record, name)
        if isinstance(old, bytes):
            setattr(record, name, value.encode())
        elif isinstance(old, int):
            setattr(record, name, int(value))
        else:
            for place, part in enumerate(value.split(",")):
                old[place] = int(part)
    return record


def shown(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode() or "0"
    return str(value) if isinstance(value, int) else ",".join(str(part) for part in value)


class Host:
    def __init__(self) -> None:
        self.config = rck.Config()
        self.engine = rck.EngineHandle()
        self.ports: dict[int, rck.PortHandle] = {}
        self.tokens: dict[str, int] = {}
        self.numbers: dict[tuple[int, ...], int] = {}
        self.limit_ids = {0: 0}
        self.batches: dict[int, list[rck.Order]] = {}
        self.line, self.index = "", 0
        self.expected: Words = {}
        self.differences = 0

    def differ(self, what: str, expected: str, got: str) -> None:
        print(f"{self.line} {what} expected {expected} got {got}")
        self.differences += 1

    # ---- Expectations ----

    def status(self, got: int) -> bool:
        """Whether the call gave a verdict or a record."""
        wanted = self.expected.pop("status", "none")
        if wanted != str(got):
            self.differ("status", wanted, rck.STATUS_NAMES.get(got, str(got)))
        return got == rck.RCK_OK

    def count(self, name: str, got: int) -> None:
        wanted = self.expected.pop(name, "0")
        if wanted != str(got):
            self.differ(name, wanted, str(got))

    def token(self, got: int) -> None:
        """The one that was given under this name; a new name takes a token that nobody has."""
        name = self.expected.pop("token", None)
        if name is None or name in self.tokens:
            wanted = self.tokens[name] if name else 0
            if wanted != got:
                self.differ("token", name or "0", str(got))
        elif got == 0 or got in self.tokens.values():
            self.differ("token", "a new one", str(got))
        else:
            self.tokens[name] = got

    def record(self, record: ctypes.Structure, first: str) -> None:
        """Every field from `first` on: as named, or zero."""
        names = [field[0] for field in record._fields_]
        for name in names[names.index(first) :]:
            if name == "token":
                continue
            got = shown(getattr(record, name))
            wanted = self.expected.pop(name, "0")
            if wanted != got and (wanted != "0" or got.strip("0,")):
                self.differ(name, wanted, got)

    def verdict(self, status: int, verdict: rck.Verdict) -> None:
        self.status(status)
        if status < rck.RCK_OK:
            return
        if verdict.status != status:
            self.differ("verdict.status", str(status), str(verdict.status))
        self.token(verdict.token)
        verdict.limit_id = self.limit_ids.get(verdict.limit_id, 0xFFFFFFFF)
        self.record(verdict, "control")

    # ---- Calls ----

    def port(self, index: int) -> rck.PortHandle:
        if index not in self.ports:
            port, fault = rck.PortHandle(), rck.Fault()
            status = lib.rck_port_open(self.engine, index, rck.RCK_PORT_WRITER, byref(port), byref(fault))
            rck.check(status, fault)
            self.ports[index] = port
        return self.ports[index]

    def named(self, given: Words) -> int:
        name = given.pop("token", "0")
        return self.tokens.get(name, 2**64 - 16) if name.startswith("@") else int(name)

    def order(self, port: rck.PortHandle, verb: str, given: Words) -> None:
        verdict, named = rck.Verdict(), self.named(given)
        order = filled(rck.Order, given)
        if verb == "amend":
            self.verdict(lib.rck_amend(port, named, byref(order), byref(verdict)), verdict)
        elif verb == "headroom":
            quantity = ctypes.c_int64()
            status = lib.rck_headroom(port, byref(order), byref(quantity), byref(verdict))
            self.count("quantity", quantity.value)
            self.verdict(status, verdict)
        else:
            call = {"check": lib.rck_check, "drop_copy": lib.rck_drop_copy}.get(verb, lib.rck_check_dry)
            self.verdict(call(port, byref(order), byref(verdict)), verdict)

    def legs(self, port: rck.PortHandle, verb: str, given: Words) -> None:
        """Orders that are put together, and then checked as a batch that is all or none."""
        if verb == "leg":
            self.batches.setdefault(self.index, []).append(filled(rck.Order, given))
            self.status(rck.RCK_OK)
            return
        orders = self.batches.pop(self.index, [])
        count, passed = len(orders), ctypes.c_uint32(77)
        # Room for one also where there is none, whose address counts.
        records, verdicts = (rck.Order * (count + 1))(*orders), (rck.Verdict * (count + 1))()
        flag = rck.RCK_BATCH_ALL_OR_NONE
        status = lib.rck_check_batch(port, records, verdicts, count, flag, byref(passed))
        if status != rck.RCK_OK:
            self.status(status)
            return
        told = [verdict for verdict in verdicts[:count] if verdict.status != rck.RCK_REJECT_BATCH]
        whole = len(told) == count and told[0].status in (rck.RCK_OK, rck.RCK_REPEAT)
        if passed.value != (count if told[0].status == rck.RCK_OK else 0):
            self.differ("passed", "all or none", str(passed.value))
        for index, verdict in enumerate(verdicts[:count]):
            if verdict.status == rck.RCK_REJECT_BATCH:
                if whole or any(bytes(verdict)[4:]):
                    self.differ("verdict", "only a status", f"of leg {index + 1}")
            elif whole:
                self.expected["token"], kept = f"@{orders[index].order_id}", self.expected.pop("token", None)
                self.token(verdict.token)
                if kept is not None:
                    self.expected["token"] = kept
            else:
                self.count("leg", index + 1)
        if whole:
            self.count("legs", count)
        elif count > 1:
            self.count("rest_status", rck.RCK_REJECT_BATCH if len(told) == 1 else 0)
        self.verdict(told[-1].status, told[-1])

    def event(self, port: rck.PortHandle, verb: str, given: Words) -> None:
        verdict, named = rck.Verdict(), self.named(given)
        if verb == "fill":
            report = filled(rck.Report, given)
            report.token = named
            self.verdict(lib.rck_fill(port, byref(report), byref(verdict)), verdict)
            return
        order = int(given.pop("order_id", "0"))
        time_ns = int(given.pop("time_ns", "0"))
        if verb == "release":
            reason = int(given.pop("reason", "0"))
            status = lib.rck_release(port, named, order, reason, time_ns, byref(verdict))
        elif verb == "cancel":
            status = lib.rck_cancel(port, named, order, time_ns, byref(verdict))
        elif verb == "confirm":
            status = lib.rck_order_confirm(port, named, order, byref(verdict))
        else:
            accepted = int(given.pop("accepted", "0"))
            status = lib.rck_amend_result(port, named, order, accepted, byref(verdict))
        self.verdict(status, verdict)

    def limit(self, _: rck.PortHandle, verb: str, given: Words) -> None:
        flags = rck.RCK_LOOSEN if given.pop("loosen", "0") == "1" else 0
        limit = filled(rck.Limit, given)
        if verb == "limit_remove":
            self.status(lib.rck_limit_remove(self.engine, byref(limit), flags, None))
        elif self.status(lib.rck_limit_set(self.engine, byref(limit), flags, None)):
            key = tuple(getattr(limit, name) for name in KEY)
            number = self.numbers.setdefault(key, len(self.numbers) + 1)
            rck.check(lib.rck_limit_get(self.engine, byref(limit)))
            self.limit_ids[limit.limit_id] = number

    def on_port(self, port: rck.PortHandle, verb: str, given: Words) -> None:
        if verb == "position_set":
            self.status(lib.rck_position_set(port, byref(filled(rck.Position, given)), None))
        elif verb == "cash_set":
            self.status(lib.rck_cash_set(port, byref(filled(rck.Cash, given)), None))
        elif verb == "quote":
            self.status(lib.rck_market_quote(port, byref(filled(rck.Quote, given))))
        elif verb == "trade":
            self.status(lib.rck_market_trade(port, byref(filled(rck.Trade, given))))
        elif verb == "book":
            self.status(lib.rck_market_book(port, byref(filled(rck.Book, given))))
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
        else:
            released = ctypes.c_uint32()
            status = lib.rck_day_start(port, int(given.pop("date", "0")), byref(released), None)
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
            all_of_them += count.value
        self.count("count", all_of_them)
        self.status(status)

    def override(self, _: rck.PortHandle, verb: str, given: Words) -> None:
        record = filled(rck.Override, given)
        if verb == "override_set":
            id = ctypes.c_uint32()
            self.status(lib.rck_override_set(self.engine, byref(record), byref(id), None))
            self.count("override_id", id.value)
        elif verb == "override_remove":
            self.status(lib.rck_override_remove(self.engine, byref(record), None))
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
            self.status(lib.rck_port_watch_set(self.engine, byref(record), None))
        elif self.status(lib.rck_port_watch_get(self.engine, byref(record))):
            self.record(record, "silence_ns")

    def live(self, port: rck.PortHandle, verb: str, given: Words) -> None:
        if verb == "beat":
            self.status(lib.rck_beat(port, int(given.pop("time_ns", "0"))))
        else:
            self.status(lib.rck_port_close(self.ports.pop(self.index)))

    def publish(self, *_: object) -> None:
        self.status(lib.rck_limits_publish(self.engine, None, None))

    def define(self, _: rck.PortHandle, verb: str, given: Words) -> None:
        call, struct = ON_ENGINE[verb]
        self.status(call(self.engine, byref(filled(struct, given)), None))

    def run(self, line: str) -> bool:
        """Whether the line had an expectation; the others only have to be understood."""
        text, arrow, expectations = line.partition("->")
        self.line, port, verb, *words = text.split()
        given = dict(word.split("=", 1) for word in words)
        self.expected = dict(word.split("=", 1) for word in expectations.split())
        if verb == "config":
            for name, value in given.items():
                setattr(self.config, name, int(value))
            return False
        if not self.engine:
            self.config.struct_size, fault = sizeof(self.config), rck.Fault()
            status = lib.rck_engine_create(byref(self.config), None, 0, byref(self.engine), byref(fault))
            rck.check(status, fault)
        before = self.differences
        self.index = int(port)
        self.verbs(verb)(self.port(self.index), verb, given)
        for name, value in [*self.expected.items(), *given.items()]:
            self.differ(name, value, "no such field")
        if not arrow:
            self.differences = before
        return bool(arrow)

    def verbs(self, verb: str) -> Callable[[rck.PortHandle, str, Words], None]:
        if verb in ON_ENGINE:
            return self.define
        calls: dict[str, Callable[[rck.PortHandle, str, Words], None]] = {
            **dict.fromkeys(("check", "check_dry", "drop_copy", "headroom", "amend"), self.order),
            **dict.fromkeys(("leg", "legs"), self.legs),
            **dict.fromkeys(("fill", "release", "cancel", "confirm", "amend_result"), self.event),
            **dict.fromkeys(("limit_set", "limit_remove"), self.limit),
            **dict.fromkeys(("position_get", "book_get", "latch_get", "order_get"), self.look),
            **dict.fromkeys(("open_orders", "limits_armed"), self.walk),
            **dict.fromkeys(("watch_set", "watch_get", "watch"), self.watch),
            **dict.fromkeys(("beat", "port_close"), self.live),
            **dict.fromkeys(("override_set", "override_get", "override_remove"), self.override),
            **dict.fromkeys(ON_PORT, self.on_port),
            "publish": self.publish,
        }
        if verb not in calls:
            sys.exit(f"{self.line} cannot go on: verb {verb}")
        return calls[verb]

    def close(self) -> None:
        for port in self.ports.values():
            rck.check(lib.rck_port_close(port))
        if self.engine:
            rck.check(lib.rck_engine_close(self.engine))


def main() -> int:
    host = Host()
    tried = sum([host.run(line) for line in sys.stdin])
    host.close()
    print(f"{tried} lines, {host.differences} differences")
    return 1 if host.differences else 0


if __name__ == "__main__":
    sys.exit(main())
