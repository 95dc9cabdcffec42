// Of all tabs of a person one leads: it asks what there is, listens, and shows what is not asked for.
//
// Whoever holds the lock leads. A tab that is looked at wants to; one that is not gives way.

export class Leader {
  leads = false;
  private resign: (() => void) | null = null;
  private readonly channel: BroadcastChannel | null;

  constructor(
    private readonly name: string,
    private readonly changed: (leads: boolean) => void,
    private readonly signal: AbortSignal,
  ) {
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
    this.channel?.addEventListener("message", ({ data }) => data === "want" && this.giveWay(), { signal });
    for (const type of ["focus", "pageshow", "visibilitychange"])
      window.addEventListener(type, () => this.want(), { signal, capture: true });
    // A page that is kept for going back to must hold nothing.
    window.addEventListener("pagehide", () => this.resign?.(), { signal });
    signal.addEventListener("abort", () => this.close());
    void this.campaign();
  }

  private want(): void {
    if (document.hidden) return;
    if (!this.leads) this.channel?.postMessage("want");
    void this.campaign();
  }

  private giveWay(): void {
    if (!this.leads || (!document.hidden && document.hasFocus())) return;
    this.resign?.();
    // Behind whoever asked.
    setTimeout(() => void this.campaign(), 100);
  }

  private standing = false;

  private async campaign(): Promise<void> {
    if (this.standing || this.signal.aborted) return;
    this.standing = true;
    try {
      // Without locks (pages without TLS) everybody leads; what happens twice counts once all the same.
      if (!navigator.locks) await this.lead();
      else await navigator.locks.request(this.name, { signal: this.signal }, () => this.lead());
    } catch {
      // Stopped while waiting.
    }
    this.standing = false;
  }

  private lead(): Promise<void> {
    this.leads = true;
    this.changed(true);
    return new Promise((resolve) => {
      this.resign = () => {
        this.leads = false;
        this.resign = null;
        this.changed(false);
        resolve();
      };
    });
  }

  private close(): void {
    this.resign?.();
    this.channel?.close();
  }
}
