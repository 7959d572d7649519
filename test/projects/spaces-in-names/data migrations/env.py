from alembic import context

context.configure(url="postgresql+asyncpg://localhost/shop")
