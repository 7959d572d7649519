import assert from 'node:assert/strict';
import { renderAll, stackOf } from '../fixture.ts';
import { evaluators } from './evaluators.ts';

/** What is not the same whatever any variable holds, and why it may be there. */
const allowed: Readonly<Record<string, string>> = {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: bash
  'db/init/10-roles.sh: ${!file:-}': 'its callers name the variable',
  'db/init/10-roles.sh: ${!file}': 'its callers name the variable',
  'db/init/10-roles.sh: ${!1:-}': 'its callers name the variable',
  'db/init/10-roles.sh: ${!1}': 'its callers name the variable',
  'scripts/lib.sh: unset APP_TAG APP_RELEASE CONFIGURATION MOUNTED CANDIDATE LEAVING DOMAIN HTTP_PORT HTTPS_PORT POSTGRES_IMAGE DB_VOLUME DB_ARCHIVE "${SECRET_NAMES[@]}" "${GRACE_NAMES[@]/%/_PREVIOUS}"':
    'names that the template writes',
  'scripts/lib.sh: unset "$entry"': 'a name that bash has',
  'scripts/lib.sh: printf -v "$1" \'%s\' "${2#"${2%%[!0]*}"}"': 'number: its callers name the variable',
  'scripts/lib.sh: ${!1}': 'number: its callers name the variable',
  'scripts/lib.sh: printf -v "$1" 0': 'number: its callers name the variable',
  'scripts/lib.sh: export "$name=${line#*=}"': 'a name that the template writes',
  'scripts/lib.sh: sed -n "s/^\\([^ ]*\\) rotated\\( .*\\)\\{0,1\\} $1\\( .*\\)\\{0,1\\}$/\\1/p" rotation.log':
    'the name of a secret',
  'scripts/backup.sh: sed -n "s/^$1 ok //p" backups/status': 'backup or drill',
  'scripts/backup.sh: sed -n "s/^$1 failed //p" backups/status': 'backup or drill',
  'scripts/monitoring.sh: sed -n "s/^$task ok \\([^ ]*\\) .*/\\1/p" backups/status': 'backup or drill',
  'scripts/monitoring.sh: sed -n "s/^$task failed \\([^ ]*\\) .*/\\1/p" backups/status': 'backup or drill',
  'scripts/restore.sh: sed -n "s/^$1 //p"': 'free, left or role',
  'scripts/backup.sh: sed -n "$sent_sum" "$part.log"': 'a program that the template writes',
  'scripts/redact.sh: LC_ALL=C sed --sandbox --file <(printf \'%s\\n\' "$program")':
    'each secret is quoted, and --sandbox',
  'scripts/backup.sh: in_db bash -c "$program" - "$DATABASE" "$snapshot"': 'a program that the template writes',
  'scripts/timers.sh: compose --progress quiet --profile certs run --rm --no-deps -T --entrypoint sh certbot -c \\':
    'the name of the site, as the template writes it',
  'scripts/pitr.sh: in_image "$(image_of db)" --mount "type=volume,source=$volume,target=/var/lib/postgresql" -- \\':
    'in_archive: its callers write the program',
  'scripts/requests.sh: LC_ALL=C awk "$VALUE"\'': 'a program that the template writes',
  'scripts/requests.sh: LC_ALL=C STATUS=$STATUS CLIENT=$CLIENT PATH_PART=$PATH_PART ZONE=$ZONE REQUEST_ID=$REQUEST_ID LIMITED=$LIMITED \\':
    'a program that the template writes',
  'scripts/logs.sh: LC_ALL=C awk "$VALUE"\'': 'a program that the template writes',
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: bash
};

const found = [{}, { secrets: 'files', ipv6: 'on', monitoring: 'on' }]
  .flatMap((given) => renderAll(stackOf(given)))
  .filter(({ artifact }) => artifact.to.endsWith('.sh'))
  .flatMap(({ artifact, text }) => evaluators(artifact.to, text));

describe('emitted scripts run no text', () => {
  it('but what is listed here', () =>
    assert.deepEqual(
      found.filter((line) => allowed[line] === undefined),
      [],
    ));
  it('and nothing is listed that is gone', () =>
    assert.deepEqual(
      Object.keys(allowed).filter((line) => !found.includes(line)),
      [],
    ));

  for (const line of [
    'eval "$text"',
    '. "$file"',
    'export "${line?}"',
    'declare "$name"=1',
    'read -r "$name"',
    'read -r "fields[$field]"',
    'printf -v "$name" x',
    'unset "$name"',
    'echo "${!name}"',
    'echo "${text@P}"',
    '[[ -v $name ]]',
    'trap "rm $file" EXIT',
    'sh -c "echo $text"',
    'docker exec "$id" bash -c "$text"',
    'find . -exec sh -c "$text" \\;',
    'sed "s/a/$text/" file',
    'awk -v a=b "/$text/" file',
  ])
    it(`finds ${line}`, () => assert.equal(evaluators('x.sh', line).length, 1));
  for (const line of [
    'read -r -a words name',
    'printf -v name %s "$text"',
    'sed -n \'s/a/b/p\' "$file"',
    'bash -n "$file"',
  ])
    it(`passes ${line}`, () => assert.deepEqual(evaluators('x.sh', line), []));
});
