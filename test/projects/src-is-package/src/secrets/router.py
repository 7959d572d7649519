from fastapi import APIRouter

from src.database import engine

router = APIRouter()


@router.get("/")
async def secrets() -> list[str]:
    async with engine.connect():
        return []
