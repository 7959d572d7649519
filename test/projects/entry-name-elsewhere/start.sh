#!/bin/sh
set -e
python -m api.prepare
exec gunicorn api.server:web --worker-class uvicorn.workers.UvicornWorker --workers 4 --bind 0.0.0.0:7000
