// Notifications of the browser: `tactful.push`, for pages that have the widget.
// <script src="https://tactful.example/push.js" defer></script>, after the widget's.

import type { TactfulWidget } from "../widget/element";

export interface Options {
  /** Where the page's own worker is; it loads ours. */
  worker?: string;
}

export type State = "unsupported" | "denied" | "off" | "on";

const WORKER = "/tactful-push.js";

/** How it stands in this browser. Asks nobody. */
async function state({ worker = WORKER }: Options = {}): Promise<State> {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  const known = await navigator.serviceWorker.getRegistration(worker);
  return Notification.permission === "granted" && (await known?.pushManager.getSubscription()) ? "on" : "off";
}

/**
 * Ask the person, once, and tell the engine where their browser takes notifications. Call it as they press something of
 * yours; and again on every visit where `state()` is `on`, for browsers change their subscriptions.
 */
async function subscribe({ worker = WORKER }: Options = {}): Promise<State> {
  if ((await state({ worker })) === "unsupported") return "unsupported";
  if ((await Notification.requestPermission()) !== "granted") return Notification.permission === "denied" ? "denied" : "off";
  const api = document.querySelector<TactfulWidget>("tactful-widget")?.widget?.api;
  if (!api) throw new Error("tactful.push needs the widget, with a token.");
  const { key } = await api.call<{ key: string }>("GET", "/api/v1/push/key", undefined, true);
  const manager = (await active(await navigator.serviceWorker.register(worker))).pushManager;
  const held = await manager.getSubscription();
  // With another key than ours it would never hear of us.
  if (held && !same(held.options.applicationServerKey, key)) await held.unsubscribe();
  const found = await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await api.call("POST", "/api/v1/addresses", { channel: "web_push", address: JSON.stringify(found) }, true);
  return "on";
}

/** Take no more in this browser. The engine hears of it from the push service, as it sends the next one. */
async function unsubscribe({ worker = WORKER }: Options = {}): Promise<State> {
  const known = await navigator.serviceWorker?.getRegistration(worker);
  await (await known?.pushManager.getSubscription())?.unsubscribe();
  return state({ worker });
}

/** Once its worker is there to be told. */
async function active(registration: ServiceWorkerRegistration): Promise<ServiceWorkerRegistration> {
  const coming = registration.installing ?? registration.waiting;
  if (!registration.active && coming)
    await new Promise<void>((done) =>
      coming.addEventListener("statechange", () => ["activated", "redundant"].includes(coming.state) && done()),
    );
  return registration;
}

function same(held: ArrayBuffer | null, key: string): boolean {
  const letters = String.fromCharCode(...new Uint8Array(held ?? new ArrayBuffer(0)));
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "") === key;
}

Object.assign(((window as { tactful?: object }).tactful ??= {}), { push: { state, subscribe, unsubscribe } });
