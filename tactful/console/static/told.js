// What the stream tells as HTML, put where it belongs. Everything stands under its own key: told twice, it is there once.

const reading = new DOMParser();

/** The element that HTML of ours begins with; rows and entries need what they may stand in. */
export function element(html, around = "") {
  const inside = { tr: "<table><tbody>", li: "<ul>" }[around] ?? "";
  return document.adoptNode(reading.parseFromString(inside + html, "text/html").querySelector("[data-key]"));
}

/** The child of a list that stands under a key. */
export function keyed(list, key) {
  return [...list.children].find((each) => each.dataset.key === key);
}

/** Put an element into its list, in place of the one of its key, else at its head. Keeps what somebody is writing. */
export function put(list, fresh) {
  const known = keyed(list, fresh.dataset.key);
  if (known === undefined) {
    if (!("gone" in fresh.dataset)) list.prepend(fresh);
    return fresh;
  }
  if ("gone" in fresh.dataset) {
    known.remove();
    return null;
  }
  if (known.contains(document.activeElement) || known.querySelector("details[open]")) return known;
  if (known.outerHTML === fresh.outerHTML) return known;
  known.replaceWith(fresh);
  return fresh;
}

/** Keep a list in order of time, the latest first, and no longer than so many entries. */
export function inOrder(list, fresh, most) {
  if (fresh === null) return;
  const later = [...list.children].filter((each) => each !== fresh && each.dataset.at > fresh.dataset.at).pop();
  if (later !== undefined) later.after(fresh);
  while (list.children.length > most) list.lastElementChild.remove();
}

/** Tell the server and answer what it said; a page of its own is answered by its sentence. */
export async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  const headers = { "HX-Request": "true", "HX-Target": "answer" };
  const answer = await fetch(form.action, { method: "POST", body, headers, redirect: "manual" });
  if (answer.type === "opaqueredirect") throw new Error("You are signed out; sign in again.");
  const read = reading.parseFromString(await answer.text(), "text/html");
  const said = (read.querySelector("main p") ?? read.querySelector("p"))?.textContent.trim() ?? "";
  if (!answer.ok) throw new Error(said || "That did not work; try again.");
  return said;
}
