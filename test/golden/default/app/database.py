"""The engine with its pool, and the session that a request gets."""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import Request
from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from app.settings import Settings

# https://www.postgresql.org/docs/current/errcodes-appendix.html
LOGIN_REFUSED = "28P01"


def create_engine(settings: Settings) -> AsyncEngine:
    """One engine a process; it connects on first use, so the app starts without a database."""
    engine = create_async_engine(
        settings.database_url,
        # This process's share of what the role may have; docker-compose.prod.yml sets it.
        pool_size=settings.db_pool_size,
        max_overflow=settings.db_max_overflow,
        # A request that gets no connection soon fails; it does not queue behind the others.
        pool_timeout=5,
        # A connection that died with a restarted database is replaced, not handed out.
        # https://docs.sqlalchemy.org/en/latest/core/pooling.html#disconnect-handling-pessimistic
        pool_pre_ping=True,
        pool_recycle=1800,
        # What users typed does not belong into a traceback in the log.
        hide_parameters=True,
        # Seconds: to connect, and for one statement.
        connect_args={
            "timeout": 5,
            "command_timeout": 30,
            "server_settings": {"application_name": "comic-pile"},
        },
    )
    if previous := settings.db_password_previous.get_secret_value():
        accept_previous_password(engine.sync_engine, previous)
    return engine


def accept_previous_password(engine: Engine, previous: str) -> None:
    """A rotation starts the new app first and tells the database last: either password may be the one.

    https://docs.sqlalchemy.org/en/latest/core/events.html#sqlalchemy.events.DialectEvents.do_connect
    """

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _: Any, arguments: Any, parameters: dict[str, Any]) -> Any:
        try:
            return dialect.connect(*arguments, **parameters)
        except Exception as error:
            if getattr(error, "sqlstate", None) != LOGIN_REFUSED:
                raise
            return dialect.connect(*arguments, **{**parameters, "password": previous})


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """A session for this request; what was not committed is rolled back at its end."""
    async with request.app.state.sessions() as session:
        yield session
