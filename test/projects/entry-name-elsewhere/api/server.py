import os

import psycopg2
from fastapi import FastAPI

web = FastAPI(root_path="/shop")


@web.get("/health")
def health() -> bool:
    psycopg2.connect(os.environ["DATABASE_URL"]).close()
    return True
