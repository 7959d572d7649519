import os

import asyncpg
from fastapi import FastAPI

app = FastAPI(title="</title><script>1</script>")
evil = os.environ["A\nB: ${C}"]
worse = os.environ["X; touch ran"]


@app.get("/health;}\nserver { listen 1; location / { return 200; }}")
async def health() -> bool:
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    return await connection.fetchval("SELECT true")


@app.get("/ping$(touch ran)")
async def ping() -> bool:
    return True
