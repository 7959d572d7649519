import os

import asyncpg
from fastapi import FastAPI

from app.routes import register

app = FastAPI()
app.state.dsn = os.environ["DATABASE_URL"]
app.state.connect = asyncpg.connect
register(app)
