// Milestones: what somebody reached, how far they are with the next ones, points and streak.

import { dialog } from "../dialog";
import { CROSS, h, icon, sheet } from "../dom";
import { seal } from "../seal";
import type { Widget } from "../widget";
import { milestones as de } from "../words/de";
import { milestones as en } from "../words/en";
import { fill, spoken } from "../words/index";
import css from "./milestones.css";

const LOOK = sheet(css);
// Of what is ahead, and of what was reached before all of it is asked for.
const AHEAD = 3;
const LATELY = 5;

interface Milestone {
  milestone_name: string;
  display_name: string;
  description: string;
  points: number;
}
interface Reached extends Milestone {
  achieved_at: string;
}
interface Ahead extends Milestone {
  progress: number;
  left: string;
}
interface Told {
  points: number;
  level: number;
  level_begins_at: number;
  next_level_at: number;
  points_to_next_level: number;
  streak: { days: number; longest: number };
  reached: Reached[];
  in_progress: Ahead[];
}

/** glad: opened from a card that told of one just reached. */
export default async function milestones(widget: Widget, glad = false): Promise<void> {
  const words = spoken(widget.lang, en, de);
  widget.look(LOOK);
  const list = h("div", { class: "all", "aria-live": "polite" }, h("p", { class: "about" }, words.wait));
  const body = dialog(
    widget,
    "milestones",
    "milestones",
    words.title,
    h("h2", {}, words.title),
    list,
    h("button", { type: "button", class: "cross", "aria-label": words.close, click: () => body.close() }, icon(CROSS)),
  );
  try {
    const told = await widget.api.call<Told>("GET", "/api/v1/milestones", undefined, true);
    list.replaceChildren(...shown(widget, words, told, glad));
    widget.tell("milestones", told);
  } catch {
    list.replaceChildren(h("p", { class: "about" }, words.failed));
  }
}

function shown(widget: Widget, words: typeof en, told: Told, glad: boolean): HTMLElement[] {
  const { points, level, level_begins_at: from, next_level_at: to, streak } = told;
  const figure = (value: number, name: string) => h("div", {}, h("dt", {}, name), h("dd", {}, value.toLocaleString(widget.lang)));
  const figures = h(
    "dl",
    {},
    figure(level, words.level),
    figure(points, words.points),
    figure(streak.days, streak.days === 1 ? words.day : words.days),
  );
  const next = fill(words.toNext, { n: told.points_to_next_level.toLocaleString(widget.lang), level: level + 1 });
  const parts: HTMLElement[] = [figures, h("div", { class: "level" }, bar((points - from) / (to - from), next), h("p", { class: "about" }, next))];
  if (told.in_progress.length) parts.push(section(words.ahead, told.in_progress.slice(0, AHEAD).map(ahead)));
  const rows = told.reached.map((each, at) => reached(widget, each, glad && !at));
  parts.push(rows.length ? section(words.reached, rows.slice(0, LATELY)) : h("p", { class: "about" }, words.none));
  if (rows.length > LATELY) {
    const all = h("button", { type: "button", "aria-expanded": "false" }, fill(words.all, { n: rows.length }));
    all.addEventListener("click", () => {
      const later = rows.slice(LATELY);
      all.previousElementSibling!.querySelector("ul")!.append(...later);
      later[0]!.tabIndex = -1;
      later[0]!.focus();
      all.remove();
    });
    parts.push(all);
  }
  return parts;
}

function section(title: string, rows: HTMLElement[]): HTMLElement {
  return h("section", {}, h("h3", {}, title), h("ul", {}, ...rows));
}

function ahead({ display_name, description, progress, left }: Ahead): HTMLElement {
  const title = h("p", { class: "name", dir: "auto" }, display_name);
  return h("li", {}, h("div", { class: "row" }, title, h("span", { class: "about" }, left)), bar(progress, display_name), about(description));
}

function reached(widget: Widget, { display_name, description, points, achieved_at }: Reached, glad: boolean): HTMLElement {
  const day = new Date(achieved_at).toLocaleDateString(widget.lang, { day: "numeric", month: "long", year: "numeric" });
  const head = h("div", { class: "row" }, h("p", { class: "name", dir: "auto" }, display_name), h("span", { class: "about" }, `+${points}`));
  return h("li", { class: "had" }, seal(widget, glad), h("div", {}, head, about(description), h("p", { class: "about" }, day)));
}

function about(text: string): HTMLElement | false {
  return Boolean(text) && h("p", { class: "about", dir: "auto" }, text);
}

/** How far it is, 0..1. */
function bar(share: number, label: string): HTMLElement {
  return h("progress", { max: 100, value: Math.floor(100 * Math.min(1, Math.max(0, share))), "aria-label": label });
}
