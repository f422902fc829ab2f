"""The blueprint of these pages."""

from flask import Blueprint

bp = Blueprint("registrations", __name__)
