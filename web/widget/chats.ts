// Chats that somebody may link to themselves: a link that is good once, made when they ask for it.

import { h } from "./dom";
import type { Widget } from "./widget";
import type { preferences } from "./words/en";

type Words = typeof preferences;
type Tell = (text: string, bad?: boolean) => void;
const ADDRESS = "/api/v1/links";

/** A row for each; none where they cannot be had. */
export async function chats(widget: Widget, words: Words, tell: Tell): Promise<HTMLElement[]> {
  const known = widget.api.call<{ links: { channel: string; address: string | null }[] }>("GET", ADDRESS, undefined, true);
  const { links } = await known.catch(() => ({ links: [] }));
  return links.map(({ channel, address }) => {
    const name = words[`channel_${channel}` as keyof Words] ?? channel;
    const place = h("span", { "aria-live": "polite" });
    const connect = h("button", { type: "button" }, words.connect);
    connect.addEventListener("click", async () => {
      try {
        const { link, token } = await widget.api.call<{ link: string | null; token: string }>("POST", ADDRESS, { channel }, true);
        const way = link ? h("a", { href: link, target: "_blank", rel: "noopener" }, `${words.openChat} ${name}`) : `/start ${token}`;
        place.replaceChildren(way);
        if (typeof way !== "string") way.focus();
      } catch {
        tell(words.failed, true);
      }
    });
    place.append(connect);
    connect.setAttribute("aria-label", `${words.connect}: ${name}`);
    return h("div", { class: "row" }, h("span", {}, name, h("span", { class: "hint" }, address ? words.linked : words.linkHint)), place);
  });
}
