/** Longer than any hook waits for its post hook: a lock that nobody takes back ends by itself. */
const LONGEST_HOLD_SECONDS = 3600;

interface Client {
  /** The command line client, with its user; the password comes by MYSQL_PWD. */
  command: string;
  /** Variables of the image that may hold the password of the administrator, the first that is set counts. */
  passwords: string;
  /** What holds writes for as long as the session lives. */
  lock: string;
}

/**
 * A lock of these servers lives as long as the session that took it, so one stays behind in the container. It marks itself by the
 * alias of its last statement, and what it writes before that tells that the lock is held.
 */
export function holdLock({ command, passwords, lock }: Client): string {
  return `
export MYSQL_PWD="${passwords}"
log=/tmp/godwit-lock.log
: >"$log"
${command} --skip-column-names --unbuffered \\
  --execute="${lock}; SELECT 'godwit-holds'; SELECT SLEEP(${LONGEST_HOLD_SECONDS}) AS godwit_lock" </dev/null >"$log" 2>&1 &
session=$!
until grep -q '^godwit-holds' "$log"; do
  kill -0 "$session" 2>/dev/null || { cat "$log"; rm -f "$log"; exit 1; }
  sleep 0.2
done`;
}

/** Ends the session that holds the lock, also where the client in the container is gone. */
export function releaseLock({ command, passwords }: Client): string {
  return `
export MYSQL_PWD="${passwords}"
${command} --skip-column-names --execute="SELECT id FROM information_schema.processlist
  WHERE info LIKE '%AS godwit_lock' AND id <> CONNECTION_ID()" |
while read -r id; do ${command} --execute="KILL $id"; done
rm -f /tmp/godwit-lock.log`;
}
