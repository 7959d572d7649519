import { envExample } from '../../../src/emit/promises/envExample.ts';
import { breaks, isKeptByOurs } from './broken.ts';

describe('promise envExample', () => {
  isKeptByOurs(envExample);
  breaks(envExample, [
    {
      to: '.env.example',
      edit: (text) => text.replace('SECRET_KEY=', 'SECRET='),
      offence: 'SECRET is in only one of .env.example and .env.production',
    },
  ]);
});
