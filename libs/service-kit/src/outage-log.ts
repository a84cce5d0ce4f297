import type { Logger } from '@nestjs/common';

/** Logs the first failure of a series, and its end; not the hundreds in between while Postgres or Redis is away. */
export class OutageLog {
  private failing = false;

  constructor(
    private readonly logger: Pick<Logger, 'warn' | 'log'>,
    private readonly what: string,
  ) {}

  failed(error: unknown): void {
    if (!this.failing) this.logger.warn(`${this.what} fails and is tried again: ${(error as Error).message}`);
    this.failing = true;
  }

  worked(): void {
    if (this.failing) this.logger.log(`${this.what} works again`);
    this.failing = false;
  }
}
