// A dialog in the middle: the frame in which what somebody asked for is shown. Of parts; the core shows none.

import { leave } from "./card";
import css from "./dialog.css";
import { h, sheet } from "./dom";
import type { Widget } from "./widget";

const LOOK = sheet(css);

/** A dialog that somebody asked for. It takes the focus, and gives it back. */
export function dialog(widget: Widget, key: string, look: string, label: string, ...parts: HTMLElement[]): HTMLDialogElement {
  widget.look(LOOK);
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
