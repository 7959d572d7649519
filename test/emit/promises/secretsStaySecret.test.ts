import { secretsStaySecret } from '../../../src/emit/promises/secretsStaySecret.ts';
import { fixedSecrets } from '../../fixture.ts';
import { breaks, isKeptByOurs } from './broken.ts';

describe('promise secretsStaySecret', () => {
  isKeptByOurs(secretsStaySecret);
  breaks(secretsStaySecret, [
    {
      to: '.env.example',
      edit: (text) => `${text}# ${fixedSecrets.DB_PASSWORD}\n`,
      offence: '.env.example holds the value of DB_PASSWORD',
    },
    {
      to: '.gitignore',
      edit: (text) => text.replace('.env.production\n', ''),
      offence: '.gitignore does not ignore .env.production',
    },
  ]);
});
