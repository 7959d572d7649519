import { type Finding, found } from '../../model.ts';
import { type DockerInstruction, readDockerfile } from '../../read/dockerfile.ts';
import { evidenceAt, folderOf, isBelow } from '../../read/paths.ts';
import { isCompose, isDockerfile, optionOf } from '../code/commands.ts';
import { type Context, modulesWith, quoted } from '../code/context.ts';
import { isServer } from './servers.ts';

const portOf = (text: string | undefined): number | undefined => {
  const [, digits] = /^(?:.*:)?(\d{2,5})(?:\/tcp)?$/.exec(text ?? '') ?? [];
  const port = digits === undefined ? Number.NaN : Number(digits);
  return port >= 80 && port <= 65535 ? port : undefined;
};

const defaultPort = 8000;
const serverWord = /\b(?:uvicorn|gunicorn|hypercorn|granian|daphne|fastapi|litestar)\b/;

// Of databases, queues and mail servers: where such a number stands, it says where they are.
const ofOthers = new Set([1025, 1433, 1521, 3306, 5432, 5433, 5672, 6379, 9042, 9092, 9200, 11211, 15672, 27017]);

/** Below 1024 only root may listen: such a port is of the old container, not of ours. */
const usable = (port: number | undefined): port is number => port !== undefined && port >= 1024 && !ofOthers.has(port);

/** The last stage, and those that it is made from by their names. */
const lastImage = (instructions: readonly DockerInstruction[]): ReadonlySet<number> => {
  const stages = instructions
    .filter(({ keyword }) => keyword === 'FROM')
    .map(({ text, stage }) => {
      const [base, , name] = text.split(/\s+/).filter((word) => !word.startsWith('--'));
      return { base, name, stage };
    });
  const image = new Set<number>();
  for (let stage = stages.at(-1); stage !== undefined; ) {
    image.add(stage.stage);
    const { base, stage: below } = stage;
    stage = stages.findLast(({ name, stage: at }) => at < below && name !== undefined && name === base);
  }
  return image;
};

/**
 * The port that the app listens on: EXPOSE, `--port` of a command that starts an ASGI server, a setting's default. Another
 * server's --port is not looked at.
 */
export const appPort = (context: Context): Finding<number> => {
  const { view, root, commands } = context;
  for (const path of view.files.filter(
    (file) => isDockerfile(file) && (isBelow(file, root) || folderOf(file) === ''),
  )) {
    const instructions = readDockerfile(view.read(path) ?? '');
    const isOurs = instructions.some(({ text }) => /python|uv|pip|poetry|pdm/.test(text));
    const exposes = instructions.filter(
      ({ keyword, text }) => keyword === 'EXPOSE' && usable(portOf(text.split(/\s+/)[0])),
    );
    // One file may build several images: the stage that starts the server counts, else what a plain `docker build` makes.
    const serves = (stage: number) =>
      instructions.some(
        (each) =>
          each.stage === stage && /^(?:CMD|ENTRYPOINT|COPY|RUN)$/.test(each.keyword) && serverWord.test(each.text),
      );
    const built = lastImage(instructions);
    const last = (fits: (stage: number) => boolean) => exposes.findLast(({ stage }) => fits(stage));
    const exposed =
      last((stage) => built.has(stage) && serves(stage)) ??
      last(serves) ??
      last((stage) => built.has(stage)) ??
      exposes.at(-1);
    if (isOurs && exposed !== undefined) {
      return found(
        portOf(exposed.text.split(/\s+/)[0]) ?? defaultPort,
        'certain',
        evidenceAt(path, exposed.line, `EXPOSE ${exposed.text}`),
      );
    }
  }
  for (const command of commands.filter(isServer)) {
    const port = portOf(optionOf(command.words, '--port', '-p', '--bind', '-b'));
    if (usable(port))
      return found(
        port,
        isCompose(command.evidence.file) || command.where === 'image' ? 'certain' : 'likely',
        command.evidence,
      );
  }
  for (const python of modulesWith(context, 'uvicorn.run', 'uvicorn.Config')) {
    for (const { callee, args, line } of python.calls) {
      if (!/^uvicorn\.(?:run|Config)$/.test(callee)) continue;
      const port = portOf(args.find(({ name }) => name === 'port')?.value.text);
      if (usable(port)) return found(port, 'likely', quoted(view, python.path, line));
    }
  }
  return bySetting(context) ?? found(defaultPort, 'guess');
};

const bySetting = (context: Context): Finding<number> | undefined => {
  for (const python of modulesWith(context, /^\s+(?:\w+_)?PORT\s*[:=]/im)) {
    for (const { target, value, within, line, type } of python.assignments) {
      const isSetting = within.length === 1 && (type !== undefined || value?.kind === 'number');
      if (!isSetting || !/^(?:(?:APP|API|SERVER|HTTP|UVICORN|WEB|BACKEND|LISTEN)_)?PORT$/i.test(target)) continue;
      const text =
        value?.kind === 'call'
          ? value.args.find(({ name }) => name === undefined || name === 'default')?.value.text
          : value?.text;
      const port = portOf(text);
      if (usable(port)) return found(port, 'likely', quoted(context.view, python.path, line));
    }
  }
  return undefined;
};
