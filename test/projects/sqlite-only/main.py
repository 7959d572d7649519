from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine("sqlite+aiosqlite:///shop.db")
app = FastAPI()


@app.get("/health")
async def health() -> bool:
    async with engine.connect():
        return True
