// The page Now: keeps up with what happens, by one stream.

import { Curves } from "./curves.js";
import { listen } from "./stream.js";
import { element, inOrder, keyed, put, send } from "./told.js";

const MOST = 40;
// How often rows change places at most, so that they can be read and clicked [ms].
const SORTED = 2000;

const page = document.getElementById("now");
const lists = Object.fromEntries(["sessions", "suggestions", "feed", "outcomes"].map((id) => [id, document.getElementById(id)]));
const state = document.getElementById("state");
const pause = document.getElementById("pause");
const answer = document.getElementById("answer");
const trouble = document.getElementById("trouble");
const curves = new Curves(document.getElementById("chart"), (name) => row(name)?.dataset.title ?? name);
let sortedAt = 0;
let paused = false;
let standing = "connecting";

function row(name) {
  return keyed(lists.sessions, `session ${name}`);
}

/** Change a session's figures where they stand. */
function figures(name, engagement, viewers) {
  const own = row(name);
  if (own === undefined) return;
  const known = engagement !== null;
  own.dataset.engagement = known ? engagement : "";
  own.querySelector("[data-level]").textContent = known ? `${Math.round(100 * engagement)} %` : "unknown";
  own.querySelector(".full").setAttribute("width", `${known ? Math.round(100 * engagement) : 0}%`);
  own.querySelector(".level").classList.toggle("unknown", !known);
  if (viewers !== null) own.querySelector("[data-viewers]").textContent = viewers.toLocaleString("en");
}

function level(own) {
  return own.dataset.engagement ? Number(own.dataset.engagement) : Infinity;
}

/** The least engaged first, and in colour; not while somebody is on a row. */
function sort(now = false) {
  const rows = [...lists.sessions.children];
  if (!now && performance.now() - sortedAt < SORTED) return;
  sortedAt = performance.now();
  const held = lists.sessions.matches(":hover, :focus-within");
  const ordered = [...rows].sort((a, b) => level(a) - level(b));
  if (!held && ordered.some((own, place) => own !== rows[place])) lists.sessions.append(...ordered);
  const lowest = ordered.filter((own) => level(own) < Infinity).slice(0, 3);
  rows.forEach((own) => { own.dataset.place = lowest.indexOf(own) + 1 || ""; });
  curves.colour(lowest.map((own) => own.dataset.session));
}

function any() {
  const some = lists.sessions.children.length > 0 || lists.feed.children.length > 0;
  document.getElementById("none").hidden = some;
  document.getElementById("some").hidden = !some;
}

function tell(word, tone) {
  state.hidden = false;
  state.textContent = word;
  state.className = `badge ${tone}`;
}

function stands() {
  if (paused) tell("paused", "calm");
  else if (standing === "live") tell("live", "good");
  else if (standing === "out") tell("signed out", "high");
  else tell("coming back", "medium");
}

function warn(words) {
  trouble.hidden = words === "";
  if (trouble.textContent !== words) trouble.textContent = words;
}

/** What a card needs to be sent by whoever looks at it. */
function signed(card) {
  card.querySelectorAll("input[name=csrf]").forEach((each) => { each.value = page.dataset.csrf; });
  return card;
}

const on = {
  state(data) {
    const away = JSON.parse(data);
    if (away.database) warn("The database does not answer. What you see is from before; it goes on by itself.");
    else if (away.valkey) warn("Valkey does not answer. Figures come every ten seconds, and everything else a second late.");
    else warn("");
  },
  answer(data) {
    answer.textContent = data;
  },
  history: (data) => curves.begin(JSON.parse(data)),
  sessions(data) {
    const names = JSON.parse(data);
    curves.only(names);
    for (const own of [...lists.sessions.children]) if (!names.includes(own.dataset.session)) own.remove();
    any();
    sort(true);
  },
  session(data) {
    put(lists.sessions, element(data, "tr"));
    any();
    sort(true);
  },
  tick(data) {
    if (paused) return;
    for (const [name, at, engagement, viewers] of JSON.parse(data)) {
      figures(name, engagement, viewers);
      curves.put(name, at, engagement);
    }
    curves.draw();
    sort();
  },
  anomaly(data) {
    const [name, at, word, tone] = JSON.parse(data);
    curves.mark(`${name} ${at} ${word}`, at, name, word, tone);
  },
  suggestion: (data) => put(lists.suggestions, signed(element(data))),
  feed(data) {
    inOrder(lists.feed, put(lists.feed, element(data, "li")), MOST);
    any();
  },
  outcome: (data) => inOrder(lists.outcomes, put(lists.outcomes, element(data, "li")), MOST),
};

/** Seconds that are left of what waits, as people say them. */
function countDown() {
  for (const card of lists.suggestions.children) {
    const left = Math.round((Date.parse(card.dataset.until) - Date.now()) / 1000);
    const place = card.querySelector("[data-left]");
    const words = left > 90 ? `${Math.round(left / 60)} min` : left > 0 ? `${left} s` : "over";
    if (place.textContent !== words) place.textContent = words;
  }
}

document.addEventListener("submit", async (event) => {
  const card = event.target.closest(".suggestion");
  if (card === null) return;
  event.preventDefault();
  const buttons = [...card.querySelectorAll("button")];
  buttons.forEach((each) => { each.disabled = true; });
  card.querySelector(".wrong")?.remove();
  try {
    const said = await send(event.target, event.submitter);
    const told = document.createElement("p");
    told.setAttribute("role", "status");
    told.textContent = said;
    card.querySelector(".answers").replaceChildren(told);
    // It goes by itself once the stream says so.
    setTimeout(() => card.remove(), 4000);
  } catch (error) {
    const told = document.createElement("p");
    told.className = "wrong";
    told.setAttribute("role", "alert");
    told.textContent = error.message;
    card.append(told);
    buttons.forEach((each) => { each.disabled = false; });
  }
});

pause.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", String(paused));
  curves.pause(paused);
  stands();
});

lists.suggestions.querySelectorAll(".suggestion").forEach(signed);
sort(true);
setInterval(countDown, 1000);
countDown();
stands();
listen(page.dataset.stream, page.dataset.since, on, (told) => {
  standing = told;
  stands();
  if (told === "out") warn("You are signed out. Reload the page to sign in again.");
});
