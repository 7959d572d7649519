import asyncio

from quart import Blueprint, Quart, request

from server.database import run

TABLES = """
SELECT pg_advisory_xact_lock(1);
CREATE TABLE IF NOT EXISTS items (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE IF NOT EXISTS jobs (id serial PRIMARY KEY, state text NOT NULL);
"""

app = Quart(__name__)
api = Blueprint("api", __name__, url_prefix="/api")


@app.before_serving
async def create_tables() -> None:
    await asyncio.to_thread(run, TABLES)


@api.get("/health")
async def health():
    await asyncio.to_thread(run, "SELECT 1")
    return {"status": "ok"}


@api.post("/items")
async def create():
    name = (await request.get_json())["name"]
    rows = await asyncio.to_thread(run, "INSERT INTO items (name) VALUES (%s) RETURNING id, name", name)
    return rows[0], 201


@api.get("/items")
async def items():
    return await asyncio.to_thread(run, "SELECT id, name FROM items ORDER BY id")


def finish(job: int) -> None:
    run("UPDATE jobs SET state = 'done' WHERE id = %s", job)


@api.post("/jobs")
async def start():
    job = (await asyncio.to_thread(run, "INSERT INTO jobs (state) VALUES ('waiting') RETURNING id, state"))[0]
    app.add_background_task(finish, job["id"])
    return job, 202


@api.get("/jobs")
async def jobs():
    return await asyncio.to_thread(run, "SELECT id, state FROM jobs ORDER BY id")


app.register_blueprint(api)
