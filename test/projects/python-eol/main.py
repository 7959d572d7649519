import os

import asyncpg
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
async def health() -> bool:
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    return await connection.fetchval("SELECT true")
