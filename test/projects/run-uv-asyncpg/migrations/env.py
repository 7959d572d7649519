import asyncio

from alembic import context

from app.database import engine


def migrate(connection) -> None:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()


async def main() -> None:
    async with engine.connect() as connection:
        await connection.run_sync(migrate)


asyncio.run(main())
