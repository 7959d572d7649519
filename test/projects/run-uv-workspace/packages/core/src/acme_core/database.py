import os

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(os.getenv("ACME_DATABASE_URL", "postgresql+asyncpg://localhost:5432/acme"))


async def run(statement: str, **values: object) -> list[dict]:
    async with engine.begin() as connection:
        result = await connection.execute(text(statement), values)
        return [dict(row) for row in result.mappings()] if result.returns_rows else []
