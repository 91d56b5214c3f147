// The keyboard below the field, and the list from which a person chooses a chat for the bot.

import { who } from "/static/composer.js";
import { avatar, button, byId, element } from "/static/dom.js";
import { post } from "/static/net.js";
import { shown, state } from "/static/state.js";

const board = byId("below"), dialog = byId("choose");
let say = () => {};

// The newest that the bot has sent, unless it was for one use and has had it.
function standing() {
  const all = shown(), at = all.findLastIndex((it) => it.below);
  if (at < 0) return null;
  const { below } = all[at], words = below.rows.flat().map((it) => it.text);
  const used = all.slice(at).some((it) => !it.bot && (it.service || words.includes(it.text)));
  return below.rows.length && !(below.once && used) ? all[at] : null;
}

export function render() {
  const message = standing(), drawn = message ? `${message.chat}/${message.id}` : "";
  if (board.dataset.of === drawn) return; // so that what has the focus keeps it
  board.dataset.of = drawn;
  board.hidden = !message;
  board.replaceChildren(...(message?.below.rows ?? []).map((row) => element("div", { className: "row" },
    ...row.map((it) => button(it.text, () => (it.request ? choose(message, it) : say(it.text)))))));
}

async function choose(message, { text, request }) {
  const about = { ...who(), message: message.id, request };
  const found = await post("/chat/choices", about);
  if (!found) return;
  byId("choose-title").textContent = text;
  byId("choices").replaceChildren(...(found.chats.length ? found.chats.map((it) => choice(it, about)) : [none()]));
  dialog.showModal();
}

function choice({ id, title }, about) {
  const words = state.chats.get(id)?.about ?? "";
  const node = button("", () => { dialog.close(); post("/chat/share", { ...about, shared: id }); });
  node.append(avatar(title, id), element("span", {}, element("b", {}, title), element("small", {}, words)));
  return element("li", {}, node);
}

const none = () => element("li", { className: "soft" },
  `None fits yet. Open the chat that you mean and add ${state.bot.name} there first.`);

export function begin(sayIt) {
  say = sayIt;
}
