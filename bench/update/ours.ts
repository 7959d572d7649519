import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAnswers } from '../../src/answers.ts';
import type { Artifact } from '../../src/artifacts.ts';
import { type Lock, readLock } from '../../src/lock.ts';
import { notesAfter } from '../../src/notes.ts';
import { alters, plan } from '../../src/plan.ts';
import { detectProject } from '../../src/project/detect.ts';
import { readText } from '../../src/projectFile.ts';
import { defaultAnswers, type RawAnswers } from '../../src/questions.ts';
import { type RenderedFile, render } from '../../src/render.ts';
import { summarize } from '../../src/report.ts';
import { keepOrDraw } from '../../src/secrets.ts';
import { buildStack } from '../../src/stack.ts';
import { existingSecrets, storeAnswers, storedEntry } from '../../src/state.ts';
import { readBase } from '../../src/update/base.ts';
import { findingKinds, findingsOf } from '../../src/update/check.ts';
import { markUnmerged, uncommitted } from '../../src/update/git.ts';
import { hasMarkers } from '../../src/update/merge3.ts';
import { planUpdate } from '../../src/update/planUpdate.ts';
import { renames } from '../../src/update/renames.ts';
import { resume, write } from '../../src/write.ts';
import { values } from './workload.ts';

/**
 * `ours VERB TEMPLATES`: what src/generate.ts, src/update/update.ts and src/update/check.ts do in the current directory, with
 * a catalogue of any size in the place of ours: TEMPLATES is a folder of templates and `catalogue.json`, which names the
 * files. Left out: the rules about our own files (src/verify.ts), and the section of the changelog.
 */
const [verb, templates = ''] = process.argv.slice(2);
const directory = process.cwd();

const rendered = (raw: RawAnswers): readonly RenderedFile[] => {
  const names = JSON.parse(readFileSync(join(templates, 'catalogue.json'), 'utf8')) as readonly string[];
  const catalogue = names.map((to): Artifact => ({ owner: 'nginx', to }));
  const answers = parseAnswers(raw);
  const stack = buildStack(answers, detectProject(directory, answers), keepOrDraw(existingSecrets(directory)));
  const pack = { name: 'bench', root: templates, isOurs: true } as const;
  return render(catalogue, stack, [pack]);
};

const refuseUnready = (lock: Lock): void => {
  if (Object.keys(lock.files).some((to) => hasMarkers(readText(directory, to)))) throw new Error('conflicts are left');
  if ((uncommitted(directory) ?? []).length > 0) throw new Error('files are not committed');
};

const answers = (): RawAnswers => ({
  ...defaultAnswers,
  appName: values.name,
  domain: values.domain,
  ...storedEntry(directory),
});

const verbs: Readonly<Record<string, () => number>> = {
  generate: () => {
    const raw = answers();
    const changes = [storeAnswers(directory, raw), ...plan(directory, rendered(raw), readLock(directory).files)];
    write(directory, [...changes, ...notesAfter(directory, changes)].filter(alters));
    return 0;
  },
  update: () => {
    resume(directory);
    const lock = readLock(directory);
    refuseUnready(lock);
    const raw = answers();
    const files = rendered(raw);
    const changes = [storeAnswers(directory, raw), ...planUpdate(directory, files, lock, { restore: false, renames })];
    const altering = [...changes, ...notesAfter(directory, changes)].filter(alters);
    const marked = changes.filter(({ action }) => action === 'mark');
    const bases = new Map(marked.map(({ to }) => [to, readBase(directory, to, lock)]));
    write(directory, altering);
    markUnmerged(directory, marked, (to) => bases.get(to));
    console.log(summarize(changes).join('\n'));
    return marked.length > 0 ? 1 : 0;
  },
  check: () => {
    const lock = readLock(directory);
    const findings = findingsOf(directory, rendered(answers()), lock, { packs: [], sources: [], catalogue: [] } as never);
    for (const { path, kind } of findings) console.log(`${kind.padEnd(12)} ${path}: ${findingKinds[kind]}`);
    return findings.length > 0 ? 1 : 0;
  },
};
const run = verbs[verb ?? ''];
if (run === undefined) throw new Error(`no verb ${verb}`);
process.exitCode = run();
