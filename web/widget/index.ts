// The script of a page: <script src="https://tactful.example/widget.js" defer></script>.

import { spoken, TactfulWidget } from "./element";

// Where this came from is where the engine is; known only while the script runs.
const script = document.currentScript as HTMLScriptElement | null;

if (!customElements.get("tactful-widget")) {
  const base = script ? new URL(".", script.src).href.replace(/\/$/, "") : "";
  Object.assign(window, { tactful: spoken(base) });
  customElements.define("tactful-widget", TactfulWidget);
}
