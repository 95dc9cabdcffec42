// A card in the corner: the frame in which what was not asked for is shown.

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

/** Take it off the page once it has faded. */
export function leave(body: HTMLElement, close: () => void): void {
  if (body.isConnected) close();
  const fade = getComputedStyle(body).transitionDuration === "0s" ? 0 : 250;
  // Unless it came back meanwhile.
  setTimeout(() => body.matches(":popover-open,[open]") || body.remove(), fade);
}
