import type { RawAnswers } from './questions.ts';

const days = 364;

/**
 * The answers with the day on which security.txt ends. RFC 9116 wants one within a year, so that a contact that nobody looks after
 * stops to count: it is an answer, kept with the others, and moves only when somebody says so. Then `check` finds the same text
 * each day, and the audit tells when it comes near.
 */
export const settleExpiry = (raw: RawAnswers, today: Date): RawAnswers => {
  const wanted = raw.securityTxtExpires === 'renew' || (raw.securityTxtExpires === '' && raw.securityContact !== '');
  if (!wanted) return raw;
  if (raw.securityContact === '') return { ...raw, securityTxtExpires: '' };
  const expires = new Date(today.getTime() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  return { ...raw, securityTxtExpires: expires };
};
