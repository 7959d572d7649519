from fastapi import FastAPI
from sqlalchemy import create_engine, text

from shop.config import database

engine = create_engine(database.url)
app = FastAPI()


@app.get("/health")
def health() -> bool:
    with engine.connect() as connection:
        return connection.execute(text("SELECT true")).scalar_one()
