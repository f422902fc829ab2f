"""The decision tool's pages."""

from csd_events.worksheets.views import index, own, sheet
from csd_events.worksheets.views.blueprint import bp

__all__ = ["bp", "index", "own", "sheet"]
