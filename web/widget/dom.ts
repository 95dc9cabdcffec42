// Making elements, without ever reading text as HTML: pages with Trusted Types need no policy for us.

type Value = string | number | boolean | null | undefined | ((event: any) => void);
export type Child = Node | string | null | undefined | false;

/** An element. Functions become listeners, `true` an attribute without a value; what is not there is left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  given: Record<string, Value> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value || value === 0 || value === "") made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child): child is Node | string => Boolean(child)));
  return made;
}

/** A picture of lines in a field of 24 by 24, for the eye alone. */
export function icon(lines: string): SVGElement {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawn.setAttribute("viewBox", "0 0 24 24");
  drawn.setAttribute("aria-hidden", "true");
  path.setAttribute("d", lines);
  drawn.append(path);
  return drawn;
}

export const CROSS = "M6 6l12 12M18 6L6 18";

/** Whether the page has put something into one of our slots. */
export function filled(slot: HTMLSlotElement): boolean {
  return slot.assignedNodes().some((node) => node.textContent?.trim() || (node as Element).childElementCount);
}

/** A style sheet that no policy of the page forbids. */
export function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}
