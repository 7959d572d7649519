import os

from saq import CronJob, Queue

queue = Queue.from_url(os.getenv("QUEUE_URL", "redis://localhost:6379/2"))


async def clean(context: dict) -> None:
    return None


settings = {"queue": queue, "functions": [clean], "cron_jobs": [CronJob(clean, cron="* * * * *")]}
