from fastapi import APIRouter, FastAPI

from recipes.init_db import migrate

app = FastAPI(on_startup=[migrate])
router = APIRouter(prefix="/api/app")


@router.get("/healthz")
def healthz() -> bool:
    return True


app.include_router(router)
