// The page of a live session that runs: its parts are looked at again when something happens in it, and every few seconds.

import { listen } from "./stream.js";

// How long to wait for more before it is looked at, and how often it is at least [ms].
const SOON = 400;
const OFTEN = 5000;

const id = new URLSearchParams(location.search).get("id");
let due = null;

function busy(part) {
  return part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select, button, a, summary");
}

/** Take what is new into a part of the page; what somebody opened stays open. */
function renew(part, fresh) {
  for (const open of part.querySelectorAll("details[open][data-keep]")) {
    const same = [...fresh.querySelectorAll("details[data-keep]")].find((each) => each.dataset.keep === open.dataset.keep);
    if (same !== undefined) same.open = true;
  }
  if (part.outerHTML !== fresh.outerHTML) part.replaceWith(document.adoptNode(fresh));
}

async function look() {
  due = null;
  if (document.hidden || location.pathname.split("/").at(-1) !== "session") return;
  try {
    const address = new URL(location.href);
    address.searchParams.delete("preview");
    const answer = await fetch(address, { redirect: "manual" });
    if (!answer.ok) return;
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const fresh = read.querySelector(`[data-live="${part.dataset.live}"]`);
      if (fresh !== null && !busy(part) && part.querySelector("details[open]:not([data-keep])") === null) renew(part, fresh);
    }
  } catch {
    // The server is away for a moment; the next look finds it.
  }
}

function soon() {
  due ??= setTimeout(look, SOON);
}

function ours(data) {
  if (data.includes(`session?id=${encodeURIComponent(id)}"`)) soon();
}

listen("now/stream", "", { feed: ours, outcome: ours, suggestion: soon }, () => {});
setInterval(soon, OFTEN);
