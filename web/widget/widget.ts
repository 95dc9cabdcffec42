// The widget of one page: its pieces, from the moment it may begin until it is taken away.

import { Actions } from "./actions";
import { Api, Away } from "./api";
import { card } from "./card";
import { type Consent, standing } from "./consent";
import css from "./core.css";
import { h, sheet } from "./dom";
import { read, write } from "./kept";
import { launcher, listen } from "./keys";
import { Leader } from "./leader";
import { looked, Moments } from "./moments";
import { Presence } from "./presence";
import { Stage } from "./stage";
import { type Source, Tokens } from "./tokens";
import { core as de } from "./words/de";
import { core as en } from "./words/en";
import { spoken } from "./words/index";

export interface Place {
  page: string;
  topic?: string;
  content_id?: string;
  concept?: string;
}

export interface Intervention {
  id: number;
  intervention_type: string;
  priority: number;
  title: string;
  message: string;
  action: string;
  expires_at: string;
}

/** What is for the person: the part that shows it is loaded once one may begin. */
export interface Inbox {
  /** The latest cards that were shown here, newest first. */
  readonly recent: readonly Intervention[];
  look(wanted?: boolean): Promise<void>;
}

/** Names of files of parts, as they were built. */
declare const PARTS: Record<string, string>;
// Names longer than that are refused by the engine.
const LONGEST = 255;
const LOOK = sheet(css);

export class Widget {
  readonly root: ShadowRoot;
  readonly frame = h("div", { class: "w" });
  readonly stage = new Stage();
  readonly tokens: Tokens;
  readonly api: Api;
  readonly words: typeof en;
  private readonly spoken = h("p", { role: "status", class: "unseen" });
  private readonly leaving = new AbortController();
  private presence: Presence | null = null;
  private moments: Moments | null = null;
  inbox: Inbox | null = null;
  private troubled = "";

  constructor(
    readonly element: HTMLElement,
    readonly base: string,
    source: Source | null,
    readonly actions: Actions,
    private readonly again: () => void,
  ) {
    this.words = spoken(this.lang, en, de);
    this.tokens = new Tokens(source, (failure) => this.trouble(failure));
    this.api = new Api(base, this.tokens, this.signal);
    this.root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [LOOK];
    this.root.replaceChildren(this.frame);
    this.frame.lang = this.words === en ? "en" : "de";
    if (this.option("dir")) this.frame.dir = this.option("dir")!;
    this.frame.append(this.spoken, ...["plan", "summary"].map((name) => h("div", { hidden: true }, h("slot", { name }))));
  }

  get signal(): AbortSignal {
    return this.leaving.signal;
  }

  get lang(): string {
    return this.option("lang") || document.documentElement.lang || navigator.language;
  }

  /** Begin, as soon as it may. */
  async start(): Promise<void> {
    const browser = document as Document & { prerendering?: boolean };
    if (browser.prerendering) await new Promise((done) => document.addEventListener("prerenderingchange", done, { once: true }));
    window.addEventListener("storage", ({ key }) => key === this.consentKey && this.consented(), { signal: this.signal });
    listen(this);
    this.consented();
  }

  /** Take everything away. */
  stop(): void {
    this.presence?.part();
    this.leaving.abort();
    this.stage.clear();
  }

  /** Whether there is consent, and it has begun. */
  get begun(): boolean {
    return this.presence !== null;
  }

  option(name: string): string | null {
    return this.element.getAttribute(name);
  }

  /** Where one is: what the page says, or the section of it. */
  place(section?: Element | null): Place {
    const said = (name: string) => {
      const near = section?.closest(`[data-tactful-${name}]`)?.getAttribute(`data-tactful-${name}`);
      return (near ?? this.option(name))?.slice(0, LONGEST) || undefined;
    };
    const page = this.option("page") || location.pathname;
    return { page: page.slice(0, LONGEST), topic: said("topic"), content_id: said("content-id"), concept: said("concept") };
  }

  /** The same, of what is in the middle of the window. */
  here(): Place {
    return this.place(looked());
  }

  /** Tell the page. Answers false where it has taken the matter into its own hands. */
  tell(name: string, detail: unknown): boolean {
    return this.element.dispatchEvent(
      new CustomEvent(`tactful:${name}`, { bubbles: true, composed: true, cancelable: name === "action", detail }),
    );
  }

