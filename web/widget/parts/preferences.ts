// The preference centre: peace and quiet, what one hears of, where, and what becomes of one's data.

import { dialog } from "../dialog";
import { Refused } from "../api";
import { CROSS, h, icon, sheet } from "../dom";
import { fields, type Preferences, changes } from "../choices";
import { chats } from "../chats";
import { rights } from "../rights";
import type { Widget } from "../widget";
import { preferences as de } from "../words/de";
import { preferences as en } from "../words/en";
import { spoken } from "../words/index";
import css from "./preferences.css";

const LOOK = sheet(css);
const ADDRESS = "/proactive/preferences";

export default async function preferences(widget: Widget): Promise<void> {
  const words = spoken(widget.lang, en, de);
  widget.look(LOOK);
  const said = h("span", { role: "status" });
  const save = h("button", { type: "submit", class: "main", form: "prefs", disabled: true }, words.save);
  const form = h("form", { id: "prefs", novalidate: true });
  const close = () => body.close();
  const body = dialog(
    widget,
    "preferences",
    "prefs",
    words.title,
    h("header", {}, h("h2", {}, words.title), h("p", {}, words.lead)),
    h("button", { type: "button", class: "cross", "aria-label": words.cancel, click: close }, icon(CROSS)),
    form,
    h("footer", {}, said, save),
  );
  const tell = (text: string, bad = false) => {
    said.textContent = text;
    said.className = bad ? "bad" : "";
  };
  let held: Preferences;
  try {
    held = await widget.api.call<Preferences>("GET", ADDRESS, undefined, true);
  } catch {
    form.append(...rights(widget, words, tell, close, async () => true));
    return tell(words.failed, true);
  }
  const keep = async (): Promise<boolean> => {
    const wrong = form.querySelector<HTMLInputElement>("input:invalid");
    if (wrong) {
      wrong.focus();
      tell(words.unfit, true);
      return false;
    }
    const changed = changes(form, held);
    if (!Object.keys(changed).length) return true;
    try {
      held = await widget.api.call<Preferences>("PUT", ADDRESS, changed, true);
    } catch (failure) {
      tell(failure instanceof Refused && failure.message ? failure.message : words.failed, true);
      return false;
    }
    save.disabled = true;
    tell(words.saved);
    widget.tell("preferences", held);
    return true;
  };
  form.append(...fields(words, held), ...rights(widget, words, tell, close, keep));
  void chats(widget, words, tell).then((found) => form.children[2]?.append(...found));
  form.addEventListener("input", () => {
    save.disabled = !Object.keys(changes(form, held)).length;
    tell("");
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await keep()) widget.refresh();
  });
}
