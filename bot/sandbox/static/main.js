// The sandbox's page: what happens comes as Server-Sent Events, what people do goes out as POST.

import * as below from "/static/below.js";
import * as calls from "/static/calls.js";
import * as chats from "/static/chats.js";
import * as composer from "/static/composer.js";
import * as desk from "/static/desk.js";
import { announce, byId, toast } from "/static/dom.js";
import * as log from "/static/log.js";
import { listen, post } from "/static/net.js";
import { current, here, keep, mine, place, reset, state, thread } from "/static/state.js";
import * as talk from "/static/talk.js";

const TYPING_SHOWN = 5000, PRESS_SHOWN = 10000; // milliseconds
const NARROW = matchMedia("(max-width: 47.99rem)"); // as in page.css: one column
let begun = false;

// Where the reader is stands in the address: #/chat/topic. Without it a phone shows the list.

function route() {
  const [, chat, topic] = /^#\/(-?\d+)(?:\/(\d+))?$/.exec(location.hash) ?? [];
  const known = state.chats.get(Number(chat));
  document.body.dataset.shown = known ? "talk" : "chats";
  if (!known && state.chat) return list();
  open(known ?? [...state.chats.values()][0], topic === undefined ? undefined : Number(topic));
}

function open(chat, topic) {
  if (state.chat) composer.leave(here());
  state.chat = chat.id;
  if (topic !== undefined && (topic === 0 || chat.topics.some((it) => it.id === topic))) state.threads.set(chat.id, topic);
  state.unread.delete(here());
  chats.render();
  talk.render();
  log.show();
  below.render();
  composer.enter(here());
  if (byId("topics").contains(document.activeElement)) return;
  const typing = !byId("composer").hidden && !matchMedia("(pointer: coarse)").matches; // no keyboard over the chat
  byId(typing ? "text" : "log").focus();
}

function list() {
  chats.render();
  byId("chat-list").querySelector("[aria-current]")?.focus();
}

function read() {
  if (!state.chat || document.hidden) return;
  state.unread.delete(here());
  chats.render();
}

// What people do

const act = {
  say: composer.say,
  reply: composer.reply,
  write: (query) => composer.write(`@wirewatch_sandbox_bot ${query}`.trim()),
  copy: (text) => navigator.clipboard.writeText(text).then(() => toast("Copied."), () => toast(text)),
  start: (payload) => post("/chat/say", { ...privately(), text: `/start ${payload}`.trim(), thread: 0, reply: 0 }),
  async press(id, data, node) {
    if (node.getAttribute("aria-busy") === "true") return;
    node.setAttribute("aria-busy", "true");
    setTimeout(() => node.removeAttribute("aria-busy"), PRESS_SHOWN);
    if (!await post("/chat/press", { ...composer.who(), message: id, data })) node.removeAttribute("aria-busy");
  },
};

// A deep link leads to one's own chat with the bot.
function privately() {
  const chat = current().type === "private" ? current() : [...state.chats.values()].find((it) => it.type === "private");
  location.hash = `#/${chat.id}`;
  return { chat: chat.id, speaker: chat.speakers[0].key };
}

// What happens

function everything(all) {
  reset(all);
  calls.begin(all.calls);
  desk.offer(all.desk);
  byId("bot").textContent = all.bot.name;
  talk.connected("");
  if (begun && state.chats.has(state.chat)) {
    chats.render();
    talk.render();
    log.renew();
    below.render();
    return composer.render();
  }
  begun = true;
  state.chat = 0;
  return route();
}

function message(it) {
  const isNew = keep(it), where = place(it.chat, it.thread), open = where === here();
  if (it.bot) stopTyping(where);
  if (open) {
    log.put(it);
    below.render();
  }
  const seen = open && !document.hidden && (document.body.dataset.shown === "talk" || !NARROW.matches);
  if (isNew && !seen && !mine(it)) state.unread.set(where, (state.unread.get(where) ?? 0) + 1);
  chats.render();
  if (it.chat === state.chat) talk.tabs();
}

function deleted({ chat, id }) {
  state.messages.get(chat)?.delete(id);
  if (chat === state.chat) {
    log.drop(id);
    below.render();
  }
  chats.render();
}

function typing({ chat, thread: topic }) {
  const where = place(chat, topic);
  clearTimeout(state.typing.get(where));
  state.typing.set(where, setTimeout(() => stopTyping(where), TYPING_SHOWN));
  talk.header();
  chats.render();
}

function stopTyping(where) {
  clearTimeout(state.typing.get(where));
  if (state.typing.delete(where)) {
    talk.header();
    chats.render();
  }
}

function answer({ chat, message: id, text, alert }) {
  if (chat === state.chat) log.answered(id);
  if (!text) return;
  if (!alert) return toast(text);
  byId("alert-text").textContent = text;
  if (!byId("alert").open) byId("alert").showModal();
}

function chat(it) {
  state.chats.set(it.id, it);
  chats.render();
  desk.changed(it);
  if (it.id !== state.chat) return;
  if (thread() && !it.topics.some((topic) => topic.id === thread())) state.threads.set(it.id, 0);
  const asked = Number(/^#\/-?\d+\/(\d+)$/.exec(location.hash)?.[1] ?? 0);
  if (asked !== thread() && it.topics.some((topic) => topic.id === asked)) return route(); // its address came before it
  talk.render();
  composer.render();
}

function lost(again) {
  talk.connected(again ? "reconnecting …" : "not connected: reload the page");
  announce(byId("state").textContent);
}

log.begin(act);
below.begin(act.say);
composer.begin(() => { talk.actions(); log.show(); composer.render(); });
desk.begin();
byId("back").addEventListener("click", () => { location.hash = "#/"; });
addEventListener("hashchange", route);
document.addEventListener("visibilitychange", read);
listen({ everything, message, deleted, typing, answer, chat, call: calls.add }, lost);
