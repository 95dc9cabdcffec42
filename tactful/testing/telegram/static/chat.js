// The window: what was said comes in every second, what is done here goes out at once.
"use strict";

const find = (id) => document.getElementById(id);
const SECOND = 1000;
// How a command is sent that wants more than its name.
const WHOLE = { quiet: "quiet 22:00-08:00" };
let seen = "";

function made(tag, given, ...children) {
  const element = Object.assign(document.createElement(tag), given);
  element.append(...children);
  return element;
}

async function ask(path, body) {
  const told = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  try {
    const answer = await fetch(path, told);
    const said = await answer.json();
    find("wrong").textContent = answer.ok ? "" : said.description;
    if (answer.ok) show(said);
    return answer.ok;
  } catch {
    find("wrong").textContent = "Nobody is there any more: whatever opened this window has ended.";
    return false;
  }
}

function button(line, { text, url, data }) {
  if (url) return made("a", { href: url, target: "_blank", rel: "noopener", textContent: text });
  const pressed = made("button", { type: "button", textContent: text });
  pressed.addEventListener("click", () => ask("chat/presses", { id: line.id, data }));
  return pressed;
}

function written(line) {
  const text = made("p", {}, ...line.pieces.map(([words, bold]) => (bold ? made("b", { textContent: words }) : words)));
  const rows = line.rows.map((row) => made("div", { className: "row" }, ...row.map((each) => button(line, each))));
  return made("li", { className: line.who }, text, ...rows);
}

function show({ lines, commands }) {
  const now = JSON.stringify([lines, commands]);
  if (now === seen) return;
  seen = now;
  find("lines").replaceChildren(...lines.map(written));
  find("commands").replaceChildren(...commands.map(command));
  const begun = lines.length > 0 && !token();
  find("empty").hidden = lines.length > 0;
  find("begin").hidden = begun;
  find("speak").hidden = !begun;
  const place = find("lines").parentElement;
  place.scrollTop = place.scrollHeight;
}

function command(name) {
  const given = made("button", { type: "button", textContent: `/${name}` });
  given.addEventListener("click", () => ask("chat/says", { text: `/${WHOLE[name] ?? name}` }));
  return given;
}

function token() {
  return new URLSearchParams(location.search).get("start");
}

find("start").addEventListener("click", async () => {
  const text = token() ? `/start ${token()}` : "/start";
  // It is good for once.
  history.replaceState(null, "", location.pathname);
  seen = "";
  if (await ask("chat/says", { text })) find("text").focus();
});

find("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = find("text").value.trim();
  if (text && (await ask("chat/says", { text }))) find("text").value = "";
});

async function listen() {
  await ask("chat");
  setTimeout(listen, SECOND);
}
listen();
