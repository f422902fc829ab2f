"""The map of one tile a state."""

from csd_events.library.rules.tiles import MAPS, Tile, filled
from csd_events.topics.catalogue import PROVINCES, STATES


def test_every_state_and_province_has_one_tile_of_its_own() -> None:
    for drawn, places in zip(MAPS, (STATES, PROVINCES), strict=True):
        assert sorted(tile.code for tile in drawn.tiles) == sorted(places)
        spots = {(tile.column, tile.row) for tile in drawn.tiles}
        assert len(spots) == len(drawn.tiles)
        assert all(tile.column < drawn.columns for tile in drawn.tiles)
        assert all(tile.row < drawn.rows for tile in drawn.tiles)


def test_states_stand_where_people_look_for_them() -> None:
    at = {tile.code: (tile.column, tile.row) for tile in MAPS[0].tiles}
    assert at["WA"] < at["ME"]
    assert at["MN"][1] < at["IA"][1] < at["MO"][1] < at["LA"][1]
    assert (at["CA"][0] < at["UT"][0] < at["CO"][0]) is True


def test_each_tile_says_how_many_there_are() -> None:
    drawn = filled(MAPS[0], {"MN": 3, "ON": 1})
    assert Tile("MN", 5, 2, 3) in drawn.tiles
    assert sum(tile.number for tile in drawn.tiles) == 3
    assert (drawn.country, drawn.columns, drawn.rows) == ("US", 12, 9)
