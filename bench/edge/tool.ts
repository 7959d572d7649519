import { execFileSync } from 'node:child_process';

const dockerfile = `FROM debian:trixie-slim
RUN apt-get update -q \\
 && apt-get install -qy --no-install-recommends nghttp2-client \\
 && rm -rf /var/lib/apt/lists/*
`;

/** An image with h2load, so that the bench needs nothing but Docker. */
export const buildTool = (tag: string): void => {
  execFileSync('docker', ['build', '--quiet', '--tag', tag, '-'], {
    input: dockerfile,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
};
