/**
 * Paths that only scanners ask for: no Python app has them. In lower case, as extended regular expressions without a backslash and
 * without counts in braces, which old mawk does not know, so that awk, grep and other readers take the very same text.
 */
const probes = [
  // What is left behind: version control, settings, keys, editors
  '/[.](env|git|svn|hg|bzr|aws|ssh|kube|docker|npmrc|netrc|htaccess|htpasswd|ds_store|idea|vscode|bash_history)',
  '/(id_rsa|credentials|docker-compose[.]ya?ml|config[.](json|ya?ml|php|bak))$',
  // WordPress and other PHP
  '/(wp-|wordpress|xmlrpc|wlwmanifest)',
  '[.](php[0-9]?|phtml|aspx?|jspx?|cgi|cfm)(/|$)',
  '/(phpmyadmin|pma|adminer|mysqladmin|phpunit|phpinfo|cgi-bin)',
  // Consoles of other software, routers and cameras
  '/(actuator|manager/html|jmx-console|solr|jenkins|hudson|owa/|autodiscover|_ignition|telescope|server-status|struts)',
  '/(hnap1|boaform|gponform|goform|sdk/weblanguage|setup[.]cgi|evox|nmaplowercheck)',
  // Dumps, archives and copies of the site
  '[.](sql|bak)$',
  '/(backup|dump|db|database|www|site|html|web|old)[^/]*[.](sql|zip|tar|gz|tgz|rar|7z|bak)$',
  // The way out of a folder, plain or encoded once or twice
  '(^|/|%2f)([.]|%2e|%252e)([.]|%2e|%252e)(/|%2f|%5c|%252f)',
  '/(etc/passwd|proc/self|windows/win[.]ini)',
  // Code as a path
  '(<script|%3cscript|union(%20|[+])+select|[$]%7b|%24%7b|jndi:)',
] as const;

/** All of them as one; and as mtail has it between two slashes. */
export const probePattern = probes.join('|');
export const probePatternOfMtail = probePattern.replaceAll('/', '\\/');
