// Presence: what is counted of a visit, and when it is told.

import { type Beat, Beats } from "./beats";
import { Visit, watch } from "./visit";
import type { Place, Widget } from "./widget";

// Between two beats [ms].
const HEARTBEAT = 10_000;
// A last beat that says nothing new is not sent [s].
const NEW = 0.5;

export class Presence {
  readonly beats: Beats;
  private visit = new Visit();
  private told = -1;
  private place: Place;

  constructor(
    private readonly widget: Widget,
    heard: { scroll(): void; hesitate(control: Element): void },
  ) {
    const { signal } = widget;
    this.place = widget.place();
    this.beats = new Beats(widget.api);
    watch(widget.element, signal, {
      scroll: () => {
        this.visit.scrolls++;
        heard.scroll();
      },
      hesitate: (control) => {
        this.visit.hesitations++;
        heard.hesitate(control);
      },
    });
    document.addEventListener("visibilitychange", () => this.see(!document.hidden), { signal });
    window.addEventListener("pagehide", () => this.see(false), { signal });
    window.addEventListener("pageshow", (event) => event.persisted && this.see(true), { signal });
    window.addEventListener("online", () => void this.beats.tellKept(), { signal });
    const timer = setInterval(() => document.hidden || this.tell(), HEARTBEAT);
    signal.addEventListener("abort", () => clearInterval(timer));
    this.tell();
  }

  /** Where one is may have changed: the page became another one without being loaded anew. */
  moved(): void {
    const next = this.widget.place();
    if (JSON.stringify(next) === JSON.stringify(this.place)) return;
    this.part();
    this.place = next;
    this.visit = new Visit();
    this.told = -1;
    this.tell();
  }

  /** The visit is over; what was not yet told of it is. */
  part(): void {
    if (this.visit.seconds - this.told <= NEW) return;
    const beat = this.beat(true);
    this.widget.tell("presence", beat);
    this.beats.part(beat);
  }

  private see(visible: boolean): void {
    this.visit.see(visible);
    if (visible) this.tell();
    else this.part();
  }

  private tell(): void {
    const beat = this.beat();
    this.widget.tell("presence", beat);
    void this.beats.tell(beat);
  }

  private beat(final?: true): Beat {
    const { id, seconds, scrolls, hesitations } = this.visit;
    const { page, topic, content_id } = this.place;
    this.told = seconds;
    return {
      page,
      topic,
      content_id,
      time_on_page: Math.round(seconds * 100) / 100,
      scroll_count: scrolls,
      mouse_hesitations: hesitations,
      visit_id: id,
      seq: this.visit.seq++,
      final,
    };
  }
}
