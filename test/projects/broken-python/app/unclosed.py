TEXT = """never ends
app = FastAPI()
