import os

import psycopg
from fastapi import FastAPI

app = FastAPI()


@app.get("/ping")
def ping() -> bool:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        return connection.execute("SELECT true").fetchone()[0]
