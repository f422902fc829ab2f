"""Session cookies as the program makes them, so that no password is checked."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface


def cookie(account: int, secret_key: str) -> str:
    """Make the cookie of an account whose sessions nothing has ended yet."""
    app = Flask(__name__)
    app.secret_key = secret_key
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return str(signer.dumps({"_user_id": f"{account}.1", "_fresh": True}))
