import { scriptsNamed } from '../../../src/emit/promises/scriptsNamed.ts';
import { breaks, isKeptByOurs } from './broken.ts';

describe('promise scriptsNamed', () => {
  isKeptByOurs(scriptsNamed);
  breaks(scriptsNamed, [
    {
      to: 'SECURITY.md',
      edit: (text) => text.replace('scripts/scan.sh', 'scripts/scna.sh'),
      offence: 'SECURITY.md names scripts/scna.sh, which nobody emits',
    },
  ]);
});
