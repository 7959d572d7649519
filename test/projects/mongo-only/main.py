import os

from fastapi import FastAPI
from motor.motor_asyncio import AsyncIOMotorClient

client = AsyncIOMotorClient(os.getenv("MONGODB_URL", "mongodb://localhost:27017"))
app = FastAPI()


@app.get("/health")
async def health() -> bool:
    await client.admin.command("ping")
    return True
