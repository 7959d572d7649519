import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describeIn } from '../cases/languages.ts';
import { renderAll, scratch, stackOf } from '../fixture.ts';
import { anyText, hostileTexts } from './shellTexts.ts';

const canary = 'CANARY';
/** What a terminal would obey, or show elsewhere than it stands. */
const unprintable = /(?![\n\t])\p{Cc}|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

/** A project with the emitted scripts, and no engine: `docker` prints what the test wants. */
const project = () => {
  const directory = scratch();
  for (const { artifact, text } of renderAll(stackOf({ secrets: 'files', monitoring: 'on' })))
    if (/\.sh$|docker-compose.*\.yml$/.test(artifact.to)) {
      mkdirSync(join(directory, artifact.to, '..'), { recursive: true });
      writeFileSync(join(directory, artifact.to), text, { mode: 0o755 });
    }
  mkdirSync(join(directory, 'bin'));
  mkdirSync(join(directory, 'backups'), { mode: 0o700 });
  writeFileSync(join(directory, '.env.production'), 'APP_TAG=one\n', { mode: 0o600 });
  /** A program on PATH that prints the file `said`. */
  const stub = (name: string): void =>
    writeFileSync(join(directory, 'bin', name), `#!/bin/sh\ncat "$SAID" 2>/dev/null\ncat "$SAID" >&2\n`, {
      mode: 0o755,
    });
  const env = { ...process.env, PATH: `${join(directory, 'bin')}:${process.env.PATH}`, SAID: join(directory, 'said') };
  const run = (command: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): Ran => {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: directory,
      env: { ...env, ...more },
      encoding: 'utf8',
      input: '',
    });
    return { code: status, out: stdout, err: stderr };
  };
  const write = (path: string, text: string | Buffer): void => writeFileSync(join(directory, path), text);
  /** A line of bash with the scripts that are sourced; its words are its arguments. */
  const bash = (line: string, ...args: readonly string[]): Ran =>
    run('bash', ['-c', `. scripts/lib.sh; . scripts/backup-sets.sh; ${line}`, 'bash', ...args]);
  const ranNothing = () => assert.ok(!existsSync(join(directory, canary)), 'a command was run');
  return { directory, stub, run, write, bash, ranNothing };
};

