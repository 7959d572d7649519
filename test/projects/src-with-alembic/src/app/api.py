from fastapi import APIRouter

router = APIRouter(prefix="/api")


@router.get("/v1/health")
async def health() -> bool:
    return True
