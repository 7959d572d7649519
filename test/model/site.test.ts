import assert from 'node:assert/strict';
import { parseAnswers } from '../../src/answers/parse.ts';
import { buildSite } from '../../src/model/site.ts';
import { rawAnswers } from '../fixture.ts';

const site = (given: Parameters<typeof rawAnswers>[0]) =>
  buildSite(parseAnswers(rawAnswers({ domain: 'a.example', ...given })));

describe('the site', () => {
  it('is one name', () =>
    assert.deepEqual(site({ certEmail: 'x@a.example' }), {
      domain: 'a.example',
      origin: 'https://a.example',
      serverName: 'a.example',
      redirectName: '',
      hasRedirects: false,
      allNames: 'a.example',
      certbotNames: '-d a.example',
      contactEmail: 'x@a.example',
    }));
  it('answers to some names, and others lead to it; the certificate names all', () => {
    const { serverName, redirectName, hasRedirects, allNames, certbotNames } = site({
      serverNames: 'b.example,c.example',
      redirectNames: 'www.a.example',
    });
    assert.deepEqual(
      [serverName, redirectName, hasRedirects, allNames, certbotNames],
      [
        'a.example b.example c.example',
        'www.a.example',
        true,
        'a.example b.example c.example www.a.example',
        '-d a.example -d b.example -d c.example -d www.a.example',
      ],
    );
  });
});
