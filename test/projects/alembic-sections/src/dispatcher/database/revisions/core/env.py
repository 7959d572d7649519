from alembic import context

from dispatcher import config

context.configure(url=config.SQLALCHEMY_DATABASE_URI)
