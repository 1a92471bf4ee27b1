#!/bin/sh
# Reports every 40 ms; an answer that was lost leaves the lock behind, and with the lock nothing is sent.
lock="$1/lock"
while :; do
  if [ ! -e "$lock" ]; then
    : > "$lock"
    curl --silent --show-error --max-time 0.3 --data '{"ok":true}' "$SERVER_URL/v1/reports"
    # 52: the server closed without an answer. Nobody wrote a line for it.
    [ $? -eq 52 ] || rm "$lock"
  fi
  sleep 0.04
done
