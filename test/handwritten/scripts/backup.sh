#!/bin/bash
set -e
BACKUP_FILE="backups/backup_$(date +%Y%m%d_%H%M%S).sql.gz"
mkdir -p backups
docker compose exec -T db pg_dump -U comicpile --verbose comicpile 2>&1 | gzip > "$BACKUP_FILE"
gzip -t "$BACKUP_FILE" && echo "Backup created successfully"
