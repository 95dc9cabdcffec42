// The person's token: where it comes from, how long it is good for, and getting the next one in time.

export type Given = string | { token: string; expires_at?: string };
export type Source = string | (() => Given | Promise<Given>);

// A token is replaced while it is still good for so long, or for a quarter of its time [ms].
const EARLY = 60_000;
// A page that cannot give one is not asked again before [ms].
const AGAIN = 15_000;

interface Held {
  raw: string;
  person: string;
  expires: number;
  renew: number;
}

export class Tokens {
  private held: Held | null = null;
  private asking: Promise<Held | null> | null = null;
  private refusedAt = -AGAIN;

  constructor(
    private source: Source | null,
    private readonly failed: (failure: unknown) => void,
  ) {}

  get known(): boolean {
    return this.source !== null;
  }

  /** The one that is held, for those who cannot wait. */
  get now(): Held | null {
    return this.held && this.held.expires > Date.now() ? this.held : null;
  }

  /** One that is good for a while; null where there is none. refused: the held one was not believed. */
  async get(refused?: string): Promise<Held | null> {
    if (refused && this.held?.raw === refused) this.held = null;
    const held = this.held;
    if (held && (held.renew > Date.now() || typeof this.source === "string")) return this.now;
    const asked = (this.asking ??= this.ask().finally(() => (this.asking = null)));
    return (await asked) ?? this.now;
  }

  private async ask(): Promise<Held | null> {
    if (this.source === null || performance.now() - this.refusedAt < AGAIN) return null;
    try {
      const given = typeof this.source === "function" ? await this.source() : this.source;
      // The one and only token of an attribute, refused once, is refused for ever.
      if (typeof this.source === "string") this.refusedAt = Infinity;
      this.held = read(given);
      // Whoever gives old ones is not asked for each.
      if (this.held.renew <= Date.now()) this.refusedAt = performance.now();
      return this.now;
    } catch (failure) {
      this.refusedAt = performance.now();
      this.failed(failure);
      return null;
    }
  }
}

/** Tokens are read, never judged, here: whose it is keeps what is stored apart, its end says when to ask anew. */
function read(given: Given): Held {
  const raw = typeof given === "string" ? given : given.token;
  const middle = (raw.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
  let claims: { sub?: string; exp?: number } = {};
  try {
    const bytes = Uint8Array.from(atob(middle), (letter) => letter.charCodeAt(0));
    claims = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Not of the kind that can be read; it may be believed all the same.
  }
  const told = typeof given === "string" ? NaN : Date.parse(given.expires_at ?? "");
  const end = claims.exp ? claims.exp * 1000 : told;
  const expires = Number.isNaN(end) ? Infinity : end;
  const renew = expires - Math.min(EARLY, Math.max(0, expires - Date.now()) / 4);
  return { raw, person: String(claims.sub ?? ""), expires, renew };
}
