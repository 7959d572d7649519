#!/usr/bin/env bash
# Usage: scripts/rollback.sh list
#        scripts/rollback.sh previous | image TAG [--only image | --only configuration] [--keep-schema | --downgrade] [--yes] [--dry-run]
#        scripts/rollback.sh git REVISION [--keep-schema | --downgrade] [--yes] [--dry-run]
#        scripts/rollback.sh database previous | FILE [--unsigned] [--yes] [--dry-run]
#
# Goes back to an earlier version, and asks for its health through nginx. If it does not answer, what ran before is put
# back and the exit code is 1.
#
#   list                the releases on this machine, newest first; * marks the one that .env.production names
#   previous            the release before the present one
#   image TAG           that release: its image, and the files that containers read as they were then (releases/TAG). It is said
#                       before which files differ. The working tree stays as it is, and the next deploy takes it again.
#   git REVISION        builds the image of a commit, tag or branch and starts it. It is built from a copy of that commit:
#                       the working tree and the branch stay as they are, and so do the files that containers read
#                       (docker-compose.prod.yml, nginx/, what nginx serves itself).
#   database previous   the database as it was before the last deployment: the dump that it made, by audit.log
#   database FILE       the database of that dump, by scripts/restore.sh: whatever was written since is gone, and kept in
#                       a database of another name.
#                       If the present release is too new for the schema in the dump, the release that fits starts with it.
#
# The release is asked first whether it knows the schema that the database has. An older schema is migrated as a
# deployment does it, after a backup. A schema that is ahead of the release is a refusal, unless you say which way:
#
#   --keep-schema   the older release on the newer schema: right when the migrations in between only added things
#   --downgrade     a backup, then the migrations in between are undone by their own downgrade(). Whatever they delete,
#                   such as a column with its values, is then only in that backup: never done unless asked for. Refused
#                   when one of them has no downgrade() that does something, or when nothing would be left.
#   --only image, --only configuration   the other one stays as it is
#   --unsigned      takes a dump that this host has not signed (scripts/restore.sh --help)
#   --yes           does not ask before data is deleted
#   --dry-run       says each step and changes nothing
#
# ops/hooks/pre-rollback and post-rollback are run with FROM, TO and FORM; if the first fails, nothing is done.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh
# shellcheck source=scripts/releases.sh disable=SC1091
. scripts/releases.sh
# shellcheck source=scripts/backup-sets.sh disable=SC1091
. scripts/backup-sets.sh
# shellcheck source=scripts/schema.sh disable=SC1091
. scripts/schema.sh
help_if_asked "$@"

# ── what is asked for ────────────────────────────────────────────────────────────────────────────────────────────────

words=() dry='' yes='' schema='' unsigned='' only='' option=''
for argument; do
  if [[ $option == --only ]]; then
    [[ $argument =~ ^(image|configuration)$ ]] || misuse "--only takes image or configuration, not '$argument'" 'scripts/rollback.sh previous --only configuration'
    only=$argument option=''
    continue
  fi
  case $argument in
    --only) option=--only ;;
    --dry-run) dry=yes ;;
    --yes) yes=yes ;;
    --unsigned) unsigned=--unsigned ;;
    --keep-schema | --downgrade)
      [[ -z $schema ]] || misuse '--keep-schema and --downgrade exclude each other'
      schema=${argument#--}
      ;;
    -*) misuse "unknown argument '$argument'" ;;
    *) words+=("$argument") ;;
  esac
done
form=${words[0]:-}
what=${words[1]:-}
case "$form:${#words[@]}" in
  list:1 | previous:1 | image:2 | git:2 | database:2) ;;
  *) misuse 'say what to do: list, previous, image TAG, git REVISION, database previous or database FILE' ;;
