import { plainText } from '../../../src/emit/promises/plainText.ts';
import { breaks, isKeptByOurs } from './broken.ts';

describe('promise plainText', () => {
  isKeptByOurs(plainText);
  breaks(plainText, [
    {
      to: 'Dockerfile',
      edit: (text) => text.replace('\n', '\r\n'),
      offence: 'Dockerfile has a carriage return',
    },
    {
      to: 'scripts/backup.sh',
      edit: (text) => text.replace('#!', '#'),
      offence: 'scripts/backup.sh is a script without a shebang',
    },
  ]);
});
