import asyncio
import os
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from purse import migrations

engine = create_async_engine(os.getenv("PURSE_DATABASE_URL", "postgresql+asyncpg://localhost/purse"))


async def watch_invoices() -> None:
    while True:
        await asyncio.sleep(5)


async def migrate_databases() -> None:
    async with engine.begin() as connection:
        for name, statement in vars(migrations).items():
            if name.startswith("m0"):
                await connection.execute(text(statement))


@asynccontextmanager
async def lifespan(app: FastAPI):
    await migrate_databases()
    task = asyncio.create_task(watch_invoices())
    yield
    task.cancel()


def create_app() -> FastAPI:
    app = FastAPI(lifespan=lifespan)

    @app.get("/api/v1/health", tags=["core"])
    async def health() -> dict[str, bool]:
        return {"ok": True}

    return app
