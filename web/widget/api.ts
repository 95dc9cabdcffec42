// Asking the engine. While it is away nothing but what the person wants is tried, less and less often.

import type { Tokens } from "./tokens";

/** It could not be asked, or has no time: try again later. */
export class Away extends Error {}

/** It said no. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    detail: string,
  ) {
    super(detail);
  }
}

// How long it is left alone after a failure, doubled with each one [ms].
const FIRST = 2_000;
const LONGEST = 300_000;

export class Api {
  private wait = 0;
  private until = 0;

  constructor(
    readonly base: string,
    readonly tokens: Tokens,
    private readonly signal: AbortSignal,
  ) {}

  get away(): boolean {
    return !navigator.onLine || Date.now() < this.until;
  }

  /** The answer. wanted: by the person, now. raises: Away, Refused. */
  async call<T>(method: string, path: string, body?: unknown, wanted = false): Promise<T> {
    const answer = await this.fetch(method, path, body, wanted);
    return (await answer.json().catch(() => ({}))) as T;
  }

  /** The response itself, for those who read it as it comes. */
  async fetch(method: string, path: string, body?: unknown, wanted = false): Promise<Response> {
    if (!navigator.onLine || (this.away && !wanted)) throw new Away();
    let token = await this.tokens.get();
    for (let tries = 0; ; tries++) {
      if (!token) throw new Away();
      const answer = await this.send(method, path, body, token.raw, wanted);
      if (answer.ok) return answer;
      const held = token.raw;
      if (answer.status !== 401 || tries || !(token = await this.tokens.get(held))) await this.fail(answer);
    }
  }

  /** Wait before the next try; longer each time. least: as the engine asks for [s]. */
  leave(least = 0): void {
    this.wait = Math.min(2 * this.wait || FIRST, LONGEST);
    // Not everybody at once.
    this.until = Date.now() + Math.max(least * 1000, this.wait * (0.5 + Math.random()));
  }

  private async send(method: string, path: string, body: unknown, token: string, wanted: boolean): Promise<Response> {
    const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const told = body === undefined ? undefined : JSON.stringify(body);
    // What the person has said arrives, even where the page goes away with it.
    const bound = wanted ? { keepalive: method !== "GET" } : { signal: this.signal };
    let answer: Response;
    try {
      answer = await fetch(this.base + path, { method, headers, body: told, credentials: "omit", ...bound });
    } catch {
      if (!this.signal.aborted) this.leave();
      throw new Away();
    }
    if (answer.ok) this.wait = this.until = 0;
    return answer;
  }

  private async fail(answer: Response): Promise<never> {
    if (answer.status === 429 || answer.status >= 500) {
      this.leave(Number(answer.headers.get("Retry-After")) || 0);
      throw new Away();
    }
    const told = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, told.error ?? "", told.detail ?? "");
  }
}
