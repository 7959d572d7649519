import type { Answers } from '../answers/questions.ts';

/** The names that the site answers to, and those that only lead to it. */
export const buildSite = ({ domain, serverNames, redirectNames, certEmail }: Answers) => {
  const served = [domain, ...serverNames];
  const all = [...served, ...redirectNames];
  return {
    domain,
    origin: `https://${domain}`,
    serverName: served.join(' '),
    redirectName: redirectNames.join(' '),
    hasRedirects: redirectNames.length > 0,
    /** All that the certificate must name. */
    allNames: all.join(' '),
    certbotNames: all.map((name) => `-d ${name}`).join(' '),
    contactEmail: certEmail,
  };
};
