import os

import asyncpg
from a2wsgi import WSGIMiddleware
from fastapi import FastAPI
from flask import Flask

old = Flask("old")
app = FastAPI()
app.mount("/old", WSGIMiddleware(old))


@app.get("/health")
async def health() -> bool:
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    return await connection.fetchval("SELECT true")
