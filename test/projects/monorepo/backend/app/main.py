from fastapi import FastAPI

from app.config import settings

app = FastAPI(title=settings.POSTGRES_SERVER)


@app.get("/api/v1/utils/health-check/")
def health_check() -> bool:
    return True
