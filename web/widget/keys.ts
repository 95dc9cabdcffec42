// The two ways of the keyboard: Ctrl+K or Cmd+K for quick actions, Alt+T or F6 to what is shown and back.

import { h, icon } from "./dom";
import type { Widget } from "./widget";

const STAR = "M12 3.5v17M4.6 7.75l14.8 8.5M19.4 7.75l-14.8 8.5";

/** Listen to the keyboard. Until somebody has consented nothing but the question itself is reached; Ctrl+K stays the page's. */
export function listen(widget: Widget): void {
  const open = () => void widget.part("palette");
  const keyed = (event: KeyboardEvent) => {
    const { key, code, ctrlKey, metaKey, altKey, shiftKey } = event;
    const palette = ctrlKey !== metaKey && !altKey && !shiftKey && key.toLowerCase() === "k";
    const reach = !ctrlKey && !metaKey && !shiftKey && (altKey ? code === "KeyT" : key === "F6");
    if (palette && widget.begun && widget.option("palette") !== "off") open();
    else if (!reach || !widget.stage.visit()) return;
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener("keydown", keyed, { capture: true, signal: widget.signal });
}

/** For hands without a keyboard, where the page wants it. */
export function launcher(widget: Widget): void {
  if (widget.option("launcher") === null) return;
  const open = () => void widget.part("palette");
  const button = h("button", { type: "button", class: "launcher", "aria-label": widget.words.launch, click: open }, icon(STAR));
  widget.frame.append(button);
}
