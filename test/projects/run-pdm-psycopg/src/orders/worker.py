import os

from arq.connections import RedisSettings

from orders.database import run


async def finish(context: dict, job: int) -> None:
    run("UPDATE jobs SET state = 'done' WHERE id = :id", id=job)


class WorkerSettings:
    functions = [finish]
    redis_settings = RedisSettings(
        host=os.getenv("REDIS_HOST", "localhost"),
        port=int(os.getenv("REDIS_PORT", "6379")),
    )
