from fastapi import APIRouter

router = APIRouter()


@router.api_route("/health-check/", methods=["GET", "HEAD"])
async def health_check() -> bool:
    return True
