"""The blueprint of these pages."""

from flask import Blueprint

bp = Blueprint("matching_staff", __name__, url_prefix="/staff/library")
