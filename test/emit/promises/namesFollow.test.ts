import { namesFollow } from '../../../src/emit/promises/namesFollow.ts';
import { breaks, isKeptByOurs } from './broken.ts';

describe('promise namesFollow', () => {
  isKeptByOurs(namesFollow);
  breaks(namesFollow, [
    {
      to: 'ops.mk',
      edit: (text) => text.replace('docker-compose.prod.yml', 'docker-compose.comicpile-prod.yml'),
      offence: 'ops.mk names docker-compose.comicpile-prod.yml, which is not ours here: print names.production',
    },
  ]);
});
