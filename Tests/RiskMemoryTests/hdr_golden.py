"""HdrHistogram's percentiles of repeatable samples, for HistogramTests to compare with.

Writes hdr_golden.txt beside itself; with --check it writes nothing and fails when that file differs. The
samples are made of SplitMix64 and integers, so that Swift makes the same. Their number is a multiple of
10,000: then every percentile has a whole rank, about which no two libraries can differ.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from hdrh.histogram import HdrHistogram  # type: ignore[import-untyped]

SAMPLES = 100_000
SHARES_MILLIONTHS = (500_000, 900_000, 990_000, 999_000, 999_900)
GOLDEN = Path(__file__).with_name("hdr_golden.txt")
WORD = (1 << 64) - 1


def split_mix(seed: int) -> Iterator[int]:
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & WORD
        bits = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & WORD
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & WORD
        yield bits ^ (bits >> 31)


def uniform(words: Iterator[int]) -> int:
    return 1 + next(words) % 1_000_000


def tail(words: Iterator[int]) -> int:
    """Each octave half as likely as the one before."""
    octave = min(64 - next(words).bit_length(), 26)
    return (500 + next(words) % 500) << octave


def bimodal(words: Iterator[int]) -> int:
    slow = next(words) % 100 >= 95
    return 50_000 + next(words) % 20_000 if slow else 400 + next(words) % 100


def row(draw: Callable[[Iterator[int]], int], seed: int) -> str:
    histogram = HdrHistogram(1, 2**36, 3)
    words = split_mix(seed)
    for _ in range(SAMPLES):
        histogram.record_value(draw(words))
    values = [histogram.get_value_at_percentile(share / 10_000) for share in SHARES_MILLIONTHS]
    values.append(histogram.get_max_value())
    return " ".join(map(str, (draw.__name__, seed, SAMPLES, *values)))


def text() -> str:
    header = " ".join(map(str, ("distribution", "seed", "samples", *SHARES_MILLIONTHS, "max")))
    rows = [row(draw, seed) for seed, draw in enumerate((uniform, tail, bimodal), 1)]
    return "\n".join(["# Written by hdr_golden.py: HdrHistogram(1, 2**36, 3).", header, *rows]) + "\n"


def main() -> int:
    found = text()
    if sys.argv[1:] == ["--check"]:
        if GOLDEN.read_text() == found:
            return 0
        print(f"{GOLDEN.name} is not what HdrHistogram says:\n{found}", end="")
        return 1
    GOLDEN.write_text(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
