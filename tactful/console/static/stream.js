// One stream of what happens. It comes back by itself, and says what it heard last, so that nothing is missed.

const AGAIN = 3000;

/** Listen. on: for each event by name what to do with its data; state: told "live", "away" or "out". */
export function listen(address, since, on, state) {
  let last = since;
  let source = null;
  let over = false;

  function open() {
    source = new EventSource(`${address}?since=${encodeURIComponent(last)}`);
    source.onopen = () => state("live");
    source.onerror = () => {
      if (over) return;
      state("away");
      // A browser gives up where the answer is no stream; the server may only be starting.
      if (source.readyState === EventSource.CLOSED) check();
    };
    for (const [name, hear] of Object.entries(on)) {
      source.addEventListener(name, (event) => {
        last = event.lastEventId || last;
        hear(event.data);
      });
    }
    source.addEventListener("bye", (event) => {
      if (JSON.parse(event.data) === "out") end("out");
      else state("away");
    });
  }

  /** Whether somebody is signed out, or the server is away for a moment. */
  async function check() {
    try {
      const answer = await fetch(location.href, { method: "GET", redirect: "manual" });
      if (answer.type === "opaqueredirect") return end("out");
    } catch {
      // It is away.
    }
    setTimeout(() => over || open(), AGAIN);
  }

  function end(why) {
    over = true;
    source.close();
    state(why);
  }

  open();
  addEventListener("pagehide", () => end("closed"));
}
