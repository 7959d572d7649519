from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

from clinic.database import run
from clinic.tasks import finish

router = APIRouter(prefix="/api/v1")


class Item(BaseModel):
    name: str


@router.get("/health/")
def health() -> dict[str, str]:
    run("SELECT 1")
    return {"status": "ok"}


@router.get("/version")
def version() -> list[dict]:
    return run("SELECT version_num FROM alembic_version")


@router.post("/items", status_code=201)
def create(item: Item) -> dict:
    return run("INSERT INTO items (name) VALUES (:name) RETURNING id, name", name=item.name)[0]


@router.get("/items")
def items() -> list[dict]:
    return run("SELECT id, name FROM items ORDER BY id")


@router.post("/jobs", status_code=202)
def start() -> dict:
    job = run("INSERT INTO jobs (state) VALUES ('waiting') RETURNING id, state")[0]
    finish.delay(job["id"])
    return job


@router.get("/jobs")
def jobs() -> list[dict]:
    return run("SELECT id, state FROM jobs ORDER BY id")


app = FastAPI(title="Clinic")
app.include_router(router)
