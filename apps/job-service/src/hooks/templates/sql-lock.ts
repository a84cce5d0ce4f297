/** Longer than any hook waits for its post hook: a lock that nobody takes back ends by itself. */
const LONGEST_HOLD_SECONDS = 3600;

interface Client {
  /** The command line client, with its user; the password comes by MYSQL_PWD. */
  command: string;
  /** Variables of the image that may hold the password of the administrator, the first that is set counts. */
  passwords: string;
  /** Statements after which writes are held for as long as the session lives. */
  lock: readonly string[];
}

/** Each statement begins with it, so that the session is known by what it runs, also while it waits for the lock. */
const MARK = '/* godwit_lock */';

/** By it the last statement is known to hooks that were made of an earlier template, whose pairs need not be of one age. */
const ALIAS = 'AS godwit_lock';

/**
 * What is left in the container of the client that stays behind there. A process of that number may be another one by now, as /tmp
 * may outlive the container.
 */
const STATE = `
pid_file=/tmp/godwit-lock.pid
log=/tmp/godwit-lock.log
is_client() { grep -q godwit_lock "/proc/\${1:-none}/cmdline" 2>/dev/null; }
client=$(cat "$pid_file" 2>/dev/null || true)`;

/**
 * A lock of these servers lives as long as the session that took it, so one stays behind in the container. What it writes tells
 * which session it is, and that the lock is held. Run again, it goes on with the session that is there.
 */
export function holdLock({ command, passwords, lock }: Client): string {
  const statements = [
    "SELECT CONCAT('godwit-session ', CONNECTION_ID())",
    ...lock,
    "SELECT 'godwit-holds'",
    `SELECT SLEEP(${LONGEST_HOLD_SECONDS}) ${ALIAS}`,
  ];
  // Clients take comments away where they are not told to keep them. One that has ended may stay as a zombie: servers mind no orphans.
  return `
export MYSQL_PWD="${passwords}"
${STATE}
has_ended() { ! kill -0 "$1" 2>/dev/null || grep -q '^State:.*zombie' "/proc/$1/status" 2>/dev/null; }
if ! is_client "$client"; then
  : >"$log"
  ${command} --comments --skip-column-names --unbuffered \\
    --execute="${statements.map((statement) => `${MARK} ${statement}`).join('; ')}" </dev/null >"$log" 2>&1 &
  client=$!
  echo "$client" >"$pid_file"
fi
until grep -q '^godwit-holds' "$log"; do
  if has_ended "$client"; then cat "$log"; rm -f "$log" "$pid_file"; exit 1; fi
  sleep 0.2
done`;
}

/**
 * Ends the session that holds the lock or waits for it, also where the client in the container is gone. Fails where the lock was
 * held and has ended by itself, also when it is run again: what was copied may not be of one moment.
 */
export function releaseLock({ command, passwords }: Client): string {
  return `
export MYSQL_PWD="${passwords}"
${STATE}
sql() { ${command} --skip-column-names --execute="$1"; }
sessions() { sql "SELECT id FROM information_schema.processlist WHERE info LIKE '${MARK}%' OR info LIKE '%${ALIAS}'"; }
own=
if is_client "$client"; then
  # Nobody takes what follows for a lock that ended by itself.
  rm -f "$pid_file"
  # It sends no further statement; a server that is at one goes on with it all the same.
  kill -9 "$client" 2>/dev/null || true
  own=$(grep '^godwit-session' "$log" | cut -d ' ' -f 2)
fi
# Where no lock was asked for, a server that does not answer is no failure.
ids=$(sessions) || { [ -e "$log" ] || exit 0; exit 1; }
if [ -e "$pid_file" ] && [ -z "$ids" ] && grep -q '^godwit-holds' "$log"; then
  grep -v '^godwit-' "$log" || true
  echo 'The lock ended before this hook: writes were not held all the time, the copy may not be of one moment. Run again.'
  exit 1
fi
rm -f "$pid_file"
ids="$own $ids"
tries=0
while [ -n "\${ids# }" ]; do
  for id in $ids; do sql "KILL $id" 2>/dev/null || true; done
  ids=$(sessions)
  [ -n "$ids" ] || break
  tries=$((tries + 1))
  [ "$tries" -le 25 ] || { echo "These sessions do not end:" $ids; exit 1; }
  sleep 0.2
done
rm -f "$log"`;
}
