import assert from 'node:assert/strict';
import { destinationList } from '../../src/answers/destinations.ts';
import { accepts, refuses } from '../parses.ts';

describe('destinationList', () => {
  accepts(destinationList, [
    ['', []],
    ['10.0.0.5:5432', [{ network: '10.0.0.5/32', port: '5432', isIPv6: false }]],
    [
      '10.0.0.0/24:443, [FD00::5]:25',
      [
        { network: '10.0.0.0/24', port: '443', isIPv6: false },
        { network: 'fd00::5/128', port: '25', isIPv6: true },
      ],
    ],
  ]);
  refuses(destinationList, [
    '10.0.0.5',
    '10.0.0.5:0',
    '10.0.0.5:65536',
    '10.0.0.5:080',
    '10.0.0.5:22:33',
    '0.0.0.0/0:443',
    'fd00::5:25',
    '[10.0.0.5]:25',
    '[fd00::5]',
    'db.internal:5432',
    '10.0.0.5:5432 -j ACCEPT',
    '10.0.0.5:$(id)',
    '10.0.0.5:22,10.0.0.5:22',
    Array.from({ length: 51 }, (_, index) => `10.0.0.5:${index + 1}`).join(),
  ]);
  it('the example of each message is an answer to this question', () => {
    for (const raw of ['10.0.0:22', '0.0.0.0/0:22', '10.0.0.1/8:22', '[::/8]:22', '10.0.0.5:0', '[10.0.0.5]:22']) {
      assert.throws(
        () => destinationList(raw),
        ({ message }: Error) => destinationList(message.split('for example ')[1] ?? assert.fail(message)).length === 2,
      );
    }
  });
});
