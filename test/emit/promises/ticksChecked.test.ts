import { ticksChecked } from '../../../src/emit/promises/ticksChecked.ts';
import { breaks, isKeptByOurs } from './broken.ts';

describe('promise ticksChecked', () => {
  isKeptByOurs(ticksChecked);
  breaks(ticksChecked, [
    {
      to: 'SECURITY.md',
      edit: (text) => text.replace('`run-logs` |', '`run-by-magic` |'),
      offence: 'SECURITY.md ticks what scripts/audit.sh does not check: run-by-magic',
    },
  ]);
});
