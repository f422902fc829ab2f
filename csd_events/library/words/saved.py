"""What people save of the library, as they read it."""

from dataclasses import dataclass

from csd_events.library.models import SavedItem
from csd_events.library.words.found import FOUND_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedLine:
    """Something saved.

    Attributes:
        url: Where it is read; None for what is no longer in the library.
    """

    id: int
    title: str
    kind_words: str
    note: str
    url: str | None


def saved_line(item: SavedItem, *, url: str | None) -> SavedLine:
    return SavedLine(
        id=item.id,
        title=item.title,
        kind_words=str(FOUND_WORDS[item.kind]),
        note=item.note,
        url=url,
    )
