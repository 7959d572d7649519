import psycopg
from fastapi import FastAPI

from .settings import settings

app = FastAPI()


@app.get("/health")
def health() -> bool:
    with psycopg.connect(settings.dsn) as connection:
        return connection.execute("SELECT true").fetchone()[0]
