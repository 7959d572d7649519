-- What the database roles may do, and how long it may take. Without a password, and the same whether it runs once or ten times:
-- the postgres image runs it after 10-roles.sh when its data directory is empty; deploy.sh, rotate-secrets.sh, restore.sh,
-- upgrade-postgres.sh and pitr.sh run it again. So a database that is older than a line here gets it, and what a role has set on
-- itself (ALTER ROLE … SET, which PostgreSQL allows to each) is gone.
--
-- What a role may still do in a session of its own: SET statement_timeout = 0, lock rows and tables that it may write, take
-- advisory locks. It may not raise temp_file_limit, nor its CONNECTION LIMIT.

\set VERBOSITY terse
\set QUIET on
-- The scripts say which database they mean, a restore another one; the image is connected to it.
\if :{?here}
\else
\set here :DBNAME
\endif
\connect postgres
\connect :"here"
SET search_path = pg_catalog;
SET client_min_messages = warning;
SELECT current_setting('server_version_num')::int >= 170000 AS has_transaction_timeout \gset
SET lock_timeout = '10s';
SET statement_timeout = 0;
SET default_transaction_read_only = off;

-- A session that has changed its own role and does not commit would hold up all that follows, one that has been in its
-- transaction longer than the limit below has switched that off.
SELECT pg_terminate_backend(pid) FROM pg_stat_activity a WHERE usename = 'comicpile' AND pid <> pg_backend_pid() AND (
  xact_start < clock_timestamp() - interval '600s' OR EXISTS (
    SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.mode <> 'AccessShareLock'
      AND l.relation IN ('pg_authid'::regclass, 'pg_db_role_setting'::regclass, 'pg_database'::regclass))) \g /dev/null

BEGIN;

-- ── roles ────────────────────────────────────────────────────────────────────────────────────────────────────────────

CREATE TEMP TABLE former ON COMMIT DROP AS
SELECT r.rolname, coalesce(d.datname, 'all databases') AS place, split_part(c, '=', 1) AS name, c AS setting, r.oid, d.datname
FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) c
WHERE r.rolname IN (
  'comicpile', 'comicpile_owner');
SELECT DISTINCT format('ALTER ROLE %I IN DATABASE %I RESET ALL', rolname, datname) FROM former WHERE datname IS NOT NULL \gexec
SELECT DISTINCT format('ALTER ROLE %I RESET ALL', rolname) FROM former WHERE datname IS NULL \gexec

-- CONNECTION LIMIT: an app that opens too many gets an error, and a backup or a rescue still gets in.
ALTER ROLE "comicpile" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT
  CONNECTION LIMIT 42;
-- nginx gives up on a request sooner than this, and a client that has left waits for nobody.
ALTER ROLE "comicpile" SET statement_timeout = '60s';
ALTER ROLE "comicpile" SET lock_timeout = '10s';
ALTER ROLE "comicpile" SET idle_in_transaction_session_timeout = '60s';
-- Each of its sessions, for sorts and joins that do not fit into memory.
ALTER ROLE "comicpile" SET temp_file_limit = '512MB';
\if :has_transaction_timeout
ALTER ROLE "comicpile" SET transaction_timeout = '600s';
\endif
ALTER ROLE "comicpile_owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT
  CONNECTION LIMIT 3;
-- A migration that waits for a lock blocks every query behind it.
ALTER ROLE "comicpile_owner" SET lock_timeout = '10s';

SELECT format('20-rights.sql took back what was set on %s in %s: %s', rolname, place, regexp_replace(name, '[^a-zA-Z0-9_.]', '?', 'g'))
FROM former WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = former.oid AND former.datname IS NULL AND former.setting = ANY (r.rolconfig));

-- ── what is not for everybody ────────────────────────────────────────────────────────────────────────────────────────

-- PUBLIC is every role there will ever be: it may neither connect, nor make temporary tables (with them functions of one's
-- own), nor use the schema.
REVOKE ALL ON DATABASE :"here", postgres, template1 FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER DATABASE :"here" OWNER TO "comicpile_owner";
ALTER SCHEMA public OWNER TO "comicpile_owner";
REVOKE ALL ON DATABASE :"here" FROM "comicpile";
GRANT CONNECT ON DATABASE :"here" TO "comicpile";
GRANT USAGE ON SCHEMA public TO "comicpile";

-- Large objects belong to whoever made them, no table shows them, and nobody counts them.
SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', oid::regprocedure) FROM pg_proc
WHERE pronamespace = 'pg_catalog'::regnamespace AND (proname ~ '^lo_' OR proname IN ('loread', 'lowrite')) \gexec

-- No code in the database (functions, DO) but from migrations.
SELECT format('REVOKE USAGE ON LANGUAGE %I FROM PUBLIC, "comicpile"; GRANT USAGE ON LANGUAGE %1$I TO "comicpile_owner"', lanname)
FROM pg_language WHERE lanpltrusted \gexec
SELECT format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC, "comicpile"', nspname) FROM pg_namespace
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' \gexec

-- What the migrations create later, the app may use; without this every new table would need its own GRANT.
ALTER DEFAULT PRIVILEGES FOR ROLE "comicpile_owner" IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "comicpile";
ALTER DEFAULT PRIVILEGES FOR ROLE "comicpile_owner" IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO "comicpile";

-- But the table that says which migrations have run: Alembic's, whatever env.py calls it, has the one column version_num. It
-- is the app's to read, from the statement that creates it on.
CREATE SCHEMA IF NOT EXISTS comicpile;
CREATE OR REPLACE FUNCTION comicpile.close_version_tables() RETURNS event_trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  closed regclass;
BEGIN
  FOR closed IN
    SELECT c.oid FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text !~ '^pg_'
      AND EXISTS (SELECT FROM (SELECT c.relacl UNION ALL SELECT attacl FROM pg_attribute WHERE attrelid = c.oid) l (acl), aclexplode(l.acl) a
        WHERE a.grantor = c.relowner AND a.grantee <> c.relowner
        AND a.privilege_type <> 'SELECT' AND a.grantee IN (0, (SELECT oid FROM pg_roles WHERE rolname = 'comicpile')))
      AND (SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) = '{version_num}'
  LOOP
    EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, "comicpile"', closed);
    EXECUTE format('GRANT SELECT ON %s TO "comicpile"', closed);
  END LOOP;
END $$;
DROP EVENT TRIGGER IF EXISTS comicpile_close_version_tables;
CREATE EVENT TRIGGER comicpile_close_version_tables ON ddl_command_end EXECUTE FUNCTION comicpile.close_version_tables();
-- A statement that fires it, for the tables that are there.
COMMENT ON SCHEMA comicpile IS 'Of db/init/20-rights.sql';
COMMIT;

-- db/conf/pg_hba.conf, where it is a newer one.
SELECT pg_reload_conf() \g /dev/null
