import os

from acme_core.database import run
from taskiq_redis import ListQueueBroker

broker = ListQueueBroker(os.getenv("ACME_REDIS_URL", "redis://localhost:6379/0"))


@broker.task
async def finish(job: int) -> None:
    await run("UPDATE jobs SET state = 'done' WHERE id = :id", id=job)