  /** Tell those who listen to the page. */
  say(text: string): void {
    this.spoken.textContent = text;
  }

  /** Something went wrong that somebody may want to know of; never more than the page is told. */
  trouble(failure: unknown): void {
    const { name, message } = failure as Error;
    if (this.troubled === name + message) return;
    this.troubled = name + message;
    this.tell("error", { name, message });
  }

  /** Send what the person has answered; where the engine is away again, less and less often. wait: [ms]. */
  async reply(path: string, body: unknown, method = "POST", wait = 2_000): Promise<void> {
    try {
      await this.api.call(method, path, body, true);
    } catch (failure) {
      if (failure instanceof Away && wait < 300_000) setTimeout(() => void this.reply(path, body, method, 2 * wait), wait);
      else this.trouble(failure);
    }
  }

  /** Do what a part does; it is loaded when it is first needed. Answers whether it could be. */
  async part(name: string, ...given: unknown[]): Promise<boolean> {
    // Some browsers never try an address again.
    const again = this.failures ? `?${this.failures}` : "";
    try {
      const loaded = await import(`${this.base}/widget/${PARTS[name]}${again}`);
      if (!this.signal.aborted) loaded.default(this, ...given);
      return true;
    } catch (failure) {
      this.failures++;
      this.trouble(failure);
      return false;
    }
  }

  private failures = 0;

  /** A part that nobody waits for: tried until it is there, less and less often. */
  private async need(name: string, ...given: unknown[]): Promise<void> {
    for (let wait = 5_000; !(await this.part(name, ...given)) && !this.signal.aborted; wait = Math.min(2 * wait, 300_000))
      await new Promise((done) => setTimeout(done, wait));
  }

  card(said: Parameters<typeof card>[1]): void {
    this.stage.offer(card(this, said));
  }

  /** Have one tab of all that ask for the same do something. */
  lead(name: string, changed: (leads: boolean) => void): void {
    new Leader(`tactful:${this.base}:${name}`, changed, this.signal);
  }

  /** A look of a part, added once. */
  look(css: CSSStyleSheet): void {
    const { root } = this;
    if (!root.adoptedStyleSheets.includes(css)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, css];
  }

  /** Attributes have changed. */
  moved(): void {
    this.presence?.moved();
    this.moments?.moved();
    this.stage.clear("help");
  }

  /** Look now for what there is. */
  refresh(): void {
    void this.inbox?.look(true);
  }

  get consent(): Consent {
    return standing(this.option("consent"), read(this.consentKey));
  }

  /** The person's word; kept in this browser, and told to the engine where it may be told anything and still knows them. */
  decide(consent: "given" | "denied", known = true): void {
    const given = consent === "given";
    const tell = () => known && void this.reply("/proactive/consent", { presence: given }, "PUT");
    // Before everything ends, or once it has begun.
    if (!given && this.presence) tell();
    write(this.consentKey, consent);
    this.consented();
    if (given && this.presence) tell();
  }

  private get consentKey(): string {
    return `tactful:consent:${this.option("person") ?? ""}`;
  }

  private consented(): void {
    const { consent } = this;
    this.stage.clear("consent");
    if (consent === "given") this.begin();
    else if (this.presence) this.end();
    else if (consent === "required") this.ask();
  }

  private ask(): void {
    const { words } = this;
    this.card({
      key: "consent",
      weight: 2,
      from: "",
      title: words.consentTitle,
      text: words.consentText,
      choices: [
        { label: words.yes, main: true, take: () => this.decide("given") },
        { label: words.no, take: () => this.decide("denied") },
      ],
    });
  }

  private begin(): void {
    if (this.presence || !this.tokens.known) return;
    const moments = (this.moments = new Moments(this));
    this.presence = new Presence(this, {
      scroll: () => moments.scrolled(),
      hesitate: (control) => moments.hesitated(control),
    });
    const session = this.option("session");
    void this.need("cards");
    if (session) void this.need("live", session);
    launcher(this);
    this.tell("ready", { version: 1 });
  }

  /** Consent was taken back: nothing more, and nothing kept. Waits for being asked to begin again. */
  private end(): void {
    this.presence?.beats.forget();
    this.presence = null;
    this.tell("stopped", {});
    this.again();
  }
}
