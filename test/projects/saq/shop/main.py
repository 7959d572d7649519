import os

import asyncpg
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

DATABASE_URL = os.environ["DATABASE_URL"]


async def health(request):
    connection = await asyncpg.connect(DATABASE_URL)
    return JSONResponse(await connection.fetchval("SELECT true"))


app = Starlette(routes=[Mount("/api", routes=[Route("/health", health)])])
