// Today's plan and the week's summary: frames for what the page puts in, with slot="plan" and slot="summary".

import { dialog } from "../dialog";
import { CROSS, filled, h, icon, sheet } from "../dom";
import type { Widget } from "../widget";
import { today as de } from "../words/de";
import { today as en } from "../words/en";
import { spoken } from "../words/index";
import css from "./today.css";

const LOOK = sheet(css);

export default function today(widget: Widget): void {
  const words = spoken(widget.lang, en, de);
  widget.look(LOOK);
  // Only the first slot of a name is filled: while this is open, that is the one in here.
  const resting = (["plan", "summary"] as const).map((name) => {
    const slot = widget.root.querySelector<HTMLSlotElement>(`slot[name=${name}]`)!;
    return { name, slot, home: slot.parentElement! };
  });
  const there = resting.filter(({ slot }) => filled(slot));
  if (!there.length) return;
  const sections = there.map(({ name, slot }) => h("section", {}, h("h3", {}, words[name]), slot));
  const body = dialog(
    widget,
    "today",
    "today",
    words.title,
    h("h2", {}, words.title),
    ...sections,
    h("button", { type: "button", class: "cross", "aria-label": words.close, click: () => body.close() }, icon(CROSS)),
  );
  body.addEventListener("close", () => there.forEach(({ slot, home }) => home.append(slot)));
}
