"""Numbers and tables as text. Knows nothing of what they are of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

NONE = "–"


def three(value: float | None) -> str:
    """Three significant digits; a dash for what there is not."""
    if value is None or not math.isfinite(value):
        return NONE
    if value == 0:
        return "0"
    rounded = float(f"{value:.2e}")  # first, so that 99.96 is 100 and not 100.0
    places = 2 - math.floor(math.log10(abs(rounded)))
    return f"{rounded:,.{max(places, 0)}f}"


def whole(value: float | None) -> str:
    """A count, which is exact."""
    return NONE if value is None else f"{value:,.0f}"


def percent(share: float | None) -> str:
    return NONE if share is None else f"{three(100 * share)} %"


def limit(share: float) -> str:
    """A share that was laid down, not measured."""
    return f"{100 * share:g} %"


def words(name: str) -> str:
    return name.replace("_", " ")


def cell(content: str) -> str:
    return " ".join(content.split()).replace("|", "\\|") or NONE


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> list[str]:
    """Markdown, a blank line after it. The first `left` columns are text, the others numbers."""
    rule = ["---" if column < left else "---:" for column in range(len(headings))]
    lines = [list(headings), rule, *([cell(one) for one in row] for row in rows)]
    return ["| " + " | ".join(line) + " |" for line in lines] + [""]


def code(name: str) -> str:
    return f"`{name}`"
