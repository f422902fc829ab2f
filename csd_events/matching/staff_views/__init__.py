"""For staff: why a case study is suggested, what is used and what is missing."""

from csd_events.matching.staff_views import suggestions, using
from csd_events.matching.staff_views.blueprint import bp

__all__ = ["bp", "suggestions", "using"]
