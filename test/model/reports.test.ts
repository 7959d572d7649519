import assert from 'node:assert/strict';
import { parseAnswers } from '../../src/answers/parse.ts';
import { buildReports } from '../../src/model/reports.ts';
import { rawAnswers } from '../fixture.ts';

const reports = (securityContact: string, securityTxtExpires: string) =>
  buildReports({ ...parseAnswers(rawAnswers()), securityContact, securityTxtExpires } as Parameters<
    typeof buildReports
  >[0]);
const day = '2099-01-01T00:00:00Z';

describe('security.txt', () => {
  it('has a contact as a URI, and as a person reads it', () => {
    assert.deepEqual(reports('mailto:x@a.example', day), {
      contact: 'mailto:x@a.example',
      address: 'x@a.example',
      expires: day,
      exists: true,
    });
    assert.equal(reports('https://a.example/mailto:', day).address, 'https://a.example/mailto:');
  });
  it('is there only with both, a contact and an end', () => {
    assert.deepEqual(
      [reports('', day), reports('mailto:x@a.example', ''), reports('', '')].map(({ exists }) => exists),
      [false, false, false],
    );
  });
});
