export const USAGE = `Usage: godwit-mover COMMAND [--config FILE] [options]

Opens the archive of a volume, which must be complete, without the rest of Godwit.

Commands:
  ls             list what the volume holds
  cat PATH       write the content of a file to stdout; of a Block volume, / is the device
  verify         read everything and check it; writes nothing
  extract DIR    restore the volume into a directory; of a Block volume, into a file or device

Options:
  --config FILE  configuration of a mover of this volume, JSON (default: where a mover in its pod finds it)
  --json         ls: one JSON object on each line; verify: one JSON object
  --replace      extract: DIR may hold something. It becomes what the archive tells: what else is in it is removed
  -h, --help     show this

Paths are written as ls shows them: bytes that are not UTF-8, control characters and backslashes as \\xNN.
Exit codes are those of the mover (docs/runbook.md): 0 done, 2 wrong usage or configuration, 5 the archive is damaged,
9 the archive is not complete; 1 also when there is no such file.
`;

/** What was typed is not a command; told with the usage, exit code 2. */
export class UsageError extends Error {}
