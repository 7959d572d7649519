from alembic import context

from app.database import URL

context.configure(url=URL)
