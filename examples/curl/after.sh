#!/bin/bash
# Reports the load of this machine to the fleet server every few seconds. Needs curl 7.84 or later.
MACHINE=${MACHINE_ID:-$(hostname)}
say() { echo "$(date '+%Y-%m-%d %H:%M:%S') $*"; }
# A signal ends `wait` at once, and not only when the sleep is over.
pause() { sleep "$1" & wait $!; }
trap 'exit 0' TERM INT

# One attempt at report $1 with the key $2: its status, or 000, and what the server asks to wait.
send() {
  # The token comes by standard input, so that it stands in no list of processes.
  curl --silent --output /dev/null --write-out '%{http_code} %header{retry-after}' --config - \
    --connect-timeout 10 --max-time 20 --header 'Content-Type: application/json' --header "Idempotency-Key: $2" \
    --data "{\"machineId\":\"$MACHINE\",\"sequence\":$1}" "$SERVER_URL/api/fleet/report" \
    <<<"header = \"Authorization: Bearer $API_TOKEN\""
}

n=0
say "INFO reporting to $SERVER_URL as $MACHINE"
while true; do
  n=$((n + 1))
  read -r key </proc/sys/kernel/random/uuid
  wait=1 attempt=0
  # The key makes sure that a report counts once, however often it is sent.
  while read -r status asked <<<"$(send "$n" "$key")" && [[ $status != 2?? ]]; do
    if [[ $status == 401 || $status == 403 ]]; then
      say "ERROR the server refuses the token ($status): check API_TOKEN"
      asked=30 # What is refused is refused a second later, too.
    fi
    attempt=$((attempt + 1))
    [[ $asked =~ ^[0-9]+$ && $asked -gt $wait ]] && next=$asked || next=$wait
    next="$next.$((RANDOM % 10))"
    level=WARN
    ((attempt % 5 == 0)) && level=ERROR
    say "$level report $n, attempt $attempt: status $status, next in $next s"
    pause "$next"
    wait=$((wait < 60 ? wait * 2 : 60))
  done
  pause "${INTERVAL:-5}"
done
