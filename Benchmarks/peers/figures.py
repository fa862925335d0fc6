"""Order statistics, and the form of a row of results. Knows nothing of what was measured."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from typing import Any

FRACTIONS = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p999": 0.999, "p9999": 0.9999, "p99999": 0.99999}
BUCKETS = 64  # of a histogram between a power of two and the next


def percentile(samples: Sequence[float], fraction: float) -> float | None:
    """The smallest of the sorted samples that at least this fraction do not exceed; None when fewer than one sample is
    expected beyond it: a maximum must not pass for a percentile."""
    count = len(samples)
    if count == 0 or count * (1 - fraction) < 1 - 1e-9:
        return None
    return samples[max(math.ceil(count * fraction - 1e-9), 1) - 1]


def percentiles(samples: Sequence[float]) -> dict[str, float | None]:
    ordered = sorted(samples)
    found = {name: percentile(ordered, fraction) for name, fraction in FRACTIONS.items()}
    return {**found, "max": ordered[-1] if ordered else None}


def ratio_within(ours: Sequence[float], base: Sequence[float]) -> float:
    """The median of the ratios of each round."""
    return statistics.median(one / other for one, other in zip(ours, base, strict=True))


def less(samples: Sequence[float], cost: float) -> list[float]:
    """The samples without what the clock itself takes."""
    return [max(sample - cost, 0) for sample in samples]


def highest_alike(value: int) -> int:
    """The highest value of the bucket that this one is in: its first seven binary digits say which."""
    width = 1 << max(value.bit_length() - BUCKETS.bit_length(), 0)
    return value // width * width + width - 1


def histogram(samples: Sequence[int]) -> list[list[int]]:
    counted = Counter(map(highest_alike, samples))
    return [[value, counted[value]] for value in sorted(counted)]


def row(scenario: str, p50: float | None, **fields: Any) -> dict[str, Any]:
    """Every key that a row must have, and these."""
    return {
        "scenario": scenario,
        "unit": "ns/order",
        "p50": p50,
        "p90": None,
        "p99": None,
        "p999": None,
        "ops_per_second": 1e9 / p50 if p50 else None,
        "ratio": None,
        "against": None,
        "ratio_of": None,
        "target": None,
        "met": None,
        "kept": 0,
        "dropped": 0,
        "ghz": None,
        "handover_ns": None,
        "extra": {},
        "note": None,
        **fields,
    }
