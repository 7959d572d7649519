import { inflateSync } from 'node:zlib';

export type Picture = { readonly width: number; readonly height: number; readonly colours: number };

const paeth = (left: number, up: number, corner: number): number => {
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(left + up - corner - value)) as [number, number, number];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
};

/** Size and number of colours of a PNG as Chromium makes them: eight bits a channel, not interlaced. */
export const readPng = (png: Buffer): Picture => {
  const [width, height, channels] = [png.readUInt32BE(16), png.readUInt32BE(20), png[25] === 6 ? 4 : 3];
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * channels;
  const colours = new Set<number>();
  let above = Buffer.alloc(stride);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)];
    const row = Buffer.from(raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    for (let x = 0; x < stride; x += 1) {
      const [left, corner] = x < channels ? [0, 0] : [row[x - channels] ?? 0, above[x - channels] ?? 0];
      const up = above[x] ?? 0;
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0;
      row[x] = (row[x] ?? 0) + predicted;
    }
    for (let x = 0; x < stride; x += channels) colours.add(row.readUIntBE(x, 3));
    above = row;
  }
  return { width, height, colours: colours.size };
};