esac
[[ -z $option && (-z $only || $form == image || $form == previous) ]] || misuse '--only image or --only configuration goes with previous and image' 'scripts/rollback.sh previous --only configuration'
[[ $form == database || -z $unsigned ]] || misuse '--unsigned goes with a dump' 'scripts/rollback.sh database FILE --unsigned'
[[ $form != database || -z $schema ]] || misuse "a dump brings its own schema: --$schema goes with an image"
[[ $form != image || $what =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$ ]] || misuse "'$what' is no image tag" 'scripts/rollback.sh list'

need docker
need_env
present=$(env_get APP_TAG)
present_release=$(env_get APP_RELEASE)
# A commit that was gone back to has an image alone, and the files of the release before it.
here=$present
[[ -z $present_release || $(value_of "releases/$present_release" tag) != "$present" ]] || here=$present_release

if [[ $form == list ]]; then
  while IFS= read -r tag; do
    [[ -n $tag ]] || die "no release of $APP_NAME is on this machine" 'scripts/deploy.sh'
    if [[ $tag == "$here" ]]; then echo "* $tag"; else echo "  $tag"; fi
  done <<<"$(release_names)"
  [[ ! -d releases ]] || say "the files of all of them: $(du -sh releases | cut -f 1) in releases/; their images: docker image ls $APP_NAME"
  exit 0
fi
need_env_app
[[ -n $dry ]] || lock
need curl openssl

# act WHAT COMMAND…: says it and does it; a dry run only says it.
act() {
  say "${dry:+would }$1"
  [[ -n $dry ]] || "${@:2}"
}

# agree WHAT IS LOST
agree() {
  local answer=''
  if [[ -n $dry || -n $yes ]]; then return 0; fi
  [[ -t 0 ]] || misuse "nobody can be asked here: $1" 'the same with --yes'
  read -r -p "$1 Type the name of the database, $DATABASE, to go on: " answer || :
  [[ $answer == "$DATABASE" ]] || die 'not confirmed; nothing was changed'
}

# Whatever ends this script after the first change: a line in audit.log, and .env.production names what runs.
began='' ended='' built='' retagged=''
record() { audit rollback "$1" "from=${present:-none}" "to=$tag" "form=$form"; }
hook() { run_hook "$1" FROM="${present:-none}" TO="$tag" FORM="$form"; }
at_exit() {
  trap '' INT TERM HUP
  [[ -z $retagged ]] || put_tag_back || :
  [[ -z $built ]] || docker image rm "$APP_NAME:$built" >/dev/null 2>&1 || :
  [[ -z $began || -n $ended ]] || record failed
  sweep
}
trap at_exit EXIT

# begin: the last moment at which nothing has changed.
begin() {
  if [[ -n $dry ]]; then
    [[ ! -e ops/hooks/pre-rollback ]] || say 'would run ops/hooks/pre-rollback'
    return
  fi
  began=yes
  record started
  hook pre-rollback || die 'ops/hooks/pre-rollback failed, so nothing was changed' 'read its words above'
}
end() {
  if [[ -n $dry ]]; then
    [[ ! -e ops/hooks/post-rollback ]] || say 'would run ops/hooks/post-rollback'
    say 'nothing was changed'
    return
  fi
  ended=yes
  record ok
  hook post-rollback || say 'ops/hooks/post-rollback failed; the rollback itself is done'
  say "$APP_NAME:$tag${release:+ with the files of $release} runs and answers"
  if [[ -n $release && -n $(differs_from_project "releases/$release") ]]; then
    say 'The files here are others, and the next deploy takes them:'
    differs_from_project "releases/$release" | sed 's/^/  /' | printable >&2
  fi
  tell_certificate
}

# ── the schema ───────────────────────────────────────────────────────────────────────────────────────────────────────

migrate() { APP_TAG=$1 compose run --rm --no-deps -T migrate "${@:2}" >&2 </dev/null; }

