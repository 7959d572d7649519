import os

from litestar import Controller, get
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(os.environ["DATABASE_URL"])


class SystemController(Controller):
    path = "/system"

    @get("/health")
    async def health(self) -> bool:
        async with engine.connect():
            return True
