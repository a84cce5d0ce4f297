/** Lets whoever asks an emulator die at a request, as a test says: of the last one nobody hears, nor of any other until it is revived. */
export class KillSwitch {
  private killIn = Number.POSITIVE_INFINITY;
  private onKill = () => {};
  private dying = Promise.withResolvers<void>();

  /** Does so many more requests. */
  killAfter(requests: number, onKill: () => void): void {
    [this.killIn, this.onKill, this.dying] = [requests, onKill, Promise.withResolvers<void>()];
  }

  revive(): void {
    [this.killIn, this.onKill] = [Number.POSITIVE_INFINITY, () => {}];
  }

  /**
   * @param answer does what is asked for
   * @returns undefined if nobody is to hear of it
   */
  async pass<T extends object>(answer: () => Promise<T>): Promise<T | undefined> {
    if (this.killIn <= 0) {
      // Beside the last one: it is not answered either, and not before that one is done.
      await this.dying.promise;
      return undefined;
    }
    this.killIn -= 1;
    const isLast = this.killIn <= 0;
    const answered = await answer();
    if (!isLast) return answered;
    this.onKill();
    this.dying.resolve();
    return undefined;
  }
}
