from fastapi import FastAPI

app = FastAPI(title="Left over from the tutorial")
