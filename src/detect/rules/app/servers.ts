import type { Command } from '../code/commands.ts';

const servers = /^(?:uvicorn|gunicorn|hypercorn|granian|daphne|fastapi|litestar|quart)$/;

/** Whether a command starts a server of Python apps. */
export const isServer = ({ words }: Command): boolean => servers.test(words[0]?.split('/').at(-1) ?? '');
