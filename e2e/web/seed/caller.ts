/** Calls the API as the holder of a key. */
export class Caller {
  private readonly url: string;
  private readonly key: string;

  constructor(url: string, key: string) {
    this.url = url;
    this.key = key;
  }

  /** @throws Error if it is not answered with what was asked for */
  async post(path: string, body: object): Promise<{ id: string }> {
    const answer = await fetch(`${this.url}/api${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    if (!answer.ok) throw new Error(`POST ${path} gave ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as { id: string };
  }
}
