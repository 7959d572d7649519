import os

from celery import Celery

app = Celery("shop", broker=os.getenv("BROKER_URL", "amqp://localhost:5672//"))
