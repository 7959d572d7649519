import uvicorn

if __name__ == "__main__":
    uvicorn.run("book_shop.main:app", host="0.0.0.0", port=8010)
