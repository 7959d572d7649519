import os

import asyncpg
from fastapi import FastAPI

from .routes import router


def make_limits(size: int) -> dict[str, int]:
    return {"size": size}


def create_app() -> FastAPI:
    app = FastAPI()
    app.state.database_url = os.environ["DATABASE_URL"]
    app.state.connect = asyncpg.connect
    app.include_router(router, prefix="/internal")
    return app
