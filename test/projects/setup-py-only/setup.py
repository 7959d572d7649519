from pathlib import Path

from setuptools import setup

# Reading it must not run it.
Path(__file__).with_name("ran").touch()
setup(
    name="shop",
    version="0.1.0",
    python_requires=">=3.12",
    packages=["shop"],
    install_requires=["fastapi>=0.115", "uvicorn", "asyncpg"],
)
