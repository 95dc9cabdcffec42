// A live room: polls as they open, with results and the time left, and what is said to everybody.

import { sheet } from "../dom";
import { messages } from "../stream";
import { type Poll, Voting } from "../voting";
import type { Widget } from "../widget";
import { live as de } from "../words/de";
import { live as en } from "../words/en";
import { spoken } from "../words/index";
import css from "./live.css";

const LOOK = sheet(css);
// What is said to everybody is not shown later than that [ms].
const TIMELY = 120_000;

type Data = Record<string, any>;

export default function live(widget: Widget, session: string): void {
  widget.look(LOOK);
  let listening: AbortController | null = null;
  widget.lead(`live:${session}`, (leads) => {
    listening?.abort();
    listening = leads ? new AbortController() : null;
    if (listening) void new Room(widget, session).listen(AbortSignal.any([listening.signal, widget.signal]));
  });
}

class Room {
  private readonly polls = new Map<string, Voting>();
  private readonly words: typeof en;
  private readonly path: string;

  constructor(
    private readonly widget: Widget,
    session: string,
  ) {
    this.words = spoken(widget.lang, en, de);
    this.path = `/api/v1/live/sessions/${encodeURIComponent(session)}`;
  }

  async listen(signal: AbortSignal): Promise<void> {
    try {
      for await (const { type, data, id } of messages(this.widget, `${this.path}/stream`, signal)) this.hear(type, data, id);
    } catch (failure) {
      if (!signal.aborted) this.widget.trouble(failure);
    }
    for (const poll of this.polls.values()) poll.end();
  }

  private hear(type: string, data: Data, id: string): void {
    if (type === "welcome") this.welcome(data.polls as Poll[]);
    else if (type === "poll_opened") this.open(data as Poll, data.duration);
    else if (type === "poll_results") this.polls.get(data.poll_id)?.told(data);
    else if (type === "poll_closed") this.polls.get(data.poll_id)?.closed(data);
    else if (["chat_prompt", "notification", "achievement", "leaderboard"].includes(type)) this.notice(data, id);
    if (type !== "welcome") this.widget.tell("live", { type, ...data });
  }

  /** What stands, after coming in or coming back. */
  private welcome(standing: Poll[]): void {
    const ids = standing.map(({ poll_id }) => poll_id);
    for (const [id, poll] of this.polls) if (!ids.includes(id)) poll.end();
    for (const poll of standing) {
      const left = (Date.parse(poll.closes_at) - Date.now()) / 1000;
      this.open(poll, Math.min(left, poll.duration));
    }
  }

  private open(poll: Poll, left: number): void {
    const known = this.polls.get(poll.poll_id);
    if (known) known.told(poll);
    else if (left > 0) this.polls.set(poll.poll_id, new Voting(this.widget, this.words, this.path, poll, left));
  }

  private notice({ title, body, text }: Data, id: string): void {
    const key = `live-${id}`;
    this.widget.card({
      key,
      weight: 1,
      until: Date.now() + TIMELY,
      from: this.widget.words.card,
      title: title ?? text,
      text: title ? body : undefined,
      choices: [{ label: this.widget.words.fine, take: () => this.widget.stage.end(key) }],
      cross: () => this.widget.stage.end(key),
    });
  }
}
