"""One module a topic, each with its `router`; `app.main` includes them."""
