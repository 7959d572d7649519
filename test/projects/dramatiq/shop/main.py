import os

import asyncpg
from fastapi import FastAPI

from shop.tasks import add

app = FastAPI()


@app.get("/health")
async def health() -> bool:
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    return await connection.fetchval("SELECT true")


@app.post("/jobs")
def start() -> None:
    add.send(1, 2)
