import { createSocket } from 'node:dgram';

/**
 * The versions that a QUIC server on a UDP port of this machine offers. A client that asks for one that does not exist is
 * told those that do (RFC 9000 6.1), which needs no cryptography.
 */
export const quicVersions = (port: number): Promise<number[]> =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    const stop = setTimeout(() => socket.close(() => reject(new Error(`no QUIC on UDP port ${port}`))), 5000);
    socket.once('message', (answer) => {
      clearTimeout(stop);
      socket.close();
      // The header's form, version 0, then two identifiers with their lengths before them.
      const first = 6 + (answer[5] ?? 0);
      const versions = answer.subarray(first + 1 + (answer[first] ?? 0));
      const offered = Array.from({ length: versions.length / 4 }, (_, index) => versions.readUInt32BE(index * 4));
      if (answer.readUInt32BE(1) === 0) resolve(offered);
      else reject(new Error('the answer is not of version negotiation'));
    });
    // A long header, a reserved version, identifiers of eight bytes; smaller packets are ignored.
    const greeting = Buffer.alloc(1200);
    greeting.set([0xc0, 0x1a, 0x2a, 0x3a, 0x4a, 8, 1, 2, 3, 4, 5, 6, 7, 8, 8, 1, 2, 3, 4, 5, 6, 7, 8]);
    socket.send(greeting, port, '127.0.0.1');
  });
