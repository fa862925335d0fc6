"""Checks of the self-test: a line each, and a closing line. Holds no check itself."""

from __future__ import annotations

from collections.abc import Sequence


class Checks:
    def __init__(self) -> None:
        self.passed = self.failed = self.skipped = 0

    def must(self, what: str, holds: bool, why: object = "") -> None:
        """`why` is shown when it does not hold."""
        self.passed += holds
        self.failed += not holds
        print(f"pass {what}" if holds else f"FAIL {what} {why}".rstrip())

    def none(self, what: str, faults: Sequence[str]) -> None:
        self.must(what, not faults, "; ".join(faults[:5]))

    def skip(self, what: str, why: str) -> None:
        self.skipped += 1
        print(f"skip {what}: {why}")

    def close(self) -> int:
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed else 0
