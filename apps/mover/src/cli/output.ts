import { once } from 'node:events';

/** Writes to stdout; resolves when more may follow. */
export async function print(data: string | Buffer): Promise<void> {
  if (!process.stdout.write(data)) await once(process.stdout, 'drain');
}

/** Resolves when all that was printed is on its way: what a process that exits has not written yet is lost. */
export function flushed(): Promise<void> {
  return new Promise((done) => process.stdout.write('', () => done()));
}

/** For people, beside what goes to stdout. */
export function note(text: string): void {
  process.stderr.write(`godwit-mover: ${text}\n`);
}

/** A reader that has seen enough (`| head`) is no failure. */
export function endQuietlyWithoutReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    note(`cannot write to stdout: ${error.message}`);
    process.exit(1);
  });
}
