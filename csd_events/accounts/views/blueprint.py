"""The blueprint of these pages."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
