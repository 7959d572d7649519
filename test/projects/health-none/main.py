import os

import asyncpg
from fastapi import FastAPI

app = FastAPI()


@app.get("/patients/{patient}/health")
async def patient_health(patient: int) -> str:
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    return await connection.fetchval("SELECT $1::text", str(patient))


@app.post("/ping")
async def ping() -> None:
    return None
