import os

from arq.connections import RedisSettings


async def add(context: dict, one: int, other: int) -> int:
    return one + other


class WorkerSettings:
    functions = [add]
    redis_settings = RedisSettings(host=os.getenv("REDIS_HOST", "localhost"), port=int(os.getenv("REDIS_PORT", "6379")))
