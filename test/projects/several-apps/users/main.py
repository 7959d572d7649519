import os

import asyncpg
from litestar import Litestar, get


@get("/health")
async def health() -> bool:
    connection = await asyncpg.connect(os.environ["USERS_URL"])
    return await connection.fetchval("SELECT true")


app = Litestar([health])
