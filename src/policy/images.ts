import type { Answers } from '../answers/questions.ts';

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
    /** What Debian's mtail and nginx exporter are installed on. */
    debian: 'debian:trixie-slim',
    /** The series that gets fixes for a year: https://prometheus.io/docs/introduction/release-cycle/ */
    prometheus: 'prom/prometheus:v3.5.3',
    alertmanager: 'prom/alertmanager:v0.33.1',
    nodeExporter: 'prom/node-exporter:v1.11.1',
    blackbox: 'prom/blackbox-exporter:v0.28.0',
    postgresExporter: 'prometheuscommunity/postgres-exporter:v0.19.1',
    grafana: 'grafana/grafana:12.3.2',
    /** The smallest of the official collectors that reads files; nothing of Kubernetes is used. */
    collector: 'otel/opentelemetry-collector-k8s:0.159.0',
  }) as const;
