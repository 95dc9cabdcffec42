// One stay on one page: seconds it was visible, bursts of scrolling, hesitations.

// A pause that ends a burst of scrolling, and a rest on a control that is a hesitation [ms].
const GAP = 400;
const REST = 1_200;
// Coming to a control by keyboard so often, and doing nothing meanwhile, is a hesitation at once.
const TIMES = 3;
const CONTROLS =
  "a[href],button,input,select,textarea,summary,label,[role=button],[role=link],[role=tab],[role=option],[role=radio],[role=checkbox],[role=switch],[contenteditable],[data-tactful-control]";

export interface Counts {
  seconds: number;
  scrolls: number;
  hesitations: number;
}

export class Visit {
  /** Tells this stay from all others, of other tabs too. */
  readonly id = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  seq = 0;
  scrolls = 0;
  hesitations = 0;
  private past = 0;
  private since = document.hidden ? null : performance.now();

  /** Visible time [s]. */
  get seconds(): number {
    return (this.past + (this.since === null ? 0 : performance.now() - this.since)) / 1000;
  }

  see(visible: boolean): void {
    if (visible) this.since ??= performance.now();
    else {
      this.past = this.seconds * 1000;
      this.since = null;
    }
  }
}

/** Watches what somebody does with a page. Nothing is looked at but when and on what kind of element. */
export function watch(
  own: HTMLElement,
  signal: AbortSignal,
  heard: { scroll(): void; hesitate(control: Element): void },
): void {
  let last = -GAP;
  let resting: ReturnType<typeof setTimeout> | undefined;
  let control: Element | null = null;
  let tabbed = false;
  let came = new WeakMap<Element, number>();
  const options = { signal, capture: true, passive: true };
  const rest = (next: Element | null) => {
    if (next === control) return;
    clearTimeout(resting);
    control = next;
    if (next) resting = setTimeout(() => next.isConnected && heard.hesitate(next), REST);
  };
  document.addEventListener(
    "scroll",
    () => {
      const now = performance.now();
      if (now - last > GAP) heard.scroll();
      last = now;
      // The rest begins anew where the page comes to rest.
      const held = control;
      rest(null);
      rest(held);
    },
    options,
  );
  const found = ({ target }: Event) => (own.contains(target as Node) ? null : ((target as Element).closest?.(CONTROLS) ?? null));
  document.addEventListener("pointerover", (event) => event.pointerType !== "touch" && rest(found(event)), options);
  document.addEventListener(
    "focusin",
    (event) => {
      const on = tabbed && found(event);
      if (!on) return;
      const times = (came.get(on) ?? 0) + 1;
      came.set(on, times);
      if (times < TIMES) rest(on);
      else heard.hesitate(on);
    },
    options,
  );
  for (const type of ["pointerdown", "keydown"] as const) {
    document.addEventListener(
      type,
      (event) => {
        const { key } = event as KeyboardEvent;
        if (key === "Shift") return;
        // Whoever acts does not hesitate; not at this control. Going on to another one is no act.
        clearTimeout(resting);
        tabbed = key === "Tab";
        if (tabbed) control = null;
        else came = new WeakMap();
      },
      options,
    );
  }
  document.documentElement.addEventListener("pointerleave", () => rest(null), options);
}
