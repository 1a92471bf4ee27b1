#!/bin/sh
# What the official image does at its start, as far as the lab and Testcontainers rely on it: arguments that begin with a
# dash go to mysqld; an empty data directory is initialised with the accounts that MYSQL_* variables name.
set -eu

case "${1:-}" in
'' | -*) set -- mysqld "$@" ;;
esac

data=/var/lib/mysql
init=/var/run/mysqld/init.sql

quote() { printf "'%s'" "$(printf %s "$1" | sed -e 's/\\/\\\\/g' -e "s/'/\\\\'/g")"; }

accounts() {
  root=$(quote "${MYSQL_ROOT_PASSWORD:-}")
  echo "ALTER USER 'root'@'localhost' IDENTIFIED BY $root;"
  host=${MYSQL_ROOT_HOST:-%}
  if [ "$host" != localhost ]; then
    echo "CREATE USER 'root'@$(quote "$host") IDENTIFIED BY $root;"
    echo "GRANT ALL ON *.* TO 'root'@$(quote "$host") WITH GRANT OPTION;"
  fi
  [ -z "${MYSQL_DATABASE:-}" ] || echo "CREATE DATABASE IF NOT EXISTS \`$MYSQL_DATABASE\`;"
  if [ -n "${MYSQL_USER:-}" ]; then
    echo "CREATE USER $(quote "$MYSQL_USER")@'%' IDENTIFIED BY $(quote "${MYSQL_PASSWORD:-}");"
    [ -z "${MYSQL_DATABASE:-}" ] || echo "GRANT ALL ON \`$MYSQL_DATABASE\`.* TO $(quote "$MYSQL_USER")@'%';"
  fi
}

if [ "$1" = mysqld ] && [ ! -d "$data/mysql" ]; then
  if [ -z "${MYSQL_ROOT_PASSWORD:-}${MYSQL_ALLOW_EMPTY_PASSWORD:-}" ]; then
    echo 'Database is uninitialized and password option is not specified: MYSQL_ROOT_PASSWORD is needed' >&2
    exit 1
  fi
  "$@" --initialize-insecure
  accounts >"$init"
  chown mysql "$init"
  set -- "$@" "--init-file=$init"
fi
exec "$@"
