// Help at the place where somebody hesitates: beside the control, inside the window, out of the way of the focus.

import { perform } from "../actions";
import { card } from "../card";
import { h, sheet } from "../dom";
import type { Help } from "../moments";
import type { Place, Widget } from "../widget";
import { help as de } from "../words/de";
import { help as en } from "../words/en";
import { spoken } from "../words/index";
import css from "./help.css";

const LOOK = sheet(css);
const KEY = "help";
// From the control, from the edge of the window, and of the tip from the corner of its box [CSS pixels].
const AWAY = 10;
const EDGE = 12;
const CORNER = 16;
const CORNERED = { left: "", top: "", insetBlockEnd: "var(--tail)", insetInlineEnd: "var(--tail)" };
// Not shown where its moment has passed [ms].
const TIMELY = 8_000;

export default function help(widget: Widget, told: Help, anchor: Element | null, place: Place): void {
  const words = spoken(widget.lang, en, de);
  widget.look(LOOK);
  const ended = new AbortController();
  const answer = (response: "accepted" | "dismissed") => {
    widget.stage.end(KEY);
    void widget.reply("/ambient/inline-help/response", { help_id: told.help_id, user_response: response });
    widget.tell("response", { kind: "help", id: told.help_id, response });
    if (response === "accepted") perform(widget, { action: told.action || "help", from: "help", help: told, ...place });
  };
  const turn = card(widget, {
    key: KEY,
    weight: 1,
    until: Date.now() + TIMELY,
    from: "",
    title: told.title || words.label,
    text: told.help_message ?? "",
    choices: [
      { label: words.accept, main: true, take: () => answer("accepted") },
      { label: words.dismiss, take: () => answer("dismissed") },
    ],
    cross: () => answer("dismissed"),
    shown: () => {
      const signal = AbortSignal.any([ended.signal, widget.signal]);
      follow(turn.body!, anchor, signal);
      // Wherever one is: what lies over the page must be easy to send away.
      const key = (event: KeyboardEvent) => event.key === "Escape" && !event.defaultPrevented && answer("dismissed");
      document.addEventListener("keydown", key, { signal });
      widget.tell("help", { ...told, ...place });
    },
    hidden: () => ended.abort(),
  });
  turn.body!.classList.add("help");
  turn.body!.append(h("span", { class: "tip" }));
  widget.stage.offer(turn);
}

function follow(body: HTMLElement, anchor: Element | null, signal: AbortSignal): void {
  const tip = body.querySelector<HTMLElement>(".tip")!;
  let due = 0;
  const place = () => {
    due = 0;
    const at = anchor?.getBoundingClientRect();
    const seen = at && anchor?.isConnected && at.bottom > 0 && at.top < innerHeight && at.width > 0;
    const small = seen && at.height < innerHeight / 4;
    const side = small ? near(body, tip, at) : seen && margin(body, at) ? "margin" : "corner";
    body.dataset.side = side;
    if (side === "corner") Object.assign(body.style, CORNERED);
  };
  const soon = () => (due ||= requestAnimationFrame(place));
  document.addEventListener("scroll", soon, { capture: true, passive: true, signal });
  window.addEventListener("resize", soon, { signal });
  place();
}

/** In the margin of something large, as notes are, so that it hides nothing. Answers whether there is room. */
function margin(body: HTMLElement, at: DOMRect): boolean {
  const { offsetWidth: wide, offsetHeight: high } = body;
  const rtl = getComputedStyle(body).direction === "rtl";
  const left = rtl ? at.left - 2 * AWAY - wide : at.right + 2 * AWAY;
  if (left < EDGE || left + wide > document.documentElement.clientWidth - EDGE) return false;
  const top = clamp(at.top + AWAY, EDGE, Math.min(innerHeight, at.bottom) - high - EDGE);
  put(body, left, Math.max(EDGE, top));
  return true;
}

/** Below the control, or above it where there is no room; the side it came to. */
function near(body: HTMLElement, tip: HTMLElement, at: DOMRect): "below" | "above" {
  const { offsetWidth: wide, offsetHeight: high } = body;
  const above = at.bottom + AWAY + high > innerHeight - EDGE && at.top - AWAY - high > EDGE;
  const start = getComputedStyle(body).direction === "rtl" ? at.right - wide : at.left;
  const left = clamp(start, EDGE, document.documentElement.clientWidth - wide - EDGE);
  const top = clamp(above ? at.top - AWAY - high : at.bottom + AWAY, EDGE, innerHeight - high - EDGE);
  put(body, left, top);
  const middle = at.left + Math.min(at.width / 2, 40) - left;
  tip.style.left = `${clamp(middle - 6, CORNER, wide - CORNER - 12)}px`;
  return above ? "above" : "below";
}

function put(body: HTMLElement, left: number, top: number): void {
  Object.assign(body.style, { insetBlockEnd: "", insetInlineEnd: "", left: `${left}px`, top: `${top}px` });
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
