import os

import asyncpg
from quart import Blueprint, Quart

app = Quart(__name__)
api = Blueprint("api", __name__, url_prefix="/api")


@api.route("/health")
async def health():
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    return {"ok": await connection.fetchval("SELECT true")}


app.register_blueprint(api)
