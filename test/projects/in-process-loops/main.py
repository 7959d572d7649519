import os
from contextlib import asynccontextmanager

import asyncpg
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import FastAPI

scheduler = AsyncIOScheduler()


@scheduler.scheduled_job("interval", minutes=1)
async def tick() -> None:
    return None


@asynccontextmanager
async def lifespan(app: FastAPI):
    scheduler.start()
    yield
    scheduler.shutdown()


app = FastAPI(lifespan=lifespan)


@app.get("/health")
async def health() -> bool:
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    return await connection.fetchval("SELECT true")
