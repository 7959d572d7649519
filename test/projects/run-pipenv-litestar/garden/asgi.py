from dataclasses import dataclass

from litestar import Controller, Litestar, Router, get, post

from garden.database import run
from garden.jobs import queue


@dataclass
class Item:
    name: str


@get("/health")
async def health() -> dict[str, str]:
    await run("SELECT 1")
    return {"status": "ok"}


@get("/version")
async def version() -> list[dict]:
    return await run("SELECT version_num FROM alembic_version")


class Items(Controller):
    path = "/items"

    @post()
    async def create(self, data: Item) -> dict:
        return (await run("INSERT INTO items (name) VALUES (:name) RETURNING id, name", name=data.name))[0]

    @get()
    async def items(self) -> list[dict]:
        return await run("SELECT id, name FROM items ORDER BY id")


class Jobs(Controller):
    path = "/jobs"

    @post(status_code=202)
    async def start(self) -> dict:
        job = (await run("INSERT INTO jobs (state) VALUES ('waiting') RETURNING id, state"))[0]
        await queue.enqueue("finish", job=job["id"])
        return job

    @get()
    async def jobs(self) -> list[dict]:
        return await run("SELECT id, state FROM jobs ORDER BY id")


api = Router(path="/api", route_handlers=[health, version, Items, Jobs])
app = Litestar(route_handlers=[api], on_startup=[queue.connect], on_shutdown=[queue.disconnect])
