"""Tokens that the app has signed: who has one may write, until it ends.

    docker compose … exec app python -m app.tokens

prints one that is good for an hour. An example to replace by the login of your users; that strangers may
not write is not.
"""

import hashlib
import hmac
import re
import time
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.settings import Settings

LIFETIME = 3600

bearer = HTTPBearer(auto_error=False)


def signature(key: str, ends: str) -> bytes:
    """What it is for stands in it: a signature for something else is none for this."""
    return hmac.new(key.encode(), f"may write until {ends}".encode(), hashlib.sha256).hexdigest().encode()


def issue(settings: Settings) -> str:
    """A token by the newest key; its end is open to read, and cannot be changed."""
    ends = str(int(time.time()) + LIFETIME)
    return f"{ends}.{signature(settings.signing_keys[0], ends).decode()}"


def is_valid(token: str, settings: Settings) -> bool:
    ends, _, signed = token.partition(".")
    if not re.fullmatch(r"[0-9]{1,12}", ends, re.ASCII):
        return False
    # Each key is tried, and each takes the same time whatever is right of the signature.
    # https://docs.python.org/3/library/hmac.html#hmac.compare_digest
    known = [hmac.compare_digest(signed.encode(), signature(key, ends)) for key in settings.signing_keys]
    return any(known) and time.time() < int(ends)


def need_token(request: Request, sent: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> None:
    """401 unless `Authorization: Bearer …` has a token that still counts."""
    if sent is None or not is_valid(sent.credentials, request.app.state.settings):
        raise HTTPException(401, "This needs a token that still counts.", {"WWW-Authenticate": "Bearer"})


if __name__ == "__main__":
    print(issue(Settings()))
