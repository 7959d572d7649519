from celery import Celery
from pydantic_settings import BaseSettings, SettingsConfigDict

from clinic.database import run


class QueueSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="CLINIC_")

    redis_url: str = "redis://localhost:6379/0"


celery = Celery("clinic", broker=QueueSettings().redis_url)
celery.conf.beat_schedule = {"tick": {"task": "clinic.tasks.tick", "schedule": 3.0}}


@celery.task
def finish(job: int) -> None:
    run("UPDATE jobs SET state = 'done' WHERE id = :id", id=job)


@celery.task
def tick() -> None:
    run("INSERT INTO jobs (id, state) VALUES (0, 'scheduled') ON CONFLICT DO NOTHING")
