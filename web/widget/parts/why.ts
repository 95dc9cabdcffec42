// Why somebody got what they got, in plain words; and the way to change it.

import { CROSS, h, icon, sheet } from "../dom";
import type { Widget } from "../widget";
import { why as de } from "../words/de";
import { why as en } from "../words/en";
import { spoken } from "../words/index";
import css from "./why.css";

const LOOK = sheet(css);

interface Told {
  reasons?: string[];
  limits?: string[];
  how_to_stop?: string;
}

export default async function why(widget: Widget, id: number): Promise<void> {
  const words = spoken(widget.lang, en, de);
  widget.look(LOOK);
  const list = h("ul", { "aria-live": "polite" }, h("li", {}, words.wait));
  const close = () => body.close();
  const change = () => {
    body.close();
    void widget.part("preferences");
  };
  const body = widget.dialog(
    "why",
    "why",
    words.title,
    h("h2", {}, words.title),
    list,
    h("button", { type: "button", click: change }, words.change),
    h("button", { type: "button", class: "cross", "aria-label": words.close, click: close }, icon(CROSS)),
  );
  const lines = await reasons(widget, id).catch(() => [words.failed]);
  list.replaceChildren(...lines.map((line) => h("li", {}, line)));
}

async function reasons(widget: Widget, id: number): Promise<string[]> {
  const told = await widget.api.call<Told>("GET", `/proactive/interventions/${id}/why`, undefined, true);
  return [...(told.reasons ?? []), ...(told.limits ?? []), told.how_to_stop ?? ""].filter(Boolean);
}
