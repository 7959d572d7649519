from contextlib import asynccontextmanager
from pathlib import Path

from acme_core.database import run
from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel

from acme_api.tkq import broker, finish

router = APIRouter()


class Item(BaseModel):
    name: str


@router.get("/health")
async def health() -> dict[str, str]:
    await run("SELECT 1")
    return {"status": "ok"}


@router.get("/version")
async def version() -> list[dict]:
    return await run("SELECT version_num FROM alembic_version")


@router.post("/items", status_code=201)
async def create(item: Item) -> dict:
    return (await run("INSERT INTO items (name) VALUES (:name) RETURNING id, name", name=item.name))[0]


@router.get("/items")
async def items() -> list[dict]:
    return await run("SELECT id, name FROM items ORDER BY id")


@router.post("/jobs", status_code=202)
async def start() -> dict:
    job = (await run("INSERT INTO jobs (state) VALUES ('waiting') RETURNING id, state"))[0]
    await finish.kiq(job["id"])
    return job


@router.get("/jobs")
async def jobs() -> list[dict]:
    return await run("SELECT id, state FROM jobs ORDER BY id")


@asynccontextmanager
async def lifespan(app: FastAPI):
    await broker.startup()
    yield
    await broker.shutdown()


app = FastAPI(title="Acme", lifespan=lifespan)
app.include_router(router, prefix="/api")
app.mount("/", StaticFiles(directory=Path(__file__).parent / "static", html=True, check_dir=False))
