// The fields of the preference centre, and what somebody changed in them.

import { h } from "./dom";
import type { preferences } from "./words/en";

export interface Preferences {
  dnd_enabled: boolean;
  quiet_hours_start: string | null;
  quiet_hours_end: string | null;
  max_notifications_per_day: number;
  disabled_intervention_types: string[];
  disabled_channels: string[];
  // What there is to switch off; words for each are in words/.
  intervention_types: string[];
  channels: string[];
}

type Words = typeof preferences;

// Proposed to somebody who has no quiet hours yet.
const NIGHT = ["22:00", "08:00"] as const;

/** All fields, filled in as it is now. */
export function fields(words: Words, held: Preferences): HTMLElement[] {
  const named = (start: "kind_" | "channel_", each: string) => words[`${start}${each}` as keyof Words] ?? each.replaceAll("_", " ");
  const list = (name: string, start: "kind_" | "channel_", known: string[], off: string[]) =>
    [...new Set([...known, ...off])].map((each) => row(named(start, each), "", toggle(name, !off.includes(each), each)));
  return [
    group(words.quietTitle, row(words.dnd, words.dndHint, toggle("dnd", held.dnd_enabled)), ...quiet(words, held), most(words, held)),
    group(words.kinds, ...list("kind", "kind_", held.intervention_types, held.disabled_intervention_types)),
    group(words.channels, ...list("channel", "channel_", held.channels, held.disabled_channels)),
  ];
}

/** What is other than it was; nothing else is sent. */
export function changes(form: HTMLFormElement, held: Preferences): Partial<Preferences> {
  const input = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
  const off = (name: string) => [...form.querySelectorAll<HTMLInputElement>(`[name=${name}]:not(:checked)`)].map(({ value }) => value).sort();
  const quiet = input("quiet").checked;
  const now: Partial<Preferences> = {
    dnd_enabled: input("dnd").checked,
    quiet_hours_start: quiet ? input("from").value : null,
    quiet_hours_end: quiet ? input("to").value : null,
    max_notifications_per_day: Number(input("most").value),
    disabled_intervention_types: off("kind"),
    disabled_channels: off("channel"),
  };
  const before = { ...held, quiet_hours_start: minute(held.quiet_hours_start), quiet_hours_end: minute(held.quiet_hours_end) };
  const other = ([name, value]: [string, unknown]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof Preferences]);
  return Object.fromEntries(Object.entries(now).filter(other));
}

export function group(title: string, ...rows: HTMLElement[]): HTMLFieldSetElement {
  return h("fieldset", {}, h("legend", {}, title), ...rows);
}

export function row(name: string, hint: string, control: HTMLElement): HTMLElement {
  return h("label", { class: "row" }, h("span", {}, name, hint && h("span", { class: "hint" }, hint)), control);
}

export function toggle(name: string, on: boolean, value = "on"): HTMLInputElement {
  return h("input", { type: "checkbox", role: "switch", name, value, checked: on });
}

function quiet(words: Words, held: Preferences): HTMLElement[] {
  const from = minute(held.quiet_hours_start);
  const to = minute(held.quiet_hours_end);
  const on = toggle("quiet", from !== null);
  const time = (name: string, label: string, value: string) =>
    h("input", { type: "time", name, "aria-label": `${words.quiet}, ${label}`, value, required: true, disabled: from === null });
  const times = [time("from", words.from, from ?? NIGHT[0]), time("to", words.to, to ?? NIGHT[1])] as const;
  on.addEventListener("input", () => times.forEach((each) => (each.disabled = !on.checked)));
  const between = h("div", { class: "row times" }, times[0], "–", times[1]);
  return [row(words.quiet, words.quietHint, on), between];
}

function most(words: Words, held: Preferences): HTMLElement {
  const value = held.max_notifications_per_day;
  const input = h("input", { type: "number", name: "most", min: 0, max: 100, step: 1, value, required: true, "aria-label": words.most });
  const step = (by: number, label: string, sign: string) =>
    h("button", { type: "button", "aria-label": label, click: () => move(by) }, sign);
  const move = (by: number) => {
    input.stepUp(by);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const steps = h("div", { class: "step" }, step(-1, words.fewer, "−"), input, step(1, words.more, "+"));
  return h("div", { class: "row" }, h("span", {}, words.most, h("span", { class: "hint" }, words.mostHint)), steps);
}

function minute(time: string | null): string | null {
  return time && time.slice(0, 5);
}
