// Why somebody got what they got, in plain words; and the way to change it.

import { dialog } from "../dialog";
import { CROSS, h, icon, sheet } from "../dom";
import type { Widget } from "../widget";
import { why as de } from "../words/de";
import { why as en } from "../words/en";
import { spoken } from "../words/index";
import css from "./why.css";

const LOOK = sheet(css);

interface Told {
  because: string;
  facts: string[];
  limits: string[];
  stop: { words: string; change: Record<string, unknown> }[];
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
  const ways = h("div", { class: "ways" }, h("button", { type: "button", click: change }, words.change));
  const body = dialog(
    widget,
    "why",
    "why",
    words.title,
    h("h2", {}, words.title),
    list,
    ways,
    h("button", { type: "button", class: "cross", "aria-label": words.close, click: close }, icon(CROSS)),
  );
  try {
    const told = await widget.api.call<Told>("GET", `/proactive/interventions/${id}/why`, undefined, true);
    list.replaceChildren(...[told.because, ...told.facts, ...told.limits].map((line) => h("li", { dir: "auto" }, line)));
    ways.prepend(...told.stop.map((way) => stop(widget, words, way)));
  } catch {
    list.replaceChildren(h("li", {}, words.failed));
  }
}

/** One way to hear less, taken with one press. */
function stop(widget: Widget, words: typeof en, { words: said, change }: Told["stop"][number]): HTMLElement {
  const take = h("button", { type: "button", dir: "auto" }, said);
  take.addEventListener("click", async () => {
    try {
      await widget.api.call("PUT", "/proactive/preferences", change, true);
      take.disabled = true;
      take.textContent = words.done;
      widget.refresh();
    } catch {
      take.textContent = words.failed;
    }
  });
  return take;
}
