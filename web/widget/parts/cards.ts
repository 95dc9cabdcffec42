// Cards: what was decided for this person, shown one at a time by the tab that leads.

import { perform } from "../actions";
import { Away } from "../api";
import { seal } from "../seal";
import type { Inbox, Intervention, Widget } from "../widget";
import { cards as de } from "../words/de";
import { cards as en } from "../words/en";
import { spoken } from "../words/index";

type Answer = "engaged" | "dismissed" | "snoozed" | "ignored";

const CELEBRATION = "milestone_celebration";

// How often it is asked what there is, and how soon again at the earliest [ms].
const EVERY = 60_000;
const SOONEST = 5_000;
// A card that nobody answers is taken away after so long in sight [s], unless the page says otherwise.
const PATIENCE = 600;

export default function cards(widget: Widget): void {
  const inbox = (widget.inbox = new Cards(widget));
  widget.lead("", (leads) => inbox.lead(leads));
}

class Cards implements Inbox {
  private leads = false;
  private asked = -SOONEST;
  recent: Intervention[] = [];
  private readonly answered = new Set<number>();

  constructor(private readonly widget: Widget) {
    const { signal } = widget;
    const look = () => void this.look();
    const timer = setInterval(look, EVERY);
    signal.addEventListener("abort", () => clearInterval(timer));
    window.addEventListener("focus", look, { signal });
    document.addEventListener("visibilitychange", look, { signal });
  }

  /** Begin, or leave it to another tab: what nobody has answered is shown there. */
  lead(leads: boolean): void {
    this.leads = leads;
    this.asked = -SOONEST;
    if (leads) void this.look();
    else this.widget.stage.clear("card-");
  }

  /** What there is now. wanted: the page asked. */
  async look(wanted = false): Promise<void> {
    const now = performance.now();
    if (!this.leads || document.hidden || (!wanted && now - this.asked < SOONEST)) return;
    this.asked = now;
    try {
      const told = await this.widget.api.call<{ interventions: Intervention[] }>("GET", "/proactive/interventions");
      // Another tab may have taken over meanwhile.
      if (this.leads) this.show(told.interventions ?? []);
    } catch (failure) {
      if (!(failure instanceof Away)) this.widget.trouble(failure);
    }
  }

  private show(found: Intervention[]): void {
    const there = new Set(found.map(({ id }) => key(id)));
    for (const gone of this.shown) if (!there.has(gone)) this.widget.stage.end(gone);
    this.shown = there;
    for (const each of found) if (!this.answered.has(each.id)) this.offer(each);
  }

  private shown = new Set<string>();

  private offer(each: Intervention): void {
    const { widget } = this;
    const { words, actions } = widget;
    let patience: ReturnType<typeof setTimeout> | undefined;
    const own = actions.named(each.action);
    const said = spoken(widget.lang, en, de);
    const asked = said[`do_${each.action}` as keyof typeof said] ?? said.open;
    widget.card({
      key: key(each.id),
      weight: 0,
      until: Date.parse(each.expires_at),
      from: words.card,
      title: each.title,
      text: each.message,
      body: each.intervention_type === CELEBRATION ? seal(widget, true) : undefined,
      choices: [
        { label: own?.label ?? asked, main: true, take: () => this.answer(each, "engaged") },
        { label: words.later, take: () => this.answer(each, "snoozed") },
      ],
      cross: () => this.answer(each, "dismissed"),
      more: { label: words.why, take: () => void widget.part("why", each.id) },
      shown: () => {
        this.recent = [each, ...this.recent.filter(({ id }) => id !== each.id)].slice(0, 5);
        widget.tell("card", each);
        patience = setTimeout(() => this.answer(each, "ignored"), 1000 * (Number(widget.option("ignore-after")) || PATIENCE));
      },
      hidden: () => clearTimeout(patience),
    });
  }

  private answer(each: Intervention, response: Answer): void {
    const { widget } = this;
    // What sleeps comes back; everything else is done with.
    if (response !== "snoozed") this.answered.add(each.id);
    widget.stage.end(key(each.id));
    void widget.reply("/proactive/interventions/response", {
      intervention_log_id: each.id,
      user_response: response,
    });
    widget.tell("response", { kind: "card", id: each.id, response });
    if (response === "engaged") perform(widget, { action: each.action, from: "card", intervention: each });
  }
}

const key = (id: number) => `card-${id}`;
