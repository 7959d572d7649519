from fastapi import APIRouter

router = APIRouter()


@router.get("/health-insurance")
async def insured_items() -> list[str]:
    return []
