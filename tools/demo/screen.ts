import { styleText } from 'node:util';

/** Lines for people, with a block below them that is drawn again in place where the output is a terminal. */
export class Screen {
  /** Whether there is a terminal that can redraw. */
  readonly live: boolean;
  private readonly out: NodeJS.WriteStream;
  private drawn: string[] = [];

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.out = out;
    this.live = out.isTTY ?? false;
  }

  heading(text: string): void {
    this.say(`\n${styleText('bold', text)}`);
  }

  /** A thing that is as it must be. */
  good(text: string): void {
    this.say(`  ${styleText('green', '✓')} ${text}`);
  }

  bad(text: string): void {
    this.say(`  ${styleText('red', '✗')} ${text}`);
  }

  detail(text: string): void {
    this.say(`    ${styleText('dim', text)}`);
  }

  say(text: string): void {
    const block = this.drawn;
    this.draw([]);
    this.out.write(`${text}\n`);
    this.draw(block);
  }

  /** Replaces the block; an empty one takes it away. Nothing is drawn where there is no terminal. */
  draw(lines: readonly string[]): void {
    if (!this.live) return;
    const up = this.drawn.length > 0 ? `\u001b[${this.drawn.length}A\u001b[J` : '';
    // A line that wraps would be two, and the block would not be taken away whole.
    this.drawn = lines.map((line) => line.slice(0, (this.out.columns || 80) - 1));
    this.out.write(up + this.drawn.map((line) => `${line}\n`).join(''));
  }
}
