"""Where the ink of a chart goes. The numbers stand beside it in a table."""

from collections.abc import Sequence


def widths(numbers: Sequence[int]) -> list[float]:
    """Return how long the bar of each number is, of 100 for the greatest."""
    most = max(numbers, default=0)
    return [round(100 * number / most, 1) if most else 0.0 for number in numbers]


def climb(steps: Sequence[tuple[float, int]], *, width: int, height: int) -> str:
    """Return the corners of a line that climbs by steps, as ``points`` of SVG.

    Args:
        steps: When, on any scale, and what the total is from then on; in order.
        width: Of the picture; the last step ends at its right edge.
        height: Of the picture, reached by the last total.
    """
    if not steps:
        return ""
    first, last = steps[0][0], steps[-1][0]
    across, most = last - first or 1, steps[-1][1] or 1
    corners, before = [], 0
    for at, total in steps:
        x = round((at - first) / across * width, 1)
        corners += [
            (x, round(height - before / most * height, 1)),
            (x, round(height - total / most * height, 1)),
        ]
        before = total
    return " ".join(f"{x},{y}" for x, y in corners)
