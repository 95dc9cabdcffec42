// One thing at a time. Whatever wants to be seen waits for its turn here; nothing takes the focus.

export interface Turn {
  /** Two with the same key are the same thing. */
  readonly key: string;
  /** From 2 on, what has less weight is put away meanwhile: 3 asked for, 2 a poll, 1 help, 0 a card. */
  readonly weight: number;
  /** Not shown any more after that moment [ms since the epoch]. */
  readonly until?: number;
  show(): void;
  hide(): void;
  /** Where the keyboard goes when it is called for. */
  readonly body: HTMLElement | null;
}

// Between two things that come by themselves [ms].
const BREATH = 2_000;
// How soon it is tried again while the page has something of its own in front [ms].
const POLITE = 2_000;

export class Stage {
  private current: Turn | null = null;
  private waiting: Turn[] = [];
  private quietUntil = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private before: HTMLElement | null = null;

  get shown(): Turn | null {
    return this.current;
  }

  /** Show it when it is its turn. */
  offer(turn: Turn): void {
    if (this.current?.key === turn.key || this.waiting.some((each) => each.key === turn.key)) return;
    this.waiting.push(turn);
    this.next();
  }

  /** It is over, or no longer wanted. */
  end(key: string): void {
    this.waiting = this.waiting.filter((each) => each.key !== key);
    if (this.current?.key !== key) return;
    this.putAway();
    this.quietUntil = Date.now() + BREATH;
    this.next();
  }

  /** All that begins so. */
  clear(start = ""): void {
    for (const { key } of [...this.waiting, ...(this.current ? [this.current] : [])])
      if (key.startsWith(start)) this.end(key);
  }

  /** Go to what is shown, or back to where one was. Answers whether there is anything. */
  visit(): boolean {
    const body = this.current?.body;
    if (!body) return false;
    if (holdsFocus(body)) {
      this.goBack();
      return true;
    }
    this.before = document.activeElement as HTMLElement | null;
    body.querySelector<HTMLElement>("button,input,select,a[href]")?.focus();
    return true;
  }

  private goBack(): void {
    this.before?.focus?.();
    this.before = null;
  }

  private next(): void {
    this.waiting = this.waiting.filter((each) => !each.until || each.until > Date.now());
    this.waiting.sort((one, other) => other.weight - one.weight);
    const first = this.waiting[0];
    if (!first) return;
    if (first.weight < 3 && busy()) {
      this.later(POLITE);
      return;
    }
    if (this.current) {
      if (first.weight < 2 || first.weight <= this.current.weight) return;
      this.waiting.push(this.current);
      this.putAway();
    } else if (first.weight < 2 && Date.now() < this.quietUntil) {
      this.later(this.quietUntil - Date.now() + 10);
      return;
    }
    this.waiting = this.waiting.filter((each) => each !== first);
    this.current = first;
    first.show();
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.next(), ms);
  }

  private putAway(): void {
    const gone = this.current;
    this.current = null;
    const held = gone?.body && holdsFocus(gone.body);
    gone?.hide();
    if (held) this.goBack();
  }
}

/** The page shows a dialog, or a film on the whole screen. */
function busy(): boolean {
  return Boolean(document.fullscreenElement ?? document.querySelector("dialog:modal"));
}

function holdsFocus(body: HTMLElement): boolean {
  const root = body.getRootNode() as ShadowRoot;
  return body.contains(root.activeElement);
}
