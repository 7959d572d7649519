from setuptools import find_packages, setup

setup(
    name="dispatcher",
    version="0.1.0",
    python_requires=">=3.11",
    package_dir={"": "src"},
    packages=find_packages("src"),
    install_requires=["fastapi", "uvicorn", "alembic", "sqlalchemy", "psycopg2-binary"],
)