describeIn('bash', 'text from outside, in the emitted scripts', () => {
  const place = project();
  const texts = hostileTexts(canary);

  describe('number', () => {
    const judged = (text: string): Ran => place.bash('number n "$1" "the size" && echo "$((n))"', text);
    for (const [text, value] of [
      ['0', '0'],
      ['08', '8'],
      ['000', '0'],
      ['42', '42'],
      ['999999999999999999', '999999999999999999'],
    ] as const)
      it(`takes ${text}`, () => assert.deepEqual(judged(text), { code: 0, out: `${value}\n`, err: '' }));
    it('refuses all else with one line, runs nothing', () => {
      fc.assert(
        fc.property(anyText(canary), (text) => {
          const { code, out, err } = judged(text);
          if (/^\d{1,18}$/.test(text)) return assert.equal(code, 0);
          assert.deepEqual([code, out], [1, '']);
          assert.match(err, /^bash: the size is no number of up to 18 digits: '/);
          assert.doesNotMatch(err, unprintable);
        }),
        { numRuns: 60, examples: texts.map((text) => [text]) },
      );
      place.ranNothing();
    });
  });

  it('say and printable leave nothing that a terminal obeys', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText(canary).map((text) => Buffer.from(text)),
          fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
        ),
        (bytes) => {
          place.write('said', bytes);
          const { err, out } = place.bash('say "$(tr -d "\\0" <said)"; printable <said');
          assert.doesNotMatch(err, unprintable);
          assert.doesNotMatch(out, /[^\n\t -~]/);
        },
      ),
      { numRuns: 80 },
    );
    assert.equal(place.bash('say "Grüße → 漫画"').err, 'Grüße → 漫画\n');
  });

  it('what these read of a container, a server, the disk or the environment is a number, or an error', () => {
    for (const name of ['docker', 'df', 'curl']) place.stub(name);
    const reads = [
      'replicas',
      'free_kib .',
      'size_of said',
      'age_of "$(cat said)"',
      'days_of "$(cat said)" 1 1',
      'expired "$(cat said)" 1 1 1 1 </dev/null',
      'wait_healthy db "$(cat said)"',
      'become_healthy "$(cat said)" x',
      'wait_for_end x "$(cat said)"',
      'COMICPILE_LOCK_WAIT=$(cat said) lock',
      '. scripts/new-database.sh; free_in_volume; room_for "$(cat said)"; chain_of_db',
      'db_is_current',
    ];
    for (const text of [...texts, ...fc.sample(anyText(canary), 10)]) {
      place.write('said', text);
      const { err, out } = place.bash(
        `stat() { command cat said; }; sleep() { SECONDS=$((SECONDS + 60)); }; for read in "$@"; do (eval "$read") </dev/null || :; done`,
        ...reads,
      );
      assert.doesNotMatch(out, /[^\d\n-]/, text);
      assert.ok(!/syntax error|unbound variable|operand expected|integer expression/.test(err), `${text}: ${err}`);
      place.ranNothing();
    }
  }).timeout(400_000);

  it('an environment file in which keys and values are such', () => {
    for (const text of [...texts, ...fc.sample(anyText(canary), 20)]) {
      place.write('other.env', `${text}=${text}\nKEY=${text}\nKEY2="${text}"\na[$(touch ${canary})]=1\n`);
      place.bash('declare -A env=(); read_env other.env; echo "${#env[@]}"');
      place.ranNothing();
    }
  });

  it('backups/status: --status says that it cannot be read, and passes nothing on', () => {
    for (const text of [...texts, ...fc.sample(anyText(canary), 10)]) {
      place.write('backups/status', `backup ok ${text} backups/x.dump\ndrill ok ${text} x\nbackup failed ${text}\n`);
      const { code, out } = place.run('bash', ['scripts/backup.sh', '--status']);
      assert.equal(code, 1);
      assert.doesNotMatch(out, unprintable);
      place.ranNothing();
    }
  });

  it('arguments that are to be numbers: exit code 2', () => {
    for (const text of texts.filter((one) => !/^\d+$|^--help$/.test(one)))
      for (const [script, ...args] of [
        ['backup.sh', '--keep-last', text],
        ['backup.sh', '--every', text],
        ['backup.sh', '--status', '--max-age', text],
        ['deploy.sh', '--keep', text],
        ['pitr.sh', 'prune', '--keep', text],
        ['rotate-secrets.sh', '--older-than', text, 'all'],
      ] as const) {
        assert.equal(place.run('bash', [`scripts/${script}`, ...args]).code, 2, `${script} ${args.join(' ')}`);
        place.ranNothing();
      }
  }).timeout(120_000);

  describe('a manifest', () => {
    const dump = 'backups/x.dump';
    const roundTrip = (lines: readonly string[]): Ran => {
      place.write('said', [...lines, 'end', ''].join('\n'));
      return place.bash(
        'write_manifest one <said >manifest && read_manifest manifest && printf "%s\\n" "$manifest_size" "${manifest_revisions[*]}" "$manifest_rows"',
      );
    };
    /** As PostgreSQL writes JSON. */
    const json = (text: string): string => JSON.stringify(text);

    it('keeps names and revisions as the database has them, whatever they are', () => {
      fc.assert(
        fc.property(anyText(canary), anyText(canary), (table, revision) => {
          const row = `{"table": ${json(table)}, "rows": 3}`;
          const { code, out, err } = roundTrip([
            '"server": "17.1"',
            '"size": 12',
            `"revision": ${json(revision)}`,
            row,
          ]);
          assert.deepEqual([code, err], [0, '']);
          assert.equal(out, `12\n${json(revision)}\n${row}\n`);
          const manifest = JSON.parse(readFileSync(join(place.directory, 'manifest'), 'utf8'));
          assert.deepEqual(
            [manifest.version, manifest.size, manifest.revisions, manifest.rows],
            [2, 12, [revision], [{ table: table, rows: 3 }]],
          );
        }),
        { numRuns: 40, examples: texts.map((text) => [text, text]) },
      );
      place.ranNothing();
    }).timeout(120_000);

    it('of a database without tables or revisions', () =>
      assert.deepEqual(roundTrip(['"server": "17.1"', '"size": 0']), { code: 0, out: '0\n\n\n', err: '' }));

    it('is not written of what else a database says', () => {
      for (const line of [
        'size\t1',
        '"size": a',
        '"size": 08x',
        '{"table": "a", "rows": -1}',
        '{"table": "a"b", "rows": 1}',
        '"revision": "a"b"',
        '',
        'x',
      ])
        assert.notEqual(roundTrip(['"server": "17.1"', '"size": 1', line]).code, 0, line);
      assert.notEqual(roundTrip(['"server": "17.1"']).code, 0);
    });

    it('with one line that is another’s is refused as a whole, in either form', () => {
      roundTrip([
        '"server": "17.1"',
        '"size": 12',
        '"revision": "a"',
        '{"table": "public.a", "rows": 1}',
        '{"table": "public.b", "rows": 2}',
      ]);
      const lines = readFileSync(join(place.directory, 'manifest'), 'utf8').split('\n').slice(0, -1);
      const read = (text: string): Ran => {
        place.write('manifest', text);
        return place.bash('read_manifest manifest');
      };
      assert.equal(read(`${lines.join('\n')}\n`).code, 0);
      for (const at of lines.keys())
        for (const text of ['x', '  "size": 1+1,', `  "size": UID[$(touch ${canary})],`, '  "extra": 1,', ''])
          for (const spoilt of [lines.with(at, text), lines.toSpliced(at, 0, text), lines.toSpliced(at, 1)]) {
            const { code, err } = read(`${spoilt.join('\n')}\n`);
            if (spoilt.join('\n') === lines.filter((line) => !/^ {4}/.test(line)).join('\n')) continue;
            const isShorter = spoilt.length < lines.length && /^ {4}\{/.test(lines[at] ?? '');
            assert.equal(code, isShorter ? 0 : 1, `${spoilt.join('\n')}\n${err}`);
          }
      for (const text of texts.filter((one) => !/^\d{1,18}$/.test(one) && one !== '1\n'))
        assert.equal(read(`taken\tx\nsize\t${text}\n`).code, 1, text);
      place.ranNothing();
    }).timeout(300_000);

    it('a list of dumps shows what is in it, and obeys none', () => {
      place.stub('docker');
      place.write('said', '');
      for (const text of texts) {
        place.write(dump.replace('x.dump', 'app-20260101T000000Z.dump'), 'x');
        place.write('backups/app-20260101T000000Z.manifest', `release\t${text}\nrevision\t${text}\nsize\t${text}\n`);
        const { out, err } = place.run('bash', ['scripts/restore.sh', '--list']);
        assert.doesNotMatch(out + err, unprintable);
        place.ranNothing();
      }
    });
  });

  describe('the tag of a backup', () => {
    it('is HMAC-SHA256: the vectors of RFC 4231 with keys of one block, and Node’s', () => {
      const tag = (key: Buffer, message: Buffer): string => {
        place.write('said', message);
        return place.bash('hmac "$1" <said', key.toString('hex')).out;
      };
      for (const [key, message, expected] of [
        [Buffer.alloc(20, 0x0b), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
        [
          Buffer.from('Jefe'),
          'what do ya want for nothing?',
          '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
        ],
        [
          Buffer.alloc(20, 0xaa),
          Buffer.alloc(50, 0xdd),
          '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
        ],
      ] as const)
        assert.equal(tag(key, Buffer.from(message)), expected);
      for (let turn = 0; turn < 20; turn += 1) {
        const [key, message] = [randomBytes(32), randomBytes(turn * 7)];
        assert.equal(tag(key, message), createHmac('sha256', key).update(message).digest('hex'));
      }
    });

    it('its key is drawn once, for the owner alone; a link or anything that is no key is none', () => {
      const { directory, bash, write } = project();
      const key = join(directory, 'secrets/backup_key');
      assert.equal(bash('draw_backup_key').code, 0);
      assert.deepEqual([statSync(key).mode & 0o777, statSync(join(directory, 'secrets')).mode & 0o777], [0o600, 0o700]);
      const drawn = readFileSync(key, 'utf8');
      assert.match(drawn, /^[0-9a-f]{64}\n$/);
      const again = bash('draw_backup_key && backup_key');
      assert.deepEqual([again.code, again.out, again.err], [0, drawn.trim(), '']);
      write('elsewhere', drawn);
      symlinkSync('../elsewhere', join(directory, 'secrets/link'));
      assert.equal(bash('BACKUP_KEY=secrets/link; backup_key').code, 1);
      for (const text of ['', 'short\n', `${'0'.repeat(63)}g\n`, `${'0'.repeat(65)}\n`]) {
        chmodSync(key, 0o600);
        write('secrets/backup_key', text);
        assert.deepEqual(bash('backup_key'), { code: 1, out: '', err: '' }, text);
      }
    });
  });
});
