// The page's own script: what it offers, what it does when asked, and what it hears. Nothing of it is needed by the widget.
"use strict";

const find = (id) => document.getElementById(id);
// As one of the demo's people, and in one of its live sessions: /demo/lesson?person=demo-7&session=keynote
const asked = new URLSearchParams(location.search);
const widget = document.querySelector("tactful-widget");
if (asked.has("person")) widget.setAttribute("token-url", `lesson/token?person=${encodeURIComponent(asked.get("person"))}`);
if (asked.has("session")) widget.setAttribute("session", asked.get("session"));
if (asked.has("lang")) widget.setAttribute("lang", asked.get("lang"));
const NAMES = ["ready", "presence", "help", "card", "poll", "palette", "response", "action", "preferences", "stopped", "error"];

function go(selector) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.querySelector(selector).scrollIntoView({ behavior: calm ? "auto" : "smooth" });
}

window.tactful?.actions([
  { id: "quiz", label: "Ask me something", keywords: ["quiz", "test", "question"], run: () => go("#quiz") },
  { id: "curve", label: "Show the forgetting curve", keywords: ["chart", "ebbinghaus"], run: () => go("figure") },
]);

// What cards and help suggest is done by the page: here, by going to the part that fits.
document.addEventListener("tactful:action", (event) => {
  const places = { start: "#quiz", resume: "[data-tactful-content-id=memory-2]", review: "figure" };
  if (event.detail.from !== "palette") go(places[event.detail.action] ?? "details");
});

for (const name of NAMES) {
  document.addEventListener(`tactful:${name}`, ({ detail }) => {
    const { title, action, response, kind, time_on_page: seconds, message } = detail ?? {};
    const line = document.createElement("li");
    line.textContent = [`tactful:${name}`, title ?? action ?? message, kind, response, seconds && `${seconds} s`].filter(Boolean).join("  ");
    find("heard").prepend(line);
    while (find("heard").children.length > 6) find("heard").lastChild.remove();
  });
}

// People may change their minds; the widget that they sent away cannot ask them itself.
find("yes").addEventListener("click", () => window.tactful?.consent(true));
find("no").addEventListener("click", () => window.tactful?.consent(false));

find("quiz").addEventListener("submit", (event) => {
  event.preventDefault();
  const right = new FormData(event.target).get("answer") === "1";
  find("verdict").textContent = right ? "Yes. Each time it costs a little effort, and that is the point." : "Not quite: think of the curve.";
});
