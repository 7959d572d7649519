from fastapi import APIRouter, BackgroundTasks, FastAPI
from pydantic import BaseModel
from sqlalchemy import text

from app.database import engine

api = APIRouter(prefix="/v1")


class Item(BaseModel):
    name: str


async def run(statement: str, **values: object) -> list[dict]:
    async with engine.begin() as connection:
        return [dict(row) for row in (await connection.execute(text(statement), values)).mappings()]


@api.get("/health")
async def health() -> dict[str, str]:
    await run("SELECT 1")
    return {"status": "ok"}


@api.get("/version")
async def version() -> list[dict]:
    return await run("SELECT version_num FROM alembic_version")


@api.post("/items", status_code=201)
async def create(item: Item) -> dict:
    return (await run("INSERT INTO items (name) VALUES (:name) RETURNING id, name", name=item.name))[0]


@api.get("/items")
async def items() -> list[dict]:
    return await run("SELECT id, name FROM items ORDER BY id")


async def finish(job: int) -> None:
    await run("UPDATE jobs SET state = 'done' WHERE id = :id RETURNING id", id=job)


@api.post("/jobs", status_code=202)
async def start(tasks: BackgroundTasks) -> dict:
    job = (await run("INSERT INTO jobs (state) VALUES ('waiting') RETURNING id, state"))[0]
    tasks.add_task(finish, job["id"])
    return job


@api.get("/jobs")
async def jobs() -> list[dict]:
    return await run("SELECT id, state FROM jobs ORDER BY id")


app = FastAPI(title="Bakery")
app.include_router(api, prefix="/api")
