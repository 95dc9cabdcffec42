// When it may be a good moment for help: the engine is asked at hesitations, after scrolling about, after long stays,
// and before something new is begun. Whether there is any is its decision; how often it is asked is bounded here.

import { Away } from "./api";
import type { Place, Widget } from "./widget";

export interface Help {
  should_show: boolean;
  help_id?: number;
  help_type?: string;
  title?: string | null;
  help_message?: string | null;
  action?: string | null;
}

interface Stretch {
  seconds: number;
  scrolls: number;
  hesitations: number;
}

const SECTIONS = "[data-tactful-concept],[data-tactful-content-id],[data-tactful-topic]";
// Seconds of a stay, and bursts of scrolling, after which it is asked; each once.
const STAYS = [2, 30, 60, 120, 240];
const BURSTS = [4, 8, 16];
// Between two questions, doubled while the answer is no [ms]. What comes sooner waits, but not for long.
const PAUSE = 1_000;
const LONGEST = 20_000;
const TIMELY = 4_000;

export class Moments {
  private known = new Map<Element | null, Stretch>();
  private next = 0;
  private pause = PAUSE;
  private asking = false;
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly widget: Widget) {
    const timer = setInterval(() => document.hidden || this.second(), 1000);
    widget.signal.addEventListener("abort", () => {
      clearInterval(timer);
      clearTimeout(this.waiting);
    });
  }

  hesitated(control: Element): void {
    const section = control.closest(SECTIONS);
    this.stretch(section).hesitations++;
    void this.ask(section, control);
  }

  scrolled(): void {
    const section = looked();
    const { scrolls } = this.stretch(section, { scrolls: 1 });
    if (BURSTS.includes(scrolls)) void this.ask(section, section);
  }

  /** Another page: what was seen of the old one says nothing. */
  moved(): void {
    clearTimeout(this.waiting);
    this.known.clear();
    this.pause = PAUSE;
    this.next = 0;
  }

  private second(): void {
    const section = looked();
    const { seconds } = this.stretch(section, { seconds: 1 });
    // The first one asks for help that can be foreseen, which only content has.
    const first = seconds === STAYS[0] && !this.widget.place(section).content_id;
    if (STAYS.includes(seconds) && !first) void this.ask(section, section);
  }

  private stretch(section: Element | null, more: Partial<Stretch> = {}): Stretch {
    const held = this.known.get(section) ?? { seconds: 0, scrolls: 0, hesitations: 0 };
    held.seconds += more.seconds ?? 0;
    held.scrolls += more.scrolls ?? 0;
    this.known.set(section, held);
    return held;
  }

  private async ask(section: Element | null, anchor: Element | null): Promise<void> {
    const { widget } = this;
    const early = this.next - Date.now();
    clearTimeout(this.waiting);
    if (this.asking || widget.stage.shown || document.hidden || early > TIMELY) return;
    if (early > 0) {
      this.waiting = setTimeout(() => void this.ask(section, anchor), early + 10);
      return;
    }
    this.asking = true;
    try {
      const told = await this.check(section);
      this.pause = told.should_show ? PAUSE : Math.min(2 * this.pause, LONGEST);
      if (told.should_show && told.help_message) await this.show(told, section, anchor);
    } catch (failure) {
      if (!(failure instanceof Away)) this.pause = LONGEST;
    }
    this.next = Date.now() + this.pause;
    this.asking = false;
  }

  private check(section: Element | null): Promise<Help> {
    const { seconds, scrolls, hesitations } = this.stretch(section);
    return this.widget.api.call<Help>("POST", "/ambient/inline-help/check", {
      user_behavior: { time_on_section: seconds, scroll_count: scrolls, mouse_hesitations: hesitations },
      current_context: this.widget.place(section),
    });
  }

  private async show(told: Help, section: Element | null, anchor: Element | null): Promise<void> {
    const place: Place = this.widget.place(section);
    await this.widget.part("help", told, anchor ?? section, place);
  }
}

/** The section that is in the middle of the window; the innermost one. */
export function looked(): Element | null {
  const middle = innerHeight / 2;
  let found: Element | null = null;
  for (const section of document.querySelectorAll(SECTIONS)) {
    const { top, bottom } = section.getBoundingClientRect();
    if (top <= middle && bottom >= middle) found = section;
  }
  return found;
}
