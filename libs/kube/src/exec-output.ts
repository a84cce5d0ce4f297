/** What a command in a container did. */
export interface ExecResult {
  /** Absent: it did not tell. */
  exitCode?: number;
  /** What it wrote to both streams, as it came, up to a limit. */
  output: string;
  /** It wrote more than is kept. */
  truncated: boolean;
  /** Why there is no exit code, as the node told it. */
  problem?: string;
}

/** Channels of the protocol v4.channel.k8s.io and later: the first byte of each message says which. */
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;

interface ExecStatus {
  status: 'Success' | 'Failure';
  reason?: string;
  message?: string;
  details?: { causes?: { reason?: string; message?: string }[] };
}

/** Reads what comes back from a command, message by message. What is kept has a limit, for a command may write without end. */
export class ExecOutput {
  private readonly kept: Buffer[] = [];
  private size = 0;
  private status: ExecStatus | undefined;
  private truncated = false;

  constructor(private readonly mostBytes: number) {}

  take(message: Buffer): void {
    const [channel] = message;
    if (channel === STDOUT || channel === STDERR) this.keep(message.subarray(1));
    if (channel === STATUS) this.status = JSON.parse(message.subarray(1).toString('utf8')) as ExecStatus;
  }

  /** What became of the command, when nothing more comes. */
  result(): ExecResult {
    return { ...exitOf(this.status), output: Buffer.concat(this.kept).toString('utf8'), truncated: this.truncated };
  }

  private keep(bytes: Buffer): void {
    const kept = bytes.subarray(0, this.mostBytes - this.size);
    if (kept.length < bytes.length) this.truncated = true;
    if (kept.length > 0) this.kept.push(Buffer.from(kept));
    this.size += kept.length;
  }
}

function exitOf(status: ExecStatus | undefined): Pick<ExecResult, 'exitCode' | 'problem'> {
  if (!status) return { problem: 'the connection ended before the command did' };
  if (status.status === 'Success') return { exitCode: 0 };
  const exit = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  return exit === undefined ? { problem: status.message ?? status.reason ?? 'it failed' } : { exitCode: Number(exit) };
}
