import os

import psycopg
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route


def readyz(request):
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("SELECT 1")
    return PlainTextResponse("ok")


application = Starlette(routes=[Route("/readyz", readyz)])
