import os

from celery import Celery

celery = Celery(
    "shop",
    broker=os.environ["CELERY_BROKER_URL"],
    backend=os.getenv("CELERY_RESULT_BACKEND", "redis://localhost:6379/1"),
)
celery.conf.beat_schedule = {"add": {"task": "app.tasks.add", "schedule": 60.0, "args": (1, 2)}}


@celery.task
def add(one: int, other: int) -> int:
    return one + other
