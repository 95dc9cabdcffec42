// The element <tactful-widget>, and `tactful`, which pages speak to.

import { Actions, type HostAction } from "./actions";
import type { Source } from "./tokens";
import { Widget } from "./widget";

export interface Options {
  token?: Source;
  [attribute: string]: unknown;
}

const PLACE = ["page", "topic", "content-id", "concept"];
const actions = new Actions();
let base = "";

export class TactfulWidget extends HTMLElement {
  static observedAttributes = ["token", "token-url", "session", "lang", "dir", "person", "consent", ...PLACE];
  private running: Widget | null = null;
  private source: Source | null = null;
  private begun = false;
  private changed = new Set<string>();

  /** Where tokens come from: one, or a function that gets the next one. */
  set token(source: Source) {
    this.source = source;
    this.change("token");
  }

  get widget(): Widget | null {
    return this.running;
  }

  connectedCallback(): void {
    this.begun = true;
    this.begin();
  }

  disconnectedCallback(): void {
    this.begun = false;
    this.end();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before !== now) this.change(name);
  }

  private change(name: string): void {
    // What it is parsed with is taken as it is when it begins.
    if (!this.begun) return;
    // A page changes several at a time.
    if (!this.changed.size) queueMicrotask(() => this.adapt());
    this.changed.add(name);
  }

  private adapt(): void {
    const moved = [...this.changed].every((name) => PLACE.includes(name));
    this.changed.clear();
    if (!this.begun) return;
    if (moved) this.running?.moved();
    else this.begin();
  }

  /** Begin anew. Without a token nothing is done, and nothing is asked. */
  begin(): void {
    this.end();
    const source = this.source ?? this.getAttribute("token") ?? fetched(this.getAttribute("token-url"));
    const first = document.querySelector("tactful-widget") === this;
    if (!this.isConnected || !source || !first) return;
    this.running = new Widget(this, (this.getAttribute("api") ?? base).replace(/\/+$/, ""), source, actions, () => this.begin());
    void this.running.start();
  }

  private end(): void {
    this.running?.stop();
    this.running = null;
  }
}

/** Tokens from an address of the page's own. */
function fetched(url: string | null): Source | null {
  if (!url) return null;
  return async () => {
    const answer = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`No token: ${answer.status}`);
    return answer.json();
  };
}

function element(): TactfulWidget | null {
  return document.querySelector("tactful-widget");
}

/** What pages call. */
export function spoken(from: string) {
  base = from;
  return {
    start({ token, ...attributes }: Options = {}): HTMLElement {
      const found = element() ?? (document.createElement("tactful-widget") as TactfulWidget);
      for (const [name, value] of Object.entries(attributes))
        found.setAttribute(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), String(value));
      if (token) found.token = token;
      if (!found.isConnected) document.body.append(found);
      return found;
    },
    stop: () => element()?.remove(),
    actions: (told: HostAction[]) => void (actions.own = [...told]),
    open: (what: "palette" | "preferences" | "today" | "milestones" = "palette") => element()?.widget?.part(what),
    consent: (given: boolean) => element()?.widget?.decide(given ? "given" : "denied"),
    refresh: () => element()?.widget?.refresh(),
  };
}
