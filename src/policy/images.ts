import type { Answers } from '../questions.ts';

/**
 * Images by minor version: patches arrive with `docker compose pull`, majors only by editing this table.
 * nginx is 1.30.6 or newer in its stable series, the first without CVE-2026-93479.
 */
export const images = (python: Answers['pythonVersion']) =>
  ({
    python: `python:${python}-slim`,
    uv: 'ghcr.io/astral-sh/uv:0.13',
    nginx: 'nginxinc/nginx-unprivileged:1.30-alpine',
    postgres: 'postgres:17-alpine',
    pgadmin: 'dpage/pgadmin4:9',
    certbot: 'certbot/certbot:v5.8.0',
    /** The queue of an app that has workers: what Redis was before its licence changed, and speaks its protocol. */
    valkey: 'valkey/valkey:8-alpine',
  }) as const;
