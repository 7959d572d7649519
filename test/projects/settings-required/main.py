import os

import asyncpg
from fastapi import FastAPI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    DATABASE_URL: str
    SECRET_KEY: str
    SMTP_HOST: str
    SMTP_PORT: int = 587
    SENTRY_DSN: str | None = None


settings = Settings()
region = os.environ["REGION"]
debug = os.environ.get("DEBUG", "no")
home = os.environ["HOME"]
app = FastAPI()


@app.get("/health")
async def health() -> bool:
    connection = await asyncpg.connect(settings.DATABASE_URL)
    return await connection.fetchval("SELECT true")
