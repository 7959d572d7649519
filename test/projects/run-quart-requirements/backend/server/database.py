import os

import psycopg2
import psycopg2.extras


def run(statement: str, *values: object) -> list[dict]:
    connection = psycopg2.connect(os.environ["DATABASE_URL"], cursor_factory=psycopg2.extras.RealDictCursor)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return [dict(row) for row in cursor.fetchall()] if cursor.description else []
    finally:
        connection.close()
