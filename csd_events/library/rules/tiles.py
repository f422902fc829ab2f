"""A map of one tile a state, each where people look for it, and Canada beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: Rows from north to south; a dot is a place without a tile.
_UNITED_STATES = """
    AK .  .  .  .  .  .  .  .  .  .  ME
    .  .  .  .  .  .  .  .  .  .  VT NH
    .  WA ID MT ND MN IL WI MI NY RI MA
    .  OR NV WY SD IA IN OH PA NJ CT .
    .  CA UT CO NE MO KY WV VA MD DE .
    .  .  AZ NM KS AR TN NC SC DC .  .
    .  .  .  .  OK LA MS AL GA .  .  .
    HI .  .  .  TX .  .  .  .  FL .  .
    AS GU MP .  .  .  .  .  .  .  PR VI
"""
_CANADA = """
    YT NT NU .  .  .  .  .
    BC AB SK MB ON QC NL .
    .  .  .  .  .  NB PE NS
"""


@dataclass(frozen=True, slots=True)
class Tile:
    """Where a state stands, from the left and from the top, and what it holds."""

    code: str
    column: int
    row: int
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TileMap:
    """The tiles of a country, row by row, and how many stand beside each other."""

    country: str
    columns: int
    rows: int
    tiles: tuple[Tile, ...]


def _map_of(country: str, drawn: str) -> TileMap:
    rows = [line.split() for line in drawn.strip().splitlines()]
    tiles = (
        Tile(code, x, y)
        for y, row in enumerate(rows)
        for x, code in enumerate(row)
        if code != "."
    )
    return TileMap(
        country=country, columns=len(rows[0]), rows=len(rows), tiles=tuple(tiles)
    )


MAPS: Final = (_map_of("US", _UNITED_STATES), _map_of("CA", _CANADA))


def filled(empty: TileMap, counts: Mapping[str, int]) -> TileMap:
    """Say in each tile how many there are."""
    tiles = (
        Tile(each.code, each.column, each.row, counts.get(each.code, 0))
        for each in empty.tiles
    )
    return TileMap(
        country=empty.country,
        columns=empty.columns,
        rows=empty.rows,
        tiles=tuple(tiles),
    )
