import type { Answers } from '../answers/questions.ts';
import { buildPlaces } from './imagePaths.ts';
import type { Project } from './project.ts';
import { buildWorkers } from './workers.ts';

/** The app: how it is started and asked, what its image holds, and the services that run it. */
export const buildApp = (answers: Answers, project: Project) => {
  const workers = buildWorkers(project);
  return {
    name: answers.appName,
    entry: answers.appEntry.replace(/\(\)$/, ''),
    isFactory: project.isFactory,
    port: answers.appPort,
    healthPath: answers.healthPath,
    hasHealth: answers.healthPath !== '',
    /** What is asked through nginx to see whether the site is there. */
    probePath: answers.healthPath || '/',
    isNew: answers.app === 'new',
    exists: answers.app === 'existing',
    sources: project.sources,
    hasMigrations: answers.migrations === 'alembic',
    needsLibpq: project.needsLibpq,
    ...buildPlaces(project),
    workers,
    hasWorkers: workers.length > 0,
    /** The services that run the image of the app all the time. */
    services: ['app', ...workers.map(({ service }) => service)],
    serviceWords: ['app', ...workers.map(({ service }) => service)].join(' '),
    workerWords: workers.map(({ service }) => service).join(' '),
    hasQueue: project.queueVariables.length > 0,
    required: project.required,
    hasRequired: project.required.length > 0,
  };
};
