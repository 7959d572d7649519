from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from library.database import run


def readyz(request: Request) -> JSONResponse:
    run("SELECT 1")
    return JSONResponse({"status": "ok"})


def version(request: Request) -> JSONResponse:
    return JSONResponse(run("SELECT version_num FROM alembic_version"))


async def create(request: Request) -> JSONResponse:
    name = (await request.json())["name"]
    rows = await run_in_threadpool(run, "INSERT INTO items (name) VALUES (:name) RETURNING id, name", name=name)
    return JSONResponse(rows[0], status_code=201)


def items(request: Request) -> JSONResponse:
    return JSONResponse(run("SELECT id, name FROM items ORDER BY id"))


def finish(job: int) -> None:
    run("UPDATE jobs SET state = 'done' WHERE id = :id", id=job)


def start(request: Request) -> JSONResponse:
    job = run("INSERT INTO jobs (state) VALUES ('waiting') RETURNING id, state")[0]
    return JSONResponse(job, status_code=202, background=BackgroundTask(finish, job["id"]))


def jobs(request: Request) -> JSONResponse:
    return JSONResponse(run("SELECT id, state FROM jobs ORDER BY id"))


api = [
    Route("/readyz", readyz),
    Route("/version", version),
    Route("/items", create, methods=["POST"]),
    Route("/items", items, methods=["GET"]),
    Route("/jobs", start, methods=["POST"]),
    Route("/jobs", jobs, methods=["GET"]),
]
app = Starlette(routes=[Mount("/api", routes=api)])
