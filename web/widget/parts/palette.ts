// The palette: what one can do here, found by typing. The engine ranks; what was known last is there at once.

import { perform, type Wanted } from "../actions";
import { dialog } from "../dialog";
import { filled, h, icon, sheet } from "../dom";
import type { Widget } from "../widget";
import { palette as de } from "../words/de";
import { palette as en } from "../words/en";
import { fill, spoken } from "../words/index";
import css from "./palette.css";

interface Action {
  id: string;
  label: string;
  description?: string | null;
  reason?: string | null;
  url?: string | null;
  action?: string | null;
  keywords?: string[];
}

const LOOK = sheet(css);
const KEY = "palette";
const LENS = "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.2 16.2L20 20";
// The host's own actions, as far as they are told to the engine, which takes no more.
const MOST = 50;
// Parts of the widget itself.
const OURS = ["preferences", "today", "milestones"];
// As it was answered last.
let last: Action[] = [];

export default function palette(widget: Widget): void {
  if (widget.stage.shown?.key === KEY) widget.stage.end(KEY);
  else new Palette(widget).open();
}

class Palette {
  private readonly words: typeof en;
  private readonly list: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly count = h("span", { role: "status" });
  private found: Action[] = [];
  private chosen = 0;
  private loading = true;
  private failed = false;
  private held = false;

  constructor(private readonly widget: Widget) {
    const words = (this.words = spoken(widget.lang, en, de));
    this.list = h("div", { role: "listbox", id: "actions", "aria-label": words.label });
    this.input = h("input", {
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      enterkeyhint: "go",
      "aria-label": words.ask,
      "aria-autocomplete": "list",
      "aria-expanded": "true",
      "aria-controls": "actions",
      placeholder: words.ask,
      input: () => this.filter(),
      keydown: (event: KeyboardEvent) => this.key(event),
    });
  }

  open(): void {
    const { widget, words } = this;
    widget.look(LOOK);
    const keys = (what: string, ...names: string[]) => h("span", { class: "keys" }, ...names.map((name) => h("kbd", {}, name)), ` ${what}`);
    const foot = [this.count, keys(words.choose, "↑", "↓"), keys(words.run, "↵"), keys(words.close, "esc")];
    const body = dialog(
      widget,
      KEY,
      "palette",
      words.label,
      h("div", { class: "search" }, icon(LENS), this.input),
      this.list,
      h("div", { class: "foot" }, ...foot),
    );
    widget.tell("palette", { open: true });
    body.addEventListener("close", () => widget.tell("palette", { open: false }));
    this.filter();
    void this.load();
  }

  private async load(): Promise<void> {
    const { widget } = this;
    const { page, concept, content_id } = widget.here();
    const actions = widget.actions.own.slice(0, MOST).map(({ id, label, url, keywords }) => ({ id, label, url, keywords }));
    const body = { current_page: page, current_content: { current_concept: concept, content_id }, actions };
    try {
      last = (await widget.api.call<{ actions: Action[] }>("POST", "/ambient/quick-actions", body, true)).actions ?? [];
    } catch {
      this.failed = true;
    }
    this.loading = false;
    this.filter(true);
    if (this.held) this.run();
  }

  /** What there is: as ranked, then what the page has and the engine did not tell, then our own. */
  private get all(): Action[] {
    const { own } = this.widget.actions;
    const keywords = (id: string) => own.find((each) => each.id === id)?.keywords;
    const slots = this.widget.root.querySelectorAll<HTMLSlotElement>("slot");
    const ours: Action[] = [
      { id: "milestones", label: this.words.milestones },
      { id: "preferences", label: this.words.preferences },
    ];
    if ([...slots].some(filled)) ours.unshift({ id: "today", label: this.words.today });
    const ranked = last.map((each) => ({ keywords: keywords(each.id), ...each }));
    return [...ranked, ...own, ...ours].filter((each, at, all) => all.findIndex(({ id }) => id === each.id) === at);
  }

  private filter(keep = false): void {
    const chosen = this.found[this.chosen]?.id;
    const asked = plain(this.input.value).split(/\s+/).filter(Boolean);
    const text = (each: Action) => plain([each.label, each.description, ...(each.keywords ?? [])].join(" "));
    const first = (each: Action) => (asked[0] && plain(each.label).startsWith(asked[0]) ? 0 : 1);
    this.found = this.all.filter((each) => asked.every((word) => text(each).includes(word)));
    this.found.sort((one, other) => first(one) - first(other));
    // Somebody who has gone down the list stays at what they chose.
    const same = this.found.findIndex(({ id }) => id === chosen);
    this.chosen = keep && this.chosen && same > 0 ? same : 0;
    this.draw();
  }

  private draw(): void {
    const { words, found } = this;
    const rows = found.map((each, at) => this.row(each, at));
    const empty = this.loading ? words.wait : this.failed && !last.length ? words.away : words.none;
    this.list.replaceChildren(...rows);
    this.list.hidden = !rows.length;
    this.count.textContent = rows.length ? fill(rows.length === 1 ? words.one : words.many, { n: rows.length }) : empty;
    this.mark();
  }

  private row(each: Action, at: number): HTMLElement {
    return h(
      "div",
      { role: "option", id: `action-${at}`, click: () => this.choose(at), pointermove: () => this.to(at) },
      h("span", { class: "name", dir: "auto" }, each.label),
      h("span", { class: "about", dir: "auto" }, each.reason || each.description || ""),
    );
  }

  private choose(at: number): void {
    this.chosen = at;
    this.run();
  }

  private to(at: number): void {
    if (at === this.chosen) return;
    this.chosen = at;
    this.mark();
  }

  private mark(): void {
    [...this.list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === this.chosen)));
    const row = this.list.children[this.chosen];
    if (row) this.input.setAttribute("aria-activedescendant", row.id);
    else this.input.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  }

  private key(event: KeyboardEvent): void {
    const { key } = event;
    const count = this.found.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "k") this.widget.stage.end(KEY);
    else if (step && count) this.to((this.chosen + step + count) % count);
    else if (key === "Enter" && !event.isComposing) this.enter();
    else return;
    event.preventDefault();
  }

  private enter(): void {
    // What was typed before the answer came is looked for in the answer.
    if (this.loading && !this.chosen && this.input.value) this.held = true;
    else this.run();
  }

  private run(): void {
    this.held = false;
    const { widget } = this;
    const chosen = this.found[this.chosen];
    if (!chosen || widget.stage.shown?.key !== KEY) return;
    widget.stage.end(KEY);
    const { page } = widget.place();
    if (last.some(({ id }) => id === chosen.id)) void widget.reply("/ambient/quick-actions/used", { action_id: chosen.id, current_page: page });
    const name = chosen.action ?? chosen.id;
    if (name === "quiet") void this.quiet();
    else if (OURS.includes(name)) void widget.part(name);
    else perform(widget, { ...chosen, action: chosen.id, from: "palette" } as Wanted);
  }

  /** At once, and shown where it is switched off again. */
  private async quiet(): Promise<void> {
    const { widget } = this;
    await widget.api.call("PUT", "/proactive/preferences", { dnd_enabled: true }, true).catch((failure) => widget.trouble(failure));
    widget.refresh();
    void widget.part("preferences");
  }
}

/** As it is compared: without case and accents. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
