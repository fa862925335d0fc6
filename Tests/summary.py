"""What the output of a test suite says about it. Reads text; runs nothing."""

import re
from typing import NamedTuple


class Counts(NamedTuple):
    passed: int
    failed: int
    skipped: int

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


CLOSING = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", re.MULTILINE)
XCTEST = re.compile(
    r"^\s*Executed (\d+) tests?, with (?:(\d+) tests? skipped and )?(\d+) failures?", re.MULTILINE
)
PYTEST_SUMMARY = re.compile(r"^=*\s*((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s", re.MULTILINE)


def read_counts(text: str) -> Counts | None:
    """The last summary in a suite's output. XCTest's counts stand for the whole run in its last line."""
    if closing := CLOSING.findall(text):
        return Counts(*map(int, closing[-1]))
    if tests := XCTEST.findall(text):
        executed, skipped, failed = (int(number or 0) for number in tests[-1])
        return Counts(max(executed - skipped - failed, 0), failed, skipped)
    if summary := PYTEST_SUMMARY.findall(text):
        words = {word: int(number) for number, word in re.findall(r"(\d+) ([a-z]+)", summary[-1])}
        failed = words.get("failed", 0) + words.get("error", 0) + words.get("errors", 0)
        return Counts(words.get("passed", 0), failed, words.get("skipped", 0))
    return None


def judge(text: str, status: int | None) -> tuple[Counts, str]:
    """Counts and, if something is wrong that the counts do not say, what. Status None: it was given up."""
    counts = read_counts(text) or Counts(0, 0, 0)
    if status is None:
        return counts._replace(failed=counts.failed + 1), "given up: it hung"
    if status != 0 and counts.failed == 0:
        return counts._replace(failed=1), f"exit status {status}"
    if sum(counts) == 0:
        return Counts(0, 1, 0), "no counts: nothing was tried"
    return counts, ""
