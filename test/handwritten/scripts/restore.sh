#!/bin/bash
set -e
gunzip -c "$1" | docker compose exec -T db psql -U comicpile comicpile
docker compose exec -T db psql -U comicpile comicpile -c 'SELECT count(*) FROM thread'
echo "restored successfully"
