/** Which emitted files are read as what they are; all others are text to promises. */
export const isPipeline = (to: string): boolean => /^\.github\/workflows\/|^\.gitlab(?:-ci\.yml$|\/)/.test(to);
const isCompose = (to: string): boolean => /^docker-compose[\w.-]*\.ya?ml$/.test(to);
export const isNginx = (to: string): boolean => /^(?:nginx|monitoring\/nginx)\/.*\.conf$/.test(to);
export const alertRules = 'monitoring/prometheus/rules/';
export const alertTests = 'monitoring/prometheus/tests/';
const isAlert = (to: string): boolean => to.startsWith(alertRules) || to.startsWith(alertTests);

export const isParsed = (to: string): boolean => isPipeline(to) || isCompose(to) || isNginx(to) || isAlert(to);
