import { type Detected, databaseRows, detected, queueRows, variableName, workerRows } from '../answers/appValues.ts';
import type { Answers } from '../answers/questions.ts';
import { printable } from '../base/printable.ts';
import { Refusal } from '../base/refusal.ts';
import type { Detection } from '../detect/detection.ts';
import { type Entry, locationOf, type Notice } from '../detect/model.ts';
import { queueText, rowText, workersText } from '../detect/texts.ts';
import { frontendOf } from './chosenFrontend.ts';
import { installationOf } from './chosenInstallation.ts';
import { Collected } from './collected.ts';
import { setTwice, withoutSet } from './ownVariables.ts';
import type { Project } from './project.ts';

/** Detections that an answer overrides. */
const overridden = ({ databaseVariables, appRoot }: Answers): ReadonlySet<string> =>
  new Set([
    ...(databaseVariables === detected ? [] : ['no-postgres']),
    ...(appRoot === detected ? [] : ['several-apps', 'not-web']),
  ]);

const seenAt = ({ evidence }: Notice): string =>
  evidence
    .slice(0, 4)
    .map((each) => `\n      ${printable(`${locationOf(each)}  ${each.says}`)}`)
    .join('');

const refuse = (problems: readonly string[]): never => {
  throw new Refusal('This application cannot be deployed as it is (nothing was written):', problems);
};

/** Why the app cannot be deployed, with where that is seen; what an answer overrides is none. */
const reasonsOf = (answers: Answers, { refusals, migrations }: Detection): readonly string[] => {
  const ignored = overridden(answers);
  const reasons = refusals
    .filter(({ id }) => !ignored.has(id))
    .map((reason) => `${printable(reason.says)}${seenAt(reason)}`);
  const lacksAlembic = answers.migrations === 'alembic' && migrations === undefined;
  return lacksAlembic
    ? [...reasons, '--migrations alembic: there is no alembic.ini; without Alembic give --migrations none']
    : reasons;
};

const or = <Value, Other>(answer: Value | Detected, otherwise: () => Other): Value | Other =>
  answer === detected ? otherwise() : (answer as Value);

/** Where the app is, and where its imports begin. */
const foldersOf = (answers: Answers, { app, siblings }: Detection, entry: Entry, safe: Collected) => {
  const root = safe.path(app.value.root, 'the folder of the app');
  const own = or(answers.pythonPath, () => safe.path(entry.pathRoot, 'the folder that imports begin at'));
  const others = siblings.map(({ value }) => value);
  return { root, pythonPaths: [...new Set([own, ...safe.paths(others, 'a member of the workspace')])] };
};

/** What the image copies, and from where its migrations run. */
const sourcesOf = (answers: Answers, { copies, migrations }: Detection, safe: Collected) => {
  const found = copies.map(({ value }) => value);
  return {
    sources: or(answers.imageFiles, () => safe.paths(found, 'a path that the image needs')),
    migrationsFolder:
      migrations === undefined
        ? ('' as const)
        : safe.path(migrations.value.ini.split('/').slice(0, -1).join('/'), 'the folder of alembic.ini'),
  };
};

/** The services beside the app: how it is told where they are, and what it starts. */
const servicesOf = (answers: Answers, { database, queue, workers }: Detection, safe: Collected) => {
  const ofDatabase = rowText(database?.value.variables ?? []);
  const ofWorkers = workersText(workers.map(({ value }) => value));
  return {
    databaseVariables: or(
      answers.databaseVariables,
      () => safe.take(databaseRows, ofDatabase, 'the variables of the database') ?? [],
    ),
    queueVariables: or(
      answers.queueVariables,
      () => safe.take(queueRows, queueText(queue?.value), 'the variables of the queue') ?? [],
    ),
    workers: or(answers.workers, () => safe.take(workerRows, ofWorkers, 'a command of a worker') ?? []),
  };
};

/** What else the app is told: the keys that it signs with, and what it does not start without. */
const variablesOf = (answers: Answers, { signing, required }: Detection, safe: Collected) => {
  const names = (found: readonly string[]) => safe.all(variableName, found, 'a variable');
  return {
    signing: or(answers.secretKeyVariables, () => names(signing.map(({ value }) => value))),
    required: or(answers.requiredVariables, () => names(required.map(({ value }) => value.name))),
  };
};

/**
 * The project as its files and the answers give it: an answer wins over what was found. A refusal lists why the app cannot be
 * deployed, with the evidence, and every name that cannot be printed safely.
 */
export const projectFrom = (answers: Answers, detection: Detection | undefined): Project => {
  if (detection === undefined) {
    return refuse([
      'there is no Python project here: no pyproject.toml, no requirements.txt, no Pipfile, no module; for a new app: --app new',
    ]);
  }
  const reasons = reasonsOf(answers, detection);
  if (reasons.length > 0 || detection.entry === undefined) return refuse(reasons);

  const entry = detection.entry.value;
  const safe = new Collected();
  // In this order problems are listed.
  const project: Project = {
    ...foldersOf(answers, detection, entry, safe),
    ...installationOf(answers, detection, safe),
    ...sourcesOf(answers, detection, safe),
    isFactory: answers.appEntry.endsWith('()') || entry.isFactory,
    needsLibpq: detection.needsLibpq,
    addsUvicorn: !detection.hasUvicorn,
    ...servicesOf(answers, detection, safe),
    frontend: frontendOf(answers, detection, safe),
    ...variablesOf(answers, detection, safe),
  };
  const problems = [...safe.problems, ...setTwice(project)];
  if (problems.length > 0) refuse(problems);
  return withoutSet(project);
};
