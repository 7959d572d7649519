from alembic import context

from recipes.settings import AppSettings

context.configure(url=AppSettings().DB_URL)
