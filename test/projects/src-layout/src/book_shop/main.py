from fastapi import FastAPI

from book_shop.db import engine

app = FastAPI()


@app.get("/livez")
async def livez() -> bool:
    async with engine.connect():
        return True
