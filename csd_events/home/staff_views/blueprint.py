"""The blueprint of these pages."""

from flask import Blueprint

bp = Blueprint("home_staff", __name__, url_prefix="/staff")
