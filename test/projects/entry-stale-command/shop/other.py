from fastapi import FastAPI


def build():
    app = FastAPI()
    return app
