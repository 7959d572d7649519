import asyncio
import os

import asyncpg
import dramatiq
from dramatiq.brokers.redis import RedisBroker

dramatiq.set_broker(RedisBroker(url=os.environ["REDIS_URL"]))


async def update(job: int) -> None:
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    try:
        await connection.execute("UPDATE jobs SET state = 'done' WHERE id = $1", job)
    finally:
        await connection.close()


@dramatiq.actor
def finish(job: int) -> None:
    asyncio.run(update(job))
