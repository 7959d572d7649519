#!/bin/bash
# What the entrypoint of 18 has before that of 17: in its own layout, data in the former place is an error.
if [[ $PGDATA == "/var/lib/postgresql/$PG_MAJOR/docker" && ! -s $PGDATA/PG_VERSION ]] && mountpoint -q /var/lib/postgresql/data; then
  echo 'Error: there appears to be PostgreSQL data in /var/lib/postgresql/data (unused mount/volume)' >&2
  exit 1
fi
exec former-entrypoint.sh "$@"
