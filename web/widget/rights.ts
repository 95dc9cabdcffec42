// What somebody may do with their own data: see why, take it along, have it forgotten, and no longer be noticed.

import { group, row, toggle } from "./choices";
import { h } from "./dom";
import type { Widget } from "./widget";
import type { preferences } from "./words/en";

type Words = typeof preferences;
type Tell = (text: string, bad?: boolean) => void;

/** keep: saves what else was changed; answers whether it could be. */
export function rights(widget: Widget, words: Words, tell: Tell, close: () => void, keep: () => Promise<boolean>): HTMLElement[] {
  const noticed = toggle("presence", true);
  noticed.addEventListener("input", async (event) => {
    // Not one of the fields that are saved together: it holds at once, and everything ends with it.
    event.stopPropagation();
    if (!(await keep())) return void (noticed.checked = true);
    close();
    widget.decide("denied");
  });
  const take = h("button", { type: "button", click: () => void download(widget, words, tell) }, words.export);
  const leave = h("button", { type: "button", class: "bad", click: () => sure.replaceChildren(ask()) }, words.forget);
  const sure = h("div", { "aria-live": "polite" });
  const ask = () =>
    h(
      "div",
      { class: "sure" },
      h("p", {}, h("b", {}, words.forgetTitle), " ", words.forgetText),
      h(
        "div",
        { class: "acts" },
        h("button", { type: "button", click: () => (sure.replaceChildren(), leave.focus()) }, words.forgetNo),
        h("button", { type: "button", class: "bad", click: () => void forget(widget, words, tell, close) }, words.forgetYes),
      ),
    );
  return [
    ...recent(widget, words),
    group(words.data, row(words.presence, words.presenceHint, noticed), h("div", { class: "acts" }, take, leave), sure),
  ];
}

/** What was shown here lately, and why. */
function recent(widget: Widget, words: Words): HTMLElement[] {
  const shown = widget.inbox?.recent ?? [];
  if (!shown.length) return [];
  const rows = shown.map(({ id, title }) => {
    const ask = h("button", { type: "button", "aria-label": `${widget.words.why} ${title}` }, widget.words.why);
    ask.addEventListener("click", () => {
      widget.stage.end("preferences");
      void widget.part("why", id);
    });
    return h("div", { class: "row" }, h("span", {}, title), ask);
  });
  return [group(words.recent, ...rows)];
}

async function download(widget: Widget, words: Words, tell: Tell): Promise<void> {
  try {
    const answer = await widget.api.fetch("GET", "/proactive/my-data", undefined, true);
    const url = URL.createObjectURL(await answer.blob());
    const link = h("a", { href: url, download: "my-data.json" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    tell(words.exported);
  } catch {
    tell(words.failed, true);
  }
}

async function forget(widget: Widget, words: Words, tell: Tell, close: () => void): Promise<void> {
  try {
    await widget.api.call("POST", "/proactive/forget-me", { confirm: "forget me" }, true);
  } catch {
    return tell(words.failed, true);
  }
  widget.tell("forgotten", {});
  close();
  widget.decide("denied", false);
}
