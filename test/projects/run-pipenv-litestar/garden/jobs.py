import os

from saq import Queue

from garden.database import run

queue = Queue.from_url(os.environ["REDIS_URL"])


async def finish(context: dict, *, job: int) -> None:
    await run("UPDATE jobs SET state = 'done' WHERE id = :id", id=job)


settings = {"queue": queue, "functions": [finish], "concurrency": 2}
