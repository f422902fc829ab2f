"""Figures beside each other: bare, program, ratio, goal, and the last ones kept."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing measured, as medians.

    Attributes:
        bare: What the bare program did; None where it has nothing of the kind.
        goal: Of the ratio to bare, or of the figure itself where there is no bare.
        more_is_better: Whether the goal is the least or the most there may be.
    """

    what: str
    unit: str
    program: float
    bare: float | None = None
    goal: float | None = None
    more_is_better: bool = True

    @property
    def ratio(self) -> float | None:
        return self.program / self.bare if self.bare else None

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        reached = self.program if self.ratio is None else self.ratio
        if reached >= self.goal if self.more_is_better else reached <= self.goal:
            return "reached"
        return f"missed by {abs(reached - self.goal) / self.goal:.0%}"


def middle(values: Sequence[float]) -> float:
    return round(median(values), 3)


def show(rows: Sequence[Row], title: str, kept: Path) -> None:
    """Print a table; compare it with the last figures, and keep these instead."""
    last = {}
    if kept.exists():
        last = {row["what"]: row for row in json.loads(kept.read_text())["rows"]}
    print(f"\n{title}\n")
    heads = ("what", "bare", "program", "ratio", "goal", "", "last")
    print("{:<62}{:>11}{:>11}{:>8}{:>8}  {:<16}{:<16}".format(*heads))
    for row in rows:
        print(_line(row, last.get(row.what)))
    kept.parent.mkdir(exist_ok=True)
    figures = [asdict(row) | {"ratio": row.ratio} for row in rows]
    kept.write_text(json.dumps({"title": title, "rows": figures}, indent=1) + "\n")


def _line(row: Row, before: dict[str, float] | None) -> str:
    sign = "≥" if row.more_is_better else "≤"
    cells = (
        f"{row.what}, {row.unit}",
        f"{row.bare:,.1f}" if row.bare is not None else "",
        f"{row.program:,.1f}",
        f"{row.ratio:.2f}" if row.ratio is not None else "",
        f"{sign} {row.goal:g}" if row.goal is not None else "",
        row.verdict,
        _before(before) if before else "",
    )
    return "{:<62}{:>11}{:>11}{:>8}{:>8}  {:<16}{:<16}".format(*cells)


def _before(row: dict[str, float]) -> str:
    ratio = f" ({row['ratio']:.2f})" if row["ratio"] is not None else ""
    return f"{row['program']:,.1f}{ratio}"
