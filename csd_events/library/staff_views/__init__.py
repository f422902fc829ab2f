"""The library as staff keep it: publications and the bibliography."""

from csd_events.library.staff_views import bibliography, desk, publications
from csd_events.library.staff_views.blueprint import bp

__all__ = ["bibliography", "bp", "desk", "publications"]
