// The worker that shows notifications while no page is open, and sends what the person answers.
// In a file of the page's own: importScripts("https://tactful.example/push-worker.js").

type Answer = "engaged" | "snoozed" | "dismissed";

interface Ours {
  mark: string;
  /** Where it leads, where one answers, where all of this stops; each empty where there is none. */
  action: string;
  answers: string;
  out: string;
  words: Record<Answer | "out" | "stopped", string>;
}

interface Told {
  notification: { title: string; body: string; lang: string; dir: NotificationDirection; tag: string };
  tactful?: Ours;
}

const worker = self as unknown as ServiceWorkerGlobalScope;
// Before each try to send an answer [ms].
const WAITS = [0, 2_000, 8_000];

worker.addEventListener("push", (event) => {
  const told = read(event);
  // What is not ours is left to the page's own worker.
  if (told?.tactful) event.waitUntil(show(told, told.tactful));
});

worker.addEventListener("notificationclick", (event) => {
  const { tactful } = (event.notification.data ?? {}) as { tactful?: Ours };
  if (!tactful) return;
  event.notification.close();
  event.waitUntil(clicked(tactful, event.action || "engaged", event.notification));
});

worker.addEventListener("notificationclose", (event) => {
  const { tactful } = (event.notification.data ?? {}) as { tactful?: Ours };
  if (tactful) event.waitUntil(answer(tactful, "dismissed"));
});

function read(event: PushEvent): Told | null {
  try {
    return event.data?.json() ?? null;
  } catch {
    return null;
  }
}

function show({ notification: { title, ...said } }: Told, ours: Ours): Promise<void> {
  const options = { ...said, data: { tactful: ours }, actions: buttons(ours) };
  // A copy takes the place of the first in silence.
  return worker.registration.showNotification(title, { ...options, renotify: false } as NotificationOptions);
}

/** As many as the browser shows. To press the notification itself is to engage, to close it to dismiss. */
function buttons({ answers, out, words }: Ours): { action: string; title: string }[] {
  const room = (Notification as unknown as { maxActions?: number }).maxActions ?? 2;
  const all = room > 3 ? ["engaged", "snoozed", "dismissed", "out"] : room > 2 ? ["snoozed", "dismissed", "out"] : ["snoozed", "out"];
  const useful = all.filter((each) => (each === "out" ? out : answers));
  // The way out is the last to go.
  return useful.slice(-Math.max(room, 0) || useful.length).map((action) => ({ action, title: words[action as Answer] }));
}

async function clicked(ours: Ours, pressed: string, shown: Notification): Promise<void> {
  if (pressed === "out") return stop(ours, shown);
  const said = answer(ours, pressed as Answer);
  if (pressed === "engaged" && ours.action) await open(ours.action);
  await said;
}

/** One press is enough (RFC 8058); where it cannot be sent, the page of the way out opens. */
async function stop({ out, words }: Ours, { tag, lang, dir }: Notification): Promise<void> {
  try {
    await fetch(out, {
      method: "POST",
      mode: "no-cors",
      credentials: "omit",
      body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }),
    });
    await worker.registration.showNotification(words.stopped, { tag, lang, dir });
  } catch {
    await open(out);
  }
}

async function open(url: string): Promise<void> {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => page.url === url);
  // Without a press of the person's own a browser opens nothing.
  await (there ? there.focus() : worker.clients.openWindow(url)).catch(() => null);
}

async function answer({ answers }: Ours, response: Answer): Promise<void> {
  if (!answers) return;
  for (const wait of WAITS) {
    await new Promise((done) => setTimeout(done, wait));
    try {
      const told = await fetch(answers, {
        method: "POST",
        credentials: "omit",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ response }),
      });
      if (told.status < 500 && told.status !== 429) return;
    } catch {
      // Away; once more.
    }
  }
}
