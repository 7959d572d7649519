import { actionsPinned } from '../../../src/emit/promises/actionsPinned.ts';
import { breaks, isKeptByOurs } from './broken.ts';

describe('promise actionsPinned', () => {
  isKeptByOurs(actionsPinned);
  breaks(actionsPinned, [
    {
      to: '.github/workflows/security.yml',
      edit: (text) => text.replace(/actions\/checkout@\S+/, 'actions/checkout@v7'),
      offence: '.github/workflows/security.yml uses actions/checkout@v7, which is no commit',
    },
    {
      to: '.github/workflows/security.yml',
      edit: (text) => text.replace(/@sha256:\S+/, ''),
      offence: '.github/workflows/security.yml runs hadolint/hadolint:v2.14.0-debian, which is no digest',
    },
    {
      to: '.github/workflows/security.yml',
      edit: (text) => text.replace(/^permissions: \{\}$/m, 'permissions: write-all'),
      offence: '.github/workflows/security.yml does not begin with no permissions',
    },
  ]);
});
