// node relay.mjs HOST: ports 80 and 443 of 127.0.0.1 are nginx's, so that every tool asks https://<domain>/ like a user.
import { connect, createServer } from 'node:net';

const [host] = process.argv.slice(2);
for (const [port, target] of [
  [80, 8080],
  [443, 8443],
]) {
  createServer({ allowHalfOpen: true }, (client) => {
    const server = connect({ host, port: target, allowHalfOpen: true });
    const end = () => {
      client.destroy();
      server.destroy();
    };
    client.on('error', end).on('close', end).pipe(server);
    server.on('error', end).on('close', end).pipe(client);
  }).listen(port, '127.0.0.1');
}
