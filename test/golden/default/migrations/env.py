"""Runs the migrations as the role that owns the schema: `alembic upgrade head`.

DB_USER and DB_PASSWORD are the owner's here; the running app has a role that cannot change
the schema. The URL goes from the settings straight to the engine: through
`config.set_main_option` a "%" in it would be read as an interpolation and fail.
https://alembic.sqlalchemy.org/en/latest/cookbook.html#using-asyncio-with-alembic
"""

import asyncio
from logging.config import fileConfig

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.models import Base
from app.settings import DatabaseSettings

if context.config.config_file_name is not None:
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)


def print_sql() -> None:
    """`alembic upgrade head --sql`: needs no database and no password."""
    context.configure(
        dialect_name="postgresql",
        target_metadata=Base.metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )
    with context.begin_transaction():
        context.run_migrations()


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


async def connect_and_migrate() -> None:
    engine = create_async_engine(
        DatabaseSettings().database_url,
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={
            "timeout": 10,
            "server_settings": {
                "application_name": "comic-pile-migrate",
                # A migration that waits for a lock blocks every query behind it: give up, the
                # old app runs on, and the deployment can be tried again.
                "lock_timeout": "10s",
            },
        },
    )
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


if context.is_offline_mode():
    print_sql()
else:
    asyncio.run(connect_and_migrate())
