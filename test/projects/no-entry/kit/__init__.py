from fastapi import APIRouter

router = APIRouter()


def get(dsn):
    return dsn
