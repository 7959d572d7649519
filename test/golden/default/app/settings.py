"""What the app needs to know, from the environment or from secret files.

Each value is an environment variable (DB_PASSWORD) or a file of that name in /run/secrets
(db_password); the variable wins. Secrets are SecretStr, so that no log line or traceback
prints them.
https://docs.pydantic.dev/latest/concepts/pydantic_settings/
"""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL

SECRETS_DIR = Path("/run/secrets")

# 32 random bytes in base64url.
SECRET_LENGTH = 43
SECRET_VARIETY = 12
PLACEHOLDER = re.compile(
    r"change.?(me|it|this)|replace.?(me|it|this)|placeholder|password|secret|example|insecure|default|local.?only"
)


def weakness(secret: str) -> str | None:
    """Why this is no production secret; None when it is one. scripts/lib.sh judges the same way."""
    if not secret:
        return "is missing"
    if not re.fullmatch(r"[A-Za-z0-9_-]+", secret):
        return "has characters besides letters, digits, - and _, which break a URL"
    if len(secret) < SECRET_LENGTH:
        return f"is shorter than {SECRET_LENGTH} characters"
    if PLACEHOLDER.search(secret.lower()):
        return "is a placeholder"
    # A random value of this length has about 30 different characters.
    if len(set(secret)) < SECRET_VARIETY:
        return f"has fewer than {SECRET_VARIETY} different characters"
    return None


class DatabaseSettings(BaseSettings):
    """All that a migration needs: it gets no SECRET_KEY."""

    model_config = SettingsConfigDict(
        # The folder exists only where secrets are mounted as files.
        secrets_dir=SECRETS_DIR if SECRETS_DIR.is_dir() else None,
        extra="ignore",
        frozen=True,
        # A validation error shows its input, which would be the secrets.
        hide_input_in_errors=True,
    )

    # Whoever forgets to set it gets the strict checks.
    environment: Literal["development", "production"] = "production"

    db_host: str = "localhost"
    db_port: Annotated[int, Field(ge=1, le=65535)] = 5432
    db_name: str = "comic_pile"
    db_user: str = "comicpile"
    db_password: SecretStr = SecretStr("")

    # What it was before the last rotation; see accept_previous_password in database.py.
    db_password_previous: SecretStr = SecretStr("")

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def secrets(self) -> dict[str, SecretStr]:
        """What must be strong in production, by the name that the operator knows."""
        return {"DB_PASSWORD": self.db_password}

    @property
    def database_url(self) -> URL:
        """Built from parts, not from text: no character of a password can break it."""
        return URL.create(
            "postgresql+asyncpg",
            username=self.db_user,
            password=self.db_password.get_secret_value(),
            host=self.db_host,
            port=self.db_port,
            database=self.db_name,
        )

    @model_validator(mode="after")
    def refuse_weak_secrets(self) -> Self:
        """A production that starts with a placeholder is found by somebody else first."""
        if self.is_production:
            holders: dict[str, str] = {}
            problems = []
            for name, secret in self.secrets.items():
                value = secret.get_secret_value()
                twin = holders.setdefault(value, name)
                problem = weakness(value) or ("" if twin == name else f"is the same as {twin}")
                if problem:
                    problems.append(f"{name} {problem}")
            if problems:
                raise ValueError(f"ENVIRONMENT=production, but {', '.join(problems)}")
        return self


class Settings(DatabaseSettings):
    """All that the running app needs."""

    # Signs tokens (app/tokens.py), and your sessions.
    secret_key: SecretStr = SecretStr("")

    # What it was before the last rotation; empty when nobody shall be trusted who has it.
    secret_key_previous: SecretStr = SecretStr("")

    # Connections to the database that this process keeps, and how many more it may open under load.
    db_pool_size: Annotated[int, Field(ge=1, le=1000)] = 5
    db_max_overflow: Annotated[int, Field(ge=0, le=1000)] = 5

    # The one other origin whose pages may call the API; empty: only the site itself may.
    public_origin: Annotated[str, Field(pattern=r"^(https?://[A-Za-z0-9.:\[\]-]+)?$")] = ""

    # Whether strangers get /docs, /redoc and /openapi.json; development always has them.
    api_docs: Literal["open", "closed"] = "closed"

    @property
    def shows_docs(self) -> bool:
        return self.api_docs == "open" or not self.is_production

    @property
    def signing_keys(self) -> list[str]:
        """Sign with the first; accept what either has signed, so that a rotation logs nobody out."""
        keys = (self.secret_key, self.secret_key_previous)
        return [key.get_secret_value() for key in keys if key.get_secret_value()]

    @property
    def secrets(self) -> dict[str, SecretStr]:
        return {**super().secrets, "SECRET_KEY": self.secret_key}
