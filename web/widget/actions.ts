// What can be done: by the page, by us, or by going somewhere.

import type { Widget } from "./widget";

/** An action of the page itself. `run` stays here; the rest is told to the engine, which ranks it among the others. */
export interface HostAction {
  id: string;
  label: string;
  url?: string;
  keywords?: string[];
  run?: () => void;
}

export class Actions {
  own: HostAction[] = [];

  named(id: string): HostAction | undefined {
    return this.own.find((each) => each.id === id);
  }
}

export interface Wanted {
  action: string;
  from: "card" | "help" | "palette";
  url?: string | null;
  [more: string]: unknown;
}

/** Do it. The page hears of it first, and may do it itself by calling preventDefault. */
export function perform(widget: Widget, wanted: Wanted): void {
  const own = widget.actions.named(wanted.action);
  const url = address(wanted.url ?? own?.url);
  if (!widget.tell("action", { ...wanted, url })) return;
  if (own?.run) own.run();
  else if (url) location.assign(url);
  else if (wanted.action === "milestones") void widget.part("milestones", wanted.from === "card");
}

/** Somewhere one can go. Scripts are no place. */
function address(url?: string | null): string | undefined {
  if (!url) return undefined;
  try {
    const found = new URL(url, document.baseURI);
    return /^https?:$/.test(found.protocol) ? found.href : undefined;
  } catch {
    return undefined;
  }
}
