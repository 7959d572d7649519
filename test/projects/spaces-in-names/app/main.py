import os

import asyncpg
from fastapi import FastAPI
from fastapi.templating import Jinja2Templates

templates = Jinja2Templates("mail templates")
app = FastAPI()


@app.get("/health")
async def health() -> bool:
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    return await connection.fetchval("SELECT true")
