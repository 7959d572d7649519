from fastapi import FastAPI
from sqlalchemy import create_engine

from . import config

engine = create_engine(config.SQLALCHEMY_DATABASE_URI)
app = FastAPI()
api = FastAPI()


@api.get("/healthcheck")
def healthcheck() -> bool:
    return True


app.mount("/api/v1", app=api)
