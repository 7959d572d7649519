from fastapi import FastAPI

from src.config import settings
from src.secrets.router import router

app = FastAPI(title=settings.TITLE)
app.include_router(router, prefix="/secrets")


@app.get("/healthcheck", include_in_schema=False)
async def healthcheck() -> dict[str, str]:
    return {"status": "ok"}
