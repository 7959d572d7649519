from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE TABLE items (id serial PRIMARY KEY, name text NOT NULL)")
    op.execute("CREATE TABLE jobs (id serial PRIMARY KEY, state text NOT NULL)")
