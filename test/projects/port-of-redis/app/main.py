import os

import asyncpg
import redis.asyncio as redis
from fastapi import FastAPI

app = FastAPI()
cache = redis.Redis(host=os.getenv("REDIS_HOST", "localhost"), port=int(os.getenv("REDIS_PORT", "6399")))


@app.get("/health")
async def health() -> bool:
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    return await connection.fetchval("SELECT true")
