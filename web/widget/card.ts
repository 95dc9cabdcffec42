// A card in the corner, and a dialog in the middle: the two frames in which things are shown.

import { CROSS, h, icon } from "./dom";
import type { Turn } from "./stage";
import type { Widget } from "./widget";

export interface Choice {
  label: string;
  main?: boolean;
  take(): void;
}

export interface Said {
  key: string;
  weight: number;
  until?: number;
  /** Where it comes from, above the title. */
  from: string;
  title: string;
  text?: string;
  /** Between the text and the choices. */
  body?: HTMLElement;
  choices: Choice[];
  /** What the cross does. */
  cross?: () => void;
  /** A smaller way on. */
  more?: Choice;
  shown?(): void;
  hidden?(): void;
}

/** A card that waits in a corner until somebody answers. It never takes the focus. */
export function card(widget: Widget, said: Said): Turn {
  const { words } = widget;
  const title = `${said.key}-title`;
  const button = ({ label, main, take }: Choice, look = "") =>
    h("button", { type: "button", class: main ? "main" : look, click: take }, label);
  const cross =
    said.cross && h("button", { type: "button", class: "cross", "aria-label": words.dismiss, click: said.cross }, icon(CROSS));
  const body = h(
    "section",
    { class: "card", popover: "manual", "aria-labelledby": title, "data-key": said.key },
    said.from && h("p", { class: "from" }, said.from),
    h("p", { class: "title", id: title, dir: "auto" }, said.title),
    said.text && h("p", { class: "text", dir: "auto" }, said.text),
    said.body,
    Boolean(said.choices.length || said.more) &&
      h("div", { class: "choices" }, ...said.choices.map((each) => button(each)), said.more && button(said.more, "more")),
    // The last to be reached, the first to be seen.
    cross,
  );
  body.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.stopPropagation();
    said.cross?.();
  });
  return {
    key: said.key,
    weight: said.weight,
    until: said.until,
    body,
    show() {
      widget.frame.append(body);
      body.showPopover();
      widget.say([said.title, said.text, words.reach].filter(Boolean).join(" "));
      said.shown?.();
    },
    hide() {
      leave(body, () => body.hidePopover());
      said.hidden?.();
    },
  };
}

/** A dialog that somebody asked for. closed: what happens once it is. */
export function dialog(widget: Widget, key: string, look: string, label: string, ...parts: HTMLElement[]): HTMLDialogElement {
  const body = h("dialog", { class: look, "aria-label": label, tabindex: -1 }, ...parts);
  body.addEventListener("close", () => widget.stage.end(key));
  // Beside it is outside.
  body.addEventListener("click", (event) => event.target === body && body.close());
  // The page need not know what is typed here.
  for (const type of ["keydown", "keyup", "keypress"]) body.addEventListener(type, (event) => event.stopPropagation());
  widget.stage.offer({
    key,
    weight: 3,
    body,
    show() {
      widget.frame.append(body);
      body.showModal();
      // Not the first button, which closes it.
      (body.querySelector("input") ?? body).focus();
    },
    hide: () => leave(body, () => body.close()),
  });
  return body;
}

/** Take it off the page once it has faded. */
function leave(body: HTMLElement, close: () => void): void {
  if (body.isConnected) close();
  const fade = getComputedStyle(body).transitionDuration === "0s" ? 0 : 250;
  // Unless it came back meanwhile.
  setTimeout(() => body.matches(":popover-open,[open]") || body.remove(), fade);
}