# find_undoer: a release that knows both the schema of the database and that of the target; the present one if possible.
undoer='' undone=()
find_undoer() {
  local candidate answer
  [[ ${#heads[@]} -eq 1 ]] ||
    die "the migrations of $tag end in ${#heads[@]} revisions, and only one can be gone back to; nothing was changed" 'scripts/rollback.sh database previous'
  for candidate in "$present" $(release_tags); do
    docker image inspect "$APP_NAME:$candidate" >/dev/null 2>&1 || continue
    answer=$(ask_release "$candidate" way "${heads[0]}" "${revisions[@]}") || continue
    [[ $answer == way* ]] || continue
    undoer=$candidate
    read -r -a undone <<<"${answer#way}"
    answer=${answer##*$'\n'final}
    [[ -z ${answer// /} ]] || die "this migration has no downgrade() that does something:$answer; nothing was changed" \
      'scripts/rollback.sh database previous, or --keep-schema'
    return
  done
  die "no release on this machine knows the way from ${revisions[*]} back to ${heads[0]}; nothing was changed" 'scripts/rollback.sh database previous, or --keep-schema'
}

# plan_schema: what has to happen to the schema before $tag can run; nothing is changed yet.
revisions=() change=''
plan_schema() {
  need_db
  take_revisions revisions_in_database
  if [[ ${#revisions[@]} -eq 0 ]]; then
    [[ $schema == keep-schema ]] || die "the database $DATABASE names no revision of its schema; nothing was changed" \
      'was it ever migrated? scripts/deploy.sh; or --keep-schema'
    return
  fi
  look_at "$tag" "${revisions[@]}"
  if [[ $verdict == fits ]]; then
    say "$tag knows the schema: ${revisions[*]}"
  elif [[ $verdict == behind ]]; then
    [[ $schema != keep-schema ]] || die "the schema (${revisions[*]}) is older than $tag (${heads[*]:-no revision}), which cannot run on it" 'the same without --keep-schema'
    change=upgrade
  elif [[ -z $schema ]]; then
    die "the schema is ahead of $tag: the database has ${revisions[*]}, $tag ends at ${heads[*]:-no revision}; nothing was changed" \
      "--keep-schema, if $tag can live with it; --downgrade, which deletes what the migrations added; or scripts/rollback.sh database previous"
  elif [[ $schema == keep-schema ]]; then
    say "the schema stays at ${revisions[*]}, ahead of $tag (${heads[*]:-no revision})"
  else
    find_undoer
    change=downgrade
    agree "This undoes ${undone[*]}: what these migrations added is deleted, with its data."
  fi
}

dump=''
change_schema() {
  [[ -n $change ]] || return 0
  # Without pruning: it could delete the dump that this is about.
  say "${dry:+would }make a backup"
  [[ -n $dry ]] || dump=$(scripts/backup.sh --no-prune) || die 'no backup, so the schema stays as it is' 'read the messages above'
  if [[ $change == upgrade ]]; then
    act "migrate the schema from ${revisions[*]} to ${heads[*]}" migrate "$tag" || die 'the migration failed; the present release still runs' "the dump from before it: $dump"
  else
    act "undo ${undone[*]} with the migrations of $undoer, back to ${heads[0]}" migrate "$undoer" alembic downgrade "${heads[0]}" ||
      die 'the downgrade failed; the present release still runs' "read the message above; the dump from before it: $dump"
  fi
}

# The older release did not answer: the one that runs again needs its schema back. What was deleted is in the dump.
repair_schema() {
  [[ $change == downgrade ]] || return 0
  if ! migrate "$undoer" || ! site_answers; then say "and $undoer does not answer on the schema of before"; fi
  say "the schema is the one of $undoer again; what the downgrade deleted: scripts/restore.sh $dump"
}

# ── an image ─────────────────────────────────────────────────────────────────────────────────────────────────────────

# The release whose files are taken; none: they stay.
release=''
tell_files() {
  [[ -n $release ]] || return 0
  say "${dry:+would }change for the containers, from ${present_release:-the files here} to $release (diff -r $LIVE releases/$release):"
  differs_from_live "releases/$release" | sed 's/^/  /' | printable >&2
}

switch() {
  tell_files
  [[ $tag == "$present" ]] || plan_schema
  begin
  change_schema
  if ! act "start $APP_NAME:$tag${release:+ with the files of $release} in place of ${present:-nothing}" switch_to "$tag" "$release"; then
    repair_schema
    fails "the rollback to $tag failed" 'read the messages above; scripts/rollback.sh list'
  fi
}

roll_image() {
  local name=$what
  if [[ $form == previous ]]; then
    [[ -n $here ]] || die '.env.production names no APP_TAG' 'scripts/deploy.sh'
    name=$(release_names | PRESENT=$here awk '$0 "" < ENVIRON["PRESENT"] "" { print; exit }')
    [[ -n $name ]] || die "there is no release before $here on this machine" 'scripts/rollback.sh list'
  fi
  # Where it does not answer, it is put back: an interrupted or a failed step has left something else.
  [[ $name != "$here" || $(value_of "releases/$name" tag) != "$present" ]] || ! site_answers 3 >/dev/null 2>&1 || die "$name is the present release, and it answers" 'scripts/rollback.sh list'
  tag=$(value_of "releases/$name" tag)
  tag=${tag:-$name}
  if [[ $only != image ]]; then
    if [[ -f releases/$name/RELEASE ]]; then release=$name; else say "of $name only the image was kept: the files that containers read stay as they are"; fi
    [[ -n $release || $only != configuration ]] || die "the files of $name were not kept" 'scripts/rollback.sh list'
  fi
  [[ $only != configuration ]] || tag=$present
  docker image inspect "$APP_NAME:$tag" >/dev/null 2>&1 || die "$APP_NAME:$tag is not on this machine" 'scripts/rollback.sh list'
  switch
}

# ── a commit ─────────────────────────────────────────────────────────────────────────────────────────────────────────

# build COMMIT: as deploy.sh does it, but from a copy of that commit, without what is not committed.
build() {
  local copy source
  copy=$(mktemp -d) || return 1
  litter+=("$copy")
  safe_git archive --format tar "$1" | tar -xf - -C "$copy" || return 1
  [[ -f $copy/Dockerfile ]] || { say "there is no Dockerfile in $1" && return 1; }
  # A remote's address may carry a token: leave it out of the image's label.
  source=$(safe_git remote get-url origin 2>/dev/null | sed -E 's#//[^/@]*@#//#') || source=''
  built=$tag
  docker build --tag "$APP_NAME:$tag" --build-arg "REVISION=$1" --build-arg "SOURCE=$source" "$copy" >&2
}

roll_git() {
  local commit
  need git tar
  commit=$(safe_git rev-parse --verify --quiet --end-of-options "$what^{commit}") || die "there is no commit '$what' here" 'git log --oneline; git fetch'
  tag=$(date -u +%Y%m%dT%H%M%SZ)-$(safe_git rev-parse --short "$commit")
  act "build $APP_NAME:$tag of $(safe_git log -1 --format='%h, %cs, %s' "$commit")" build "$commit" ||
    die 'the image could not be built; the running release is untouched' 'read the message above'
  if [[ -n $dry ]]; then
    say 'would ask the new image whether it knows the schema of the database, and refuse when that is ahead of it'
    begin
    say "would start $APP_NAME:$tag in place of ${present:-nothing}"
    return
  fi
  switch
  built=''
}

# ── a dump ───────────────────────────────────────────────────────────────────────────────────────────────────────────

# noted WORD KEY: the value of KEY in the last deployment of audit.log that made a dump, and has WORD (nothing: any).
noted() {
  [[ -r audit.log ]] || return 0
  WORD=$1 KEY=$2= awk '
    BEGIN { word = ENVIRON["WORD"]; key = ENVIRON["KEY"] }
    $2 == "deploy" && / dump=backups\// {
      fits = (word == "")
      value = ""
      for (field = 4; field <= NF; field++) {
        if ($field == word) fits = 1
        if (index($field, key) == 1) value = substr($field, length(key) + 1)
      }
      if (fits) last = value
    }
    END { print last }' audit.log
}

# revisions_in_dump FILE: as its manifest has them; in a dump from elsewhere, as its own table does.
revisions_in_dump() {
  local dump=$1 manifest table
  manifest=$(beside "$dump" manifest)
  if [[ -f $manifest ]]; then
    read_manifest "$manifest" || return 1
    [[ ${#manifest_revisions[@]} -eq 0 ]] || printf '%s\n' "${manifest_revisions[@]}"
    return
  fi
  table=$(filtered compose exec -T db pg_restore --list <"$dump" | awk '$4 == "TABLE" && $5 == "DATA" && $7 ~ /version/ { print $7 }') || return 1
  for table in $table; do
    filtered compose exec -T db pg_restore --data-only --table "$table" --file - <"$dump" |
      awk '$0 == "\\." { inside = 0 } inside { print "\"" $0 "\"" } /^COPY .* \(version_num\) FROM stdin;$/ { inside = 1 }' || return 1
  done
}

# find_release: the one that fits the schema of the dump.
find_release() {
  local candidate
  take_revisions revisions_in_dump "$file"
  [[ ${#revisions[@]} -gt 0 ]] || die "$file names no revision of a schema, as a dump from before the first deployment; nothing was changed" \
    "scripts/restore.sh $file, then scripts/deploy.sh"
  for candidate in "$present" "$(noted "dump=$file" former)" $(release_tags); do
    docker image inspect "$APP_NAME:$candidate" >/dev/null 2>&1 || continue
    look_at "$candidate" "${revisions[@]}"
    [[ $verdict == fits ]] || continue
    tag=$candidate
    return
  done
  die "no release on this machine has the schema of $file (${revisions[*]}); nothing was changed" \
    "scripts/restore.sh $file, then scripts/deploy.sh, which migrates it"
}

# The dump is not what the app has: what runs is what .env.production named.
put_tag_back() {
  local former=$retagged
  retagged=''
  env_set APP_TAG < <(printf '%s' "$former") && APP_TAG=$former start_stack && site_answers
}

# restore.sh starts what .env.production names: the app is away only while the databases swap their names.
restore() {
  if [[ $tag != "$present" ]]; then
    retagged=$present
    env_set APP_TAG < <(printf '%s' "$tag") || return 1
  fi
  scripts/restore.sh "$file" --yes ${unsigned:+"$unsigned"}
}

roll_database() {
  file=$what
  if [[ $what == previous ]]; then
    file=$(noted '' dump)
    [[ -n $file ]] || die 'audit.log knows no deployment that made a dump' 'ls backups/*.dump; scripts/rollback.sh database FILE'
    say "the last deployment, of $(noted "dump=$file" release), made $file"
  fi
  file=${file#./}
  [[ -f $file && -r $file ]] || die "cannot read $file" 'ls backups/*.dump'
  need_db
  dump_verified "$file" || die "$file does not fit its sha256, or is no dump; nothing was changed" 'take another dump: ls backups/*.dump'
  need_authentic "$file" 'nothing was changed' "$unsigned"
  tag=$present
  find_release
  [[ $tag == "$present" ]] || say "the schema in it is that of $tag, which replaces ${present:-nothing}"
  agree "Whatever was written since the dump is gone from $DATABASE."
  begin
  if ! act "restore $file (scripts/restore.sh), after a backup${tag:+, and run $APP_NAME:$tag on it}" restore; then
    [[ -z $retagged ]] || put_tag_back || say "and $present does not answer; look: scripts/rollback.sh list"
    die 'the database was not rolled back' 'read the messages above'
  fi
  retagged=''
  # With nothing running, or with nginx of another configuration: the same end as for an image.
  [[ -n $dry ]] || { start_with_tag || die "$tag does not answer on the restored database" 'read the messages above; restore.sh named the former database'; }
}
start_with_tag() { APP_TAG=$tag start_stack && site_answers; }

tag=$what
case $form in
  previous | image) roll_image ;;
  git) roll_git ;;
  database) roll_database ;;
esac
end
