"""The blueprint of pages that know worksheets, events and case studies."""

from flask import Blueprint

bp = Blueprint("matching", __name__)
