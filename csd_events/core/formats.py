"""How styles of a workbook write the numbers of cells, as far as that changes them."""

import re

MOST_STYLES = 100_000
_BUILT_IN_DAYS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PLAIN_PARTS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_ZEROS = re.compile("0{2,20}")


class Styles:
    """Reads them from their part of the file.

    Attributes:
        days: By style, whether it writes a number as a day.
        digits: By style, how many digits it fills up with zeros: ``00123``.
    """

    def __init__(self) -> None:
        self.days: list[bool] = []
        self.digits: list[int] = []
        self._own: dict[str, str] = {}
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "numFmt":
            pattern = _PLAIN_PARTS.sub("", attributes["formatCode"]).lower()
            self._own[attributes["numFmtId"]] = pattern
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            number = attributes.get("numFmtId", "0")
            pattern = self._own.get(number, "")
            is_day = bool(re.search("[yd]", pattern))
            self.days.append(int(number) in _BUILT_IN_DAYS or is_day)
            self.digits.append(len(pattern) if _ZEROS.fullmatch(pattern) else 0)
            if len(self.days) > MOST_STYLES:
                raise ValueError("it holds too many styles")

    def end(self, name: str) -> None:
        """It ends."""
        if name == "cellXfs":
            self._inside = False
