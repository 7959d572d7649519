# The scripts by short names: `make` lists them. The Makefile includes this file; without one: make -f ops.mk
#
#   make deploy ARGS=--dry-run        the options of a script, with blanks between them
#   make restore FILE=backups/…       one file, whatever is in its name
#
# Both reach the script through the environment and never through the text of a command. Each script has --help.
# Plain POSIX make: the one of macOS (GNU 3.81) and those of BSD read it too.

PROD = docker compose -f docker-compose.prod.yml --env-file .env.production

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' ops.mk

# On your own machine, docker-compose.yml.
up: ## development: build, start, wait until it answers
	docker compose up --build --detach --wait
down: ## development: stop; the data stays
	docker compose down
test: ## development: the tests, in the running container
	@set -f; docker compose exec -T app pytest $$ARGS

# On the server.
check: ## is everything in order for a deployment? Changes nothing
	@scripts/deploy.sh --dry-run
deploy: ## build, back up, migrate, replace the app (ARGS=--scan)
	@set -f; scripts/deploy.sh $$ARGS
releases: ## what can be rolled back to
	@scripts/rollback.sh list
rollback: ## the release before (ARGS="image TAG", "git REVISION", "database previous")
	@set -f; scripts/rollback.sh $${ARGS:-previous}
status: ## what runs, since when, is it what git has, does the site answer
	@scripts/status.sh
logs: ## of all services, as they come (ARGS=app)
	@set -f; $(PROD) logs --follow --tail 100 $$ARGS
requests: ## the edge's log, searched or summed up (ARGS="--since 24h summary")
	@set -f; scripts/logs.sh $$ARGS

backup: ## a checked dump of the database
	@set -f; scripts/backup.sh $$ARGS
restore: ## put the database back to a dump (FILE=backups/NAME.dump)
	@set -f; scripts/restore.sh "$${FILE:?is missing: make restore FILE=backups/NAME.dump}" $$ARGS
drill: ## try a dump in a scratch database (FILE=backups/NAME.dump)
	@set -f; scripts/restore.sh --test $${FILE:+"$$FILE"} $$ARGS
pitr: ## point-in-time recovery (ARGS=on, list, "restore --to 2026-03-14T09:25:59")
	@set -f; scripts/pitr.sh $${ARGS:-status}
upgrade-postgres: ## the next major version of PostgreSQL (ARGS="postgres:18-alpine --dry-run")
	@set -f; scripts/upgrade-postgres.sh $$ARGS

secrets: ## fill what is missing in .env.production
	@scripts/generate-secrets.sh
rotate: ## new secrets, on the running site (ARGS=all or names)
	@set -f; scripts/rotate-secrets.sh $$ARGS
certs: ## days left, names, chain (ARGS="issue --production", renew, …)
	@set -f; scripts/certs.sh $${ARGS:-status}
firewall: ## are the rules for the networks of the containers there? (ARGS=install needs root)
	@set -f; scripts/firewall.sh $${ARGS:-status}
timers: ## when the timers run next (ARGS=install needs root)
	@set -f; scripts/timers.sh $${ARGS:-status}

scan: ## known vulnerabilities and secrets (ARGS="--skip base")
	@set -f; scripts/scan.sh $$ARGS
audit: ## every promise of SECURITY.md, on the running stack (ARGS="--reports audit-results")
	@set -f; scripts/audit.sh $${ARGS:---live}
maintenance: ## is the site open? (ARGS=on, off)
	@set -f; scripts/maintenance.sh $${ARGS:-status}
incident: ## what to do when something has happened (ARGS="leaked-secrets --dry-run")
	@set -f; scripts/incident.sh $${ARGS:---help}
evidence: ## keep logs and the state of the containers
	@scripts/evidence.sh
review: ## sum up the logs in such an archive (FILE=incident/TIME.tar.gz)
	@set -f; scripts/review-logs.sh "$${FILE:?is missing: make review FILE=incident/TIME.tar.gz}" $$ARGS

.PHONY: help up down check deploy releases rollback status logs requests backup restore drill pitr upgrade-postgres secrets rotate \
	certs firewall timers scan audit maintenance incident evidence review
.PHONY: test
