import os

from alembic import context

context.configure(url=os.environ["DATABASE_URL_SYNC"])
