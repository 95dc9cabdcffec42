// One poll: the question, a vote, what the others voted, and how much time is left.

import { h } from "./dom";
import { Refused } from "./api";
import type { Widget } from "./widget";
import type { live } from "./words/en";
import { fill } from "./words/index";

export interface Poll {
  poll_id: string;
  question: string;
  type: "multiple_choice" | "rating" | "open_ended";
  options: string[];
  duration: number;
  closes_at: string;
  votes?: number | null;
  counts?: number[] | null;
  own?: { choice: number | null; words: string | null } | null;
}

type News = Partial<Pick<Poll, "votes" | "counts" | "own">>;

// So long results stay in sight once it is closed [ms].
const AFTER = 8_000;

export class Voting {
  private readonly key: string;
  private readonly said = h("span", { class: "said", role: "status" });
  private readonly clock = h("span", { class: "clock" });
  private readonly line = h("i");
  private readonly set: HTMLFieldSetElement;
  private readonly button = h("button", { type: "submit", class: "main" });
  private readonly until: number;
  private timer: ReturnType<typeof setInterval>;
  private over = false;

  constructor(
    private readonly widget: Widget,
    private readonly words: typeof live,
    private readonly room: string,
    private readonly poll: Poll,
    private readonly left: number,
  ) {
    this.key = `poll-${poll.poll_id}`;
    this.set = h("fieldset", { "aria-labelledby": `${this.key}-title` });
    this.until = Date.now() + left * 1000;
    const open = poll.type === "open_ended";
    this.button.textContent = open ? words.send : words.vote;
    if (poll.type === "rating") this.set.className = "rating";
    this.set.append(...(open ? [this.field()] : poll.options.map((option, at) => this.option(option, at))));
    const submit = (event: SubmitEvent) => {
      event.preventDefault();
      void this.vote();
    };
    const left_ = h("div", { class: "left", "aria-hidden": "true" }, this.line);
    const end = h("div", { class: "end" }, this.button, this.said, this.clock);
    widget.card({
      key: this.key,
      weight: 2,
      from: words.poll,
      title: poll.question,
      body: h("form", { class: "poll", submit }, left_, this.set, end),
      choices: [],
      cross: () => this.end(),
      shown: () => widget.tell("poll", { ...poll }),
    });
    this.timer = setInterval(() => this.tick(), 1000);
    this.tick();
    this.told(poll);
  }

  /** Votes have come in. */
  told(news: News): void {
    const { poll, words } = this;
    for (const name of ["votes", "counts", "own"] as const) if (news[name] !== undefined) Object.assign(poll, { [name]: news[name] });
    if (poll.counts) this.said.textContent = fill(poll.votes === 1 ? words.one : words.many, { n: poll.votes ?? 0 });
    else if (poll.own) this.said.textContent = words.thanks;
    [...this.set.querySelectorAll("label")].forEach((row, at) => this.mark(row, at));
  }

  closed(news: News): void {
    this.over = true;
    this.told(news);
    this.set.disabled = true;
    this.button.hidden = true;
    this.tick();
    setTimeout(() => this.end(), AFTER);
  }

  end(): void {
    clearInterval(this.timer);
    this.widget.stage.end(this.key);
  }

  private option(option: string, at: number): HTMLElement {
    const radio = h("input", { type: "radio", name: this.key, value: at, required: true });
    // What the others voted is not part of the name of an option.
    const bar = h("span", { class: "bar", "aria-hidden": "true" });
    return h("label", {}, bar, radio, h("span", { class: "option", dir: "auto" }, option), h("span", { class: "many" }));
  }

  private field(): HTMLElement {
    return h("input", { type: "text", maxlength: 500, required: true, autocomplete: "off", "aria-label": this.words.answer });
  }

  private mark(row: HTMLElement, at: number): void {
    const { counts, own } = this.poll;
    const all = (counts ?? []).reduce((sum, each) => sum + each, 0);
    const share = counts && all ? (counts[at] ?? 0) / all : 0;
    row.querySelector<HTMLElement>(".bar")!.style.inlineSize = `${100 * share}%`;
    row.querySelector(".many")!.textContent = counts ? `${Math.round(100 * share)} %` : "";
    const radio = row.querySelector("input")!;
    if (own?.choice === at && !this.set.querySelector(":checked")) radio.checked = true;
  }

  private async vote(): Promise<void> {
    const { widget, poll, words } = this;
    const form = new FormData(this.set.form!);
    const chosen = form.get(this.key);
    const text = this.set.querySelector<HTMLInputElement>("input[type=text]")?.value.trim();
    const body = poll.type === "open_ended" ? { words: text } : { choice: Number(chosen) };
    if (poll.type === "open_ended" ? !text : chosen === null) return;
    try {
      const own = await widget.api.call<Poll["own"]>("POST", `${this.room}/polls/${poll.poll_id}/vote`, body, true);
      widget.tell("response", { kind: "poll", id: poll.poll_id, ...body });
      this.told({ own });
      if (!poll.counts) this.said.textContent = words.thanks;
      if (poll.type === "open_ended") this.set.disabled = this.button.disabled = true;
    } catch (failure) {
      const late = failure instanceof Refused && failure.status === 409;
      this.said.textContent = late ? words.late : widget.words.later;
      if (!late) widget.trouble(failure);
    }
  }

  private tick(): void {
    const left = Math.max(0, (this.until - Date.now()) / 1000);
    this.clock.textContent = this.over || !left ? this.words.over : fill(this.words.left, { n: Math.ceil(left) });
    this.line.style.inlineSize = this.over ? "0" : `${(100 * left) / Math.max(this.poll.duration, this.left)}%`;
    if (this.over || !left) clearInterval(this.timer);
    // Its end was not heard of.
    if (!left && !this.over && Date.now() - this.until > -1000) setTimeout(() => this.over || this.end(), AFTER);
  }
}
