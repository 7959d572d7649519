import assert from 'node:assert/strict';
import { settleExpiry } from '../../src/answers/expiry.ts';
import { rawAnswers, renderAll, stackOf } from '../fixture.ts';

const today = new Date('2026-11-27T10:00:00Z');
const expires = (contact: string, day: string): string =>
  settleExpiry(rawAnswers({ securityContact: contact, securityTxtExpires: day }), today).securityTxtExpires;
const text = (given: object): string | undefined =>
  renderAll(stackOf(given)).find(({ artifact }) => artifact.to === 'nginx/well-known/security.txt')?.text;

describe('security.txt', () => {
  it('gets a day within a year once there is a contact, and keeps it', () => {
    assert.equal(expires('a@example.test', ''), '2027-11-26');
    assert.equal(expires('a@example.test', '2027-01-31'), '2027-01-31');
    assert.equal(expires('a@example.test', '2020-01-31'), '2020-01-31');
  });
  it('moves it when somebody says so', () => assert.equal(expires('a@example.test', 'renew'), '2027-11-26'));
  it('has none without a contact', () => {
    assert.equal(expires('', ''), '');
    assert.equal(expires('', 'renew'), '');
  });
  it('has the fields of RFC 9116, and an address as a URI', () => {
    const fields = { securityContact: 'a@example.test', securityTxtExpires: '2027-01-31' };
    assert.deepEqual(text(fields)?.split('\n').slice(1), [
      'Contact: mailto:a@example.test',
      'Expires: 2027-01-31T00:00:00Z',
      'Preferred-Languages: en',
      'Canonical: https://app.example.test/.well-known/security.txt',
      '',
    ]);
    assert.match(
      text({ ...fields, securityContact: 'https://example.test/report' }) ?? '',
      /^Contact: https:\/\/example\.test\/report$/m,
    );
  });
  it('is not emitted without a contact', () => assert.equal(text({}), undefined));
});
