#!/usr/bin/env bash
# What the migrations of a release know of the database's schema. Sourced by deploy.sh and rollback.sh, never run.

# What the migrations in an image say, without a database: they are loaded as Alembic loads them.
#   look REVISION…       fits | behind | ahead: a database with these revisions, and the heads of this release
#   way HEAD REVISION…   the migrations between, and which of them cannot be undone
# A line begins with our word, as a module may print something when it is loaded.
# shellcheck disable=SC2016 # Python, not shell
about_migrations='
import ast, sys
from alembic.config import Config
from alembic.script import ScriptDirectory
scripts = ScriptDirectory.from_config(Config("alembic.ini"))
all_of_them = {script.revision: script for script in scripts.walk_revisions()}
mode, *words = sys.argv[1:]
def idle(statement):
    return isinstance(statement, (ast.Pass, ast.Return)) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
def body(script, name):
    with open(script.path, "rb") as file:
        tree = ast.parse(file.read())
    return [s for f in tree.body if isinstance(f, ast.FunctionDef) and f.name == name for s in f.body]
def can_be_undone(script):
    down = body(script, "downgrade")
    if not down or any(isinstance(statement, ast.Raise) for statement in down):
        return False
    # A merge of two branches does nothing either way.
    return not all(map(idle, down)) or all(map(idle, body(script, "upgrade")))
if mode == "look":
    heads = sorted(scripts.get_heads())
    verdict = "fits" if set(words) == set(heads) else "behind" if set(words) <= set(all_of_them) else "ahead"
    print("schema", verdict, *heads)
else:
    head, *revisions = words
    if not set(words) <= set(all_of_them):
        print("schema unknown")
        sys.exit()
    try:
        steps = list(scripts.iterate_revisions(tuple(revisions), head, select_for_downgrade=True))
    except Exception as error:
        print("schema apart", str(error).replace("\n", " "))
        sys.exit()
    print("schema way", *(step.revision for step in steps))
    print("schema final", *(step.revision for step in steps if not can_be_undone(step)))
'
errors=$(mktemp)
litter+=("$errors")
# ask_release TAG WORD…: its answer.
ask_release() {
  APP_TAG=$1 compose run --rm --no-deps -T --entrypoint python migrate -c "$about_migrations" "${@:2}" </dev/null 2>"$errors" |
    sed -n 's/^schema //p'
}

# revisions_in_database: as JSON, one a line: what stands there, the app may have written. Of the tables with one column, version_num:
# Alembic's, whatever env.py calls it.
revisions_in_database() {
  sql "$DATABASE" <<'SQL'
SELECT format('SELECT to_json(left(version_num, 200)) FROM %I.%I ORDER BY version_num LIMIT 100', n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND
  (SELECT array_agg(attname::text || ' ' || (atttypid IN ('text'::regtype, 'varchar'::regtype)))
    FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) = '{version_num true}' \gexec
SQL
}

# take_revisions COMMAND…: what it prints into revisions; dies of one that no migration can have as its name.
revisions=()
take_revisions() {
  local LC_ALL=C text line name='^"([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})"$'
  revisions=()
  text=$("$@") || die 'the revision of the schema cannot be read; nothing was changed' 'read the message above'
  while IFS= read -r line; do
    [[ -n $line ]] || continue
    [[ $line =~ $name ]] || die "the schema is at $line, which is no revision; nothing was changed" \
      'who wrote that into the table of the migrations? scripts/incident.sh --help'
    revisions+=("${BASH_REMATCH[1]}")
  done <<<"$text"
}

# look_at TAG REVISION…: sets verdict and heads.
# shellcheck disable=SC2034 # for the scripts that source this file
verdict='' heads=()
look_at() {
  local answer
  answer=$(ask_release "$1" look "${@:2}") && [[ -n $answer ]] ||
    die "the migrations of $APP_NAME:$1 cannot be read; nothing was changed" "its own words: $(tail -n 1 "$errors")"
  read -r -a heads <<<"$answer"
  # shellcheck disable=SC2034
  verdict=${heads[0]}
  heads=("${heads[@]:1}")
}
