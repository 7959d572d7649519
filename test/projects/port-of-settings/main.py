import asyncpg
import uvicorn
from fastapi import FastAPI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    APP_HOST: str = "0.0.0.0"
    APP_PORT: int = 8088
    SMTP_PORT: int = 587
    DATABASE_URL: str = "postgresql://localhost/shop"


settings = Settings()
app = FastAPI()


@app.get("/health")
async def health() -> bool:
    connection = await asyncpg.connect(settings.DATABASE_URL)
    return await connection.fetchval("SELECT true")


if __name__ == "__main__":
    uvicorn.run("main:app", host=settings.APP_HOST, port=settings.APP_PORT, reload=True)
