// A participant of a live room: connects, shows the open poll, votes, shows counts, asks questions.
// No library, nothing fetched from anywhere but the engine. What others wrote is only ever shown as text.
"use strict";

const find = (id) => document.getElementById(id);
const state = { address: "", session: "", token: "", socket: null, last: "", wait: 500, polls: new Map() };

find("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  state.address = form.get("address").replace(/\/+$/, "");
  state.session = encodeURIComponent(form.get("session"));
  state.token = form.get("token").trim();
  // What was heard in another room, or as somebody else, is nothing to go on from.
  state.last = "";
  connect();
});

find("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  say({ type: "question", words: new FormData(event.target).get("words") });
  event.target.reset();
});

function connect() {
  state.socket?.close();
  const since = state.last ? `?since=${encodeURIComponent(state.last)}` : "";
  const address = `${state.address.replace(/^http/, "ws")}/api/v1/live/sessions/${state.session}/socket${since}`;
  const socket = (state.socket = new WebSocket(address));
  // A browser cannot send the token in a header, so it is the first thing said.
  socket.addEventListener("open", () => socket.send(JSON.stringify({ token: state.token })));
  socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  socket.addEventListener("close", (event) => {
    if (socket !== state.socket) return;
    const forGood = event.code === 1000 || (event.code >= 4000 && event.code < 4429);
    tell(forGood ? event.reason || "Disconnected." : "Connection lost; trying again ...");
    if (forGood) return void (find("door").open = true);
    // The longer it stays away, the less often it is asked, and not by everybody at once.
    setTimeout(connect, state.wait * (0.5 + Math.random()));
    state.wait = Math.min(2 * state.wait, 15000);
  });
}

const HEARD = {
  welcome(data) {
    tell(`Connected as ${data.you}.`);
    state.wait = 500;
    find("door").open = false;
    find("room").hidden = false;
    forget(() => true);
    for (const poll of data.polls) open(poll);
    readQuestions();
    readPlaces();
  },
  // Something was missed that cannot be told any more: read what stands anew.
  resync: () => connect(),
  poll_opened(data) {
    forget((poll) => poll.over);
    open({ ...data, votes: 0, counts: null, own: null });
  },
  poll_results: (data) => change(data.poll_id, data),
  poll_closed: (data) => change(data.poll_id, { ...data, over: true }),
  question: () => readQuestions(),
  question_votes: () => readQuestions(),
  chat_prompt: (data) => add("said", data.text),
  notification: (data) => add("said", `${data.title}: ${data.body}`),
  // What may be achieved, for all; and what one has achieved oneself.
  achievement: (data) => add("said", `To be achieved: ${data.title}. ${data.body}`),
  achieved: (data) => add("said", `Achieved: ${data.title}`),
  leaderboard(data) {
    add("said", `${data.title}: ${data.body}`);
    readPlaces();
  },
  session_ended: () => tell("The session has ended."),
  error: (data) => add("said", data.detail),
  done(data) {
    if (data.poll_id) change(data.poll_id, { own: data });
    for (const each of data.achievements ?? []) add("said", `Achieved: ${each.title}`);
  },
};

function hear(message) {
  if (message.id) state.last = message.id;
  HEARD[message.type]?.(message.data);
}

function say(what) {
  if (state.socket?.readyState === WebSocket.OPEN) state.socket.send(JSON.stringify(what));
}

// Polls that are open, newest first, and those closed since the last one was opened. Each is drawn once and brought up
// to date from then on, so that nobody loses what they are typing, or their place on the keyboard.
function open(poll) {
  const view = element("section");
  const parts = poll.type === "open_ended" ? [words(poll)] : poll.options.map((option, place) => choice(poll, option, place));
  view.append(element("p", poll.question), ...parts, element("p"));
  state.polls.set(poll.poll_id, { ...poll, view });
  find("poll").prepend(view);
  change(poll.poll_id, {});
}

function forget(which) {
  for (const [id, poll] of state.polls) {
    if (!which(poll)) continue;
    poll.view.remove();
    state.polls.delete(id);
  }
  find("none").hidden = state.polls.size > 0;
}

function change(id, news) {
  const poll = state.polls.get(id);
  if (!poll) return;
  Object.assign(poll, news);
  find("none").hidden = true;
  poll.view.lastChild.textContent = told(poll);
  for (const button of poll.view.querySelectorAll("button")) button.disabled = Boolean(poll.over);
  poll.view.querySelectorAll(".option").forEach((row, place) => mark(poll, row, place));
}

function told(poll) {
  const known = [];
  // Whoever may not see the results yet is not told either how many have voted since.
  if (poll.counts || poll.over) known.push(`${poll.votes} ${poll.votes === 1 ? "vote" : "votes"}`);
  if (typeof poll.own?.words === "string") known.push(`your answer: ${poll.own.words}`);
  if (poll.over) known.push("closed");
  return known.join("; ");
}

function choice(poll, option, place) {
  const row = element("div", "", "option");
  const button = element("button", option);
  button.addEventListener("click", () => say({ type: "vote", poll_id: poll.poll_id, choice: place }));
  const bar = element("progress");
  bar.setAttribute("aria-label", option);
  row.append(button, bar, element("span"));
  return row;
}

// What the room knows of an option: whether it is yours, and its votes where you may see them.
function mark(poll, row, place) {
  const [button, bar, number] = row.children;
  button.setAttribute("aria-pressed", String(poll.own?.choice === place));
  bar.hidden = number.hidden = !poll.counts;
  bar.max = Math.max(1, poll.votes);
  bar.value = poll.counts?.[place] ?? 0;
  number.textContent = poll.counts?.[place] ?? "";
}

function words(poll) {
  const form = element("form");
  const label = element("label", "Your answer ");
  const input = element("input");
  input.maxLength = 500;
  input.required = true;
  label.append(input);
  form.append(label, element("button", "Send"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    say({ type: "vote", poll_id: poll.poll_id, words: input.value });
    input.value = "";
  });
  return form;
}

async function readQuestions() {
  const told = await read("questions");
  if (told) find("questions").replaceChildren(...told.questions.map(question));
}

async function readPlaces() {
  const told = await read("leaderboard?limit=5");
  if (!told) return;
  const places = told.own && told.own.place > 5 ? [...told.first, told.own] : told.first;
  find("places").replaceChildren(...places.map((each) => element("li", `${each.place}. ${each.user_id}: ${each.points}`)));
}

async function read(what) {
  const address = `${state.address}/api/v1/live/sessions/${state.session}/${what}`;
  const answer = await fetch(address, { headers: { Authorization: `Bearer ${state.token}` } });
  return answer.ok ? answer.json() : null;
}

function question(each) {
  const row = element("li", `${each.words} (${each.votes}) `);
  if (!each.mine && !each.answered_at) {
    const button = element("button", each.wanted ? "No longer" : "I want to know, too");
    button.addEventListener("click", () =>
      say({ type: "question_vote", question_id: each.question_id, wanted: !each.wanted }));
    row.append(button);
  }
  return row;
}

function add(where, text) {
  find(where).prepend(element("li", text));
}

function tell(text) {
  find("state").textContent = text;
}

function element(name, text = "", kind = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}
