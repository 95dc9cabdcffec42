// The seal of a milestone: a small sign of being glad with somebody. Of parts; the core has none.

import { h, icon, sheet } from "./dom";
import css from "./seal.css";
import type { Widget } from "./widget";

const LOOK = sheet(css);
const SEAL = "M12 2.8l2.5 1.9 3.1-.1.9 3 2.5 1.8-1 2.9 1 2.9-2.5 1.8-.9 3-3.1-.1-2.5 1.9-2.5-1.9-3.1.1-.9-3L3 15.2l1-2.9-1-2.9 2.5-1.8.9-3 3.1.1zM8.4 12.2l2.5 2.5 4.7-5";

/** glad: it was reached just now. Where motion is not wanted, it is simply there. */
export function seal(widget: Widget, glad: boolean): HTMLElement {
  widget.look(LOOK);
  return h("div", { class: glad ? "seal glad" : "seal" }, icon(SEAL));
}
