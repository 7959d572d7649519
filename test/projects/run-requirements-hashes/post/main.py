import os
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from post.tasks import finish

TABLES = """
SELECT pg_advisory_xact_lock(1);
CREATE TABLE IF NOT EXISTS items (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE IF NOT EXISTS jobs (id serial PRIMARY KEY, state text NOT NULL);
"""


class Item(BaseModel):
    name: str


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, max_size=5) as pool:
        await pool.execute(TABLES)
        app.state.pool = pool
        yield


app = FastAPI(title="Post", lifespan=lifespan)


async def run(request: Request, statement: str, *values: object) -> list[dict]:
    return [dict(row) for row in await request.app.state.pool.fetch(statement, *values)]


@app.get("/api/health")
async def health(request: Request) -> dict[str, str]:
    await run(request, "SELECT 1")
    return {"status": "ok"}


@app.post("/api/items", status_code=201)
async def create(request: Request, item: Item) -> dict:
    return (await run(request, "INSERT INTO items (name) VALUES ($1) RETURNING id, name", item.name))[0]


@app.get("/api/items")
async def items(request: Request) -> list[dict]:
    return await run(request, "SELECT id, name FROM items ORDER BY id")


@app.post("/api/jobs", status_code=202)
async def start(request: Request) -> dict:
    job = (await run(request, "INSERT INTO jobs (state) VALUES ('waiting') RETURNING id, state"))[0]
    await run_in_threadpool(finish.send, job["id"])
    return job


@app.get("/api/jobs")
async def jobs(request: Request) -> list[dict]:
    return await run(request, "SELECT id, state FROM jobs ORDER BY id")
