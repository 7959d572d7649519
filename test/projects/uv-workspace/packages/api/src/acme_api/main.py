from acme_core.db import engine
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
async def health() -> bool:
    async with engine.connect():
        return True
