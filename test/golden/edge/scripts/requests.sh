#!/usr/bin/env bash
# What scripts/logs.sh and scripts/review-logs.sh know of the edge's log: one JSON object a line
# (nginx/snippets/logging.conf). Sourced from the project root, never run.
set -euo pipefail

# Paths that only scanners ask for, in lower case. The environment carries it: awk would read a backslash of -v once more.
PROBES='/[.](env|git|svn|hg|bzr|aws|ssh|kube|docker|npmrc|netrc|htaccess|htpasswd|ds_store|idea|vscode|bash_history)|/(id_rsa|credentials|docker-compose[.]ya?ml|config[.](json|ya?ml|php|bak))$|/(wp-|wordpress|xmlrpc|wlwmanifest)|[.](php[0-9]?|phtml|aspx?|jspx?|cgi|cfm)(/|$)|/(phpmyadmin|pma|adminer|mysqladmin|phpunit|phpinfo|cgi-bin)|/(actuator|manager/html|jmx-console|solr|jenkins|hudson|owa/|autodiscover|_ignition|telescope|server-status|struts)|/(hnap1|boaform|gponform|goform|sdk/weblanguage|setup[.]cgi|evox|nmaplowercheck)|[.](sql|bak)$|/(backup|dump|db|database|www|site|html|web|old)[^/]*[.](sql|zip|tar|gz|tgz|rar|7z|bak)$|(^|/|%2f)([.]|%2e|%252e)([.]|%2e|%252e)(/|%2f|%5c|%252f)|/(etc/passwd|proc/self|windows/win[.]ini)|(<script|%3cscript|union(%20|[+])+select|[$]%7b|%24%7b|jndi:)'
export PROBES

# A value ends at its quote; nginx writes a quote inside of it as \". What a client sent can so begin no field of its own.
# shellcheck disable=SC2016 # it is awk's
VALUE='
  function value(key,  start, rest) {
    start = index($0, "\"" key "\":\"")
    if (!start) return "-"
    rest = substr($0, start + length(key) + 4)
    return substr(rest, 1, index(rest, "\"") - 1)
  }
  function limited() {
    return value("status") == 429 || value("limit_req_status") ~ /^REJECTED/ || value("limit_conn_status") ~ /^REJECTED/
  }
  !index($0, "\"remote_addr\":\"") { next }'

# most TITLE…: of lines KIND<tab>WHAT the number, and the ten most frequent of each kind; a title is KIND=TEXT. The
# counting is done by sort, whose memory does not grow with the number of addresses.
most() {
  LC_ALL=C sort -S 64M | uniq -c | sort -k1,1rn | LC_ALL=C awk -v titles="$(printf '%s\t' "$@")" '
    {
      count = $1
      sub(/^ *[0-9]+ /, "")
      tab = index($0, "\t")
      kind = substr($0, 1, tab - 1)
      sum[kind] += count
      if (++different[kind] <= 10) top[kind] = top[kind] sprintf("%10d  %s\n", count, substr($0, tab + 1, 160))
    }
    END {
      for (i = 1; i < split(titles, title, "\t"); i++) {
        kind = substr(title[i], 1, index(title[i], "=") - 1)
        text = substr(title[i], index(title[i], "=") + 1)
        if (!sum[kind]) { if (text !~ /^!/) printf "  %s: none\n", text; continue }
        printf "  %s: %d%s\n%s", text, sum[kind], (different[kind] > 10 ? ", the ten most frequent of " different[kind] : ""), top[kind]
      }
    }'
}

# summarise <LOG: who asked how often, who was refused or caused errors, and for what.
summarise() {
  LC_ALL=C awk "$VALUE"'
    {
      client = value("remote_addr")
      status = value("status")
      path = value("uri")
      what = client " " status " " value("method") " " path
      print "all\t" client
      if (limited()) print "limited\t" client
      else if (status ~ /^4/) print "refused\t" client
      if (status ~ /^5/) print "failed\t" client
      if (value("rate_zone") == "auth") print "sign-in\t" client " " status
      if (tolower(path) ~ ENVIRON["PROBES"]) print "probes\t" client
      if (path ~ /\/\.[^\/]/ && path !~ /^\/\.well-known\//)
        print (status ~ /^[23]/ ? "opened\t" : "closed\t") what
    }' | most 'all=requests by address' 'refused=refused (4xx but 429) by address' 'limited=over a rate limit (429) by address' \
    'failed=errors (5xx) by address' 'sign-in=at sign-in paths by address and status' \
    'probes=for what only scanners ask for, by address' 'closed=at closed paths' 'opened=! at closed paths, and ANSWERED'
}

# requests_that_fit <LOG: the lines of which all holds that these variables ask for; an empty one asks for nothing. What a
# terminal could take for a command is left out.
#   STATUS (429 or 4xx)  CLIENT  PATH_PART  ZONE  REQUEST_ID  LIMITED  SUSPICIOUS
requests_that_fit() {
  LC_ALL=C STATUS=$STATUS CLIENT=$CLIENT PATH_PART=$PATH_PART ZONE=$ZONE REQUEST_ID=$REQUEST_ID LIMITED=$LIMITED \
    SUSPICIOUS=$SUSPICIOUS awk "$VALUE"'
    function wanted(name, is) { return ENVIRON[name] == "" || ENVIRON[name] == is }
    BEGIN {
      status = ENVIRON["STATUS"]
      gsub(/x/, "[0-9]", status)
    }
    status != "" && value("status") !~ ("^" status "$") { next }
    !wanted("CLIENT", value("remote_addr")) || !wanted("ZONE", value("rate_zone")) || !wanted("REQUEST_ID", value("request_id")) { next }
    ENVIRON["PATH_PART"] != "" && !index(value("uri"), ENVIRON["PATH_PART"]) { next }
    ENVIRON["LIMITED"] != "" && !limited() { next }
    ENVIRON["SUSPICIOUS"] != "" && tolower(value("uri")) !~ ENVIRON["PROBES"] { next }
    {
      gsub(/[^\t -~]/, "")
      print
      fflush()
    }'
}
