"""What worksheets come to, with case studies that fit; and groups that are opened."""

from csd_events.matching.views import group_result, groups, result
from csd_events.matching.views.blueprint import bp

__all__ = ["bp", "group_result", "groups", "result"]
