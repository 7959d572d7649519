from contextlib import asynccontextmanager

from arq import create_pool
from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from orders.database import run
from orders.worker import WorkerSettings


class Item(BaseModel):
    name: str


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.queue = await create_pool(WorkerSettings.redis_settings)
    yield
    await app.state.queue.aclose()


def create_app() -> FastAPI:
    app = FastAPI(title="Orders", lifespan=lifespan)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        run("SELECT 1")
        return {"status": "ok"}

    @app.get("/version")
    def version() -> list[dict]:
        return run("SELECT version_num FROM alembic_version")

    @app.post("/items", status_code=201)
    def create(item: Item) -> dict:
        return run("INSERT INTO items (name) VALUES (:name) RETURNING id, name", name=item.name)[0]

    @app.get("/items")
    def items() -> list[dict]:
        return run("SELECT id, name FROM items ORDER BY id")

    @app.post("/jobs", status_code=202)
    async def start(request: Request) -> dict:
        job = (await run_in_threadpool(run, "INSERT INTO jobs (state) VALUES ('waiting') RETURNING id, state"))[0]
        await request.app.state.queue.enqueue_job("finish", job["id"])
        return job

    @app.get("/jobs")
    def jobs() -> list[dict]:
        return run("SELECT id, state FROM jobs ORDER BY id")

    return app
