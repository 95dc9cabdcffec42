// Beats: where somebody is, told every ten seconds while the page is visible, and once more when it is left.
// What cannot be told is kept in this browser, within bounds, and told later; each has a number and counts once.

import { type Api, Away, Refused } from "./api";
import { read, write } from "./kept";

export interface Place {
  page: string;
  topic?: string;
  content_id?: string;
}

export interface Beat extends Place {
  time_on_page: number;
  scroll_count: number;
  mouse_hesitations: number;
  visit_id: string;
  seq: number;
  final?: boolean;
  occurred_at?: string;
}

const ADDRESS = "/ambient/presence/update";
const LATER = "/ambient/presence/beats";
// So many are kept, for so long [ms].
const MOST = 300;
const OLDEST = 23 * 3_600_000;
// Told at once, as the engine takes them.
const BATCH = 100;

export class Beats {
  private sending = false;
  private unwanted = false;

  constructor(private readonly api: Api) {}

  /** Tell it now, or keep it. */
  async tell(beat: Beat): Promise<void> {
    if (this.unwanted) return;
    try {
      const { status } = await this.api.call<{ status: string }>("POST", ADDRESS, beat);
      // Somebody said no elsewhere, or is not known any more.
      this.unwanted = status === "no_consent" || status === "erased";
      if (this.unwanted) this.forget();
      else await this.tellKept();
    } catch (failure) {
      if (failure instanceof Away) this.keep(beat);
    }
  }

  /** The page goes away: nothing can be waited for. */
  part(beat: Beat): void {
    const token = this.api.tokens.now;
    if (!token || this.unwanted) return;
    // A string travels as text/plain, which asks no leave beforehand.
    const told = !this.api.away && navigator.sendBeacon(this.api.base + ADDRESS, JSON.stringify({ ...beat, token: token.raw }));
    if (!told) this.keep(beat);
  }

  /** Tell what was kept, oldest first. */
  async tellKept(): Promise<void> {
    const key = this.key;
    if (!key || this.sending || this.api.away || !read(key)) return;
    this.sending = true;
    try {
      await exclusively(key, async () => {
        for (let kept = fresh(read<Beat[]>(key)); kept.length; kept = fresh(read<Beat[]>(key))) {
          const batch = kept.slice(0, BATCH);
          await this.api.call("POST", LATER, { beats: batch, sent_at: new Date().toISOString() });
          // Whatever another tab kept meanwhile stays.
          const done = new Set(batch.map(number));
          write(key, nothing(fresh(read<Beat[]>(key)).filter((beat) => !done.has(number(beat)))));
        }
      });
    } catch (failure) {
      // What the engine refuses now it refuses for ever; but for a token there may be another.
      if (failure instanceof Refused && failure.status !== 401) write(key, null);
    }
    this.sending = false;
  }

  /** Nothing of this person is kept any longer. */
  forget(): void {
    if (this.key) write(this.key, null);
  }

  private keep(beat: Beat): void {
    if (!this.key) return;
    const kept = [...fresh(read<Beat[]>(this.key)), { occurred_at: new Date().toISOString(), ...beat }];
    write(this.key, kept.slice(-MOST));
  }

  private get key(): string {
    const person = this.api.tokens.now?.person ?? this.last;
    this.last = person;
    return person && `tactful:beats:${this.api.base}:${person}`;
  }

  private last = "";
}

const number = (beat: Beat) => `${beat.visit_id} ${beat.seq}`;
const nothing = (beats: Beat[]) => (beats.length ? beats : null);

function fresh(beats: Beat[] | null): Beat[] {
  const oldest = Date.now() - OLDEST;
  return Array.isArray(beats) ? beats.filter((beat) => Date.parse(beat.occurred_at ?? "") > oldest) : [];
}

function exclusively(name: string, work: () => Promise<void>): Promise<unknown> {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}
