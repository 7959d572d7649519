#!/usr/bin/env bash
# The database roles. The postgres image runs this file once, when its data directory is empty, as the user postgres.
# On an existing volume it never runs again: change a password with scripts/rotate-secrets.sh. What the roles may do is in
# 20-rights.sql, which runs after this, and at each deploy.
#
#   comicpile_owner  owns the database and its schema; only the one-shot service `migrate` logs in as it
#   comicpile  is what the app logs in as: it reads and writes rows, and cannot change the schema
#   postgres  stays the superuser, for backups and rotation over the local socket only
#
# https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATTERNS

# The entrypoint runs this file when it is executable and sources it when it is not (a checkout may lose the bit):
# the parentheses keep our shell options and passwords out of the entrypoint.
(
  set -euo pipefail

  # NAME, or the content of the file that NAME_FILE names (Docker secrets), as the image does for its own variables.
  password() {
    local file=${1}_FILE
    if [[ -n ${!file:-} ]]; then
      printf '%s' "$(<"${!file}")"
    elif [[ -n ${!1:-} ]]; then
      printf '%s' "${!1}"
    else
      echo "10-roles.sh: neither $1 nor $file is set; give the service db one of them" >&2
      return 1
    fi
  }

  DB_PASSWORD=$(password DB_PASSWORD)
  export DB_PASSWORD
  DB_OWNER_PASSWORD=$(password DB_OWNER_PASSWORD)
  export DB_OWNER_PASSWORD

  # \getenv reads a password inside psql, so that no process list shows it; the settings keep it out of the server log.
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\set VERBOSITY terse
\getenv user_password DB_PASSWORD
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET log_min_duration_statement = -1;
SET password_encryption TO 'scram-sha-256';

BEGIN;
CREATE ROLE "comicpile" LOGIN PASSWORD :'user_password';
\getenv owner_password DB_OWNER_PASSWORD
CREATE ROLE "comicpile_owner" LOGIN PASSWORD :'owner_password';
COMMIT;
SQL
)
