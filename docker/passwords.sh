#!/usr/bin/env bash
# Runs once, as PostgreSQL's own entry point makes the database: gives the roles of roles.sql their passwords. Each process gets that of
# its own role alone.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -U postgres -d pamoja \
  -v owner="$PAMOJA_OWNER_PASSWORD" -v server="$PAMOJA_SERVER_PASSWORD" -v sign_in="$PAMOJA_SIGN_IN_PASSWORD" -v worker="$PAMOJA_WORKER_PASSWORD" \
  -v operator="$PAMOJA_OPERATOR_PASSWORD" -v publisher="$PAMOJA_PUBLISHER_PASSWORD" <<'SQL'
ALTER ROLE pamoja_owner PASSWORD :'owner';
ALTER ROLE pamoja_server PASSWORD :'server';
ALTER ROLE pamoja_sign_in PASSWORD :'sign_in';
ALTER ROLE pamoja_worker PASSWORD :'worker';
ALTER ROLE pamoja_operator PASSWORD :'operator';
ALTER ROLE pamoja_publisher PASSWORD :'publisher';
SQL
