#!/usr/bin/env bash
# Runs once, as PostgreSQL's own entry point makes the database: gives the roles of roles.sql their passwords.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -U postgres -d pamoja \
  -v owner="$PAMOJA_OWNER_PASSWORD" -v app="$PAMOJA_APP_PASSWORD" -v publisher="$PAMOJA_PUBLISHER_PASSWORD" <<'SQL'
ALTER ROLE pamoja_owner PASSWORD :'owner';
ALTER ROLE pamoja_app PASSWORD :'app';
ALTER ROLE pamoja_publisher PASSWORD :'publisher';
GRANT CREATE ON DATABASE pamoja TO pamoja_owner;
REVOKE CONNECT, TEMPORARY ON DATABASE pamoja FROM PUBLIC;
GRANT CONNECT ON DATABASE pamoja TO pamoja_owner, pamoja_app, pamoja_publisher;
SQL
