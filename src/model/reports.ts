import type { Answers } from '../answers/questions.ts';

/** Where somebody who finds a weakness may say so: security.txt. */
export const buildReports = ({ securityContact, securityTxtExpires }: Answers) => ({
  /** A URI, as RFC 9116 wants it. */
  contact: securityContact,
  /** As a person reads it. */
  address: securityContact.replace(/^mailto:/, ''),
  expires: securityTxtExpires,
  exists: securityContact !== '' && securityTxtExpires !== '',
});
