#!/usr/bin/env bash
# The database roles. The postgres image runs this file once, when its data directory is empty, as the user postgres.
# On an existing volume it never runs again: change a password with scripts/rotate-secrets.sh.
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
\getenv database POSTGRES_DB
\getenv user_password DB_PASSWORD
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET log_min_duration_statement = -1;
SET password_encryption TO 'scram-sha-256';

-- CONNECTION LIMIT: an app that opens too many gets an error, and a backup or a rescue still gets in.
BEGIN;
CREATE ROLE "comicpile" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 42
  PASSWORD :'user_password';
\getenv owner_password DB_OWNER_PASSWORD
CREATE ROLE "comicpile_owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 3
  PASSWORD :'owner_password';

-- PUBLIC is every role there will ever be: it may neither connect, nor make temporary tables, nor use the schema.
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
REVOKE ALL ON DATABASE template1 FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

ALTER DATABASE :"database" OWNER TO "comicpile_owner";
ALTER SCHEMA public OWNER TO "comicpile_owner";
GRANT CONNECT ON DATABASE :"database" TO "comicpile";
GRANT USAGE ON SCHEMA public TO "comicpile";

-- What the migrations create later, the app may use; without this every new table would need its own GRANT.
ALTER DEFAULT PRIVILEGES FOR ROLE "comicpile_owner" IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "comicpile";
ALTER DEFAULT PRIVILEGES FOR ROLE "comicpile_owner" IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO "comicpile";
COMMIT;
SQL
)
