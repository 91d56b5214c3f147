// Where one writes: text, a reply, a file, and from whom.

import { onKey as commandKey, suggest } from "/static/commands.js";
import { byId, element, toast } from "/static/dom.js";
import { post } from "/static/net.js";
import { current, speaker, state, thread } from "/static/state.js";

const MOST_FILE = 2 * 1024 * 1024; // bytes
const field = byId("text"), send = byId("send"), select = byId("speaker");
const drafts = new Map(); // place → text
let replyTo = 0;

export const who = () => ({ chat: state.chat, speaker: speaker().key });

export async function say(text) {
  const reply = replyTo;
  unquote();
  return Boolean(await post("/chat/say", { ...who(), text, thread: thread(), reply }));
}

export function write(text) {
  field.value = text;
  field.focus();
  typed();
}

function typed() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
  send.disabled = !field.value.trim();
  suggest();
}

async function submit(event) {
  event.preventDefault();
  const text = field.value;
  if (!text.trim()) return;
  field.value = "";
  typed();
  if (!await say(text) && !field.value) write(text);
}

// Replies

export function reply(message) {
  replyTo = message.id;
  byId("quoted-name").textContent = message.name;
  byId("quoted-text").textContent = message.text || message.file?.name || "";
  byId("quoted").hidden = false;
  field.focus();
}

function unquote() {
  replyTo = 0;
  byId("quoted").hidden = true;
}

// Files

async function sendFile(file) {
  if (!file) return;
  if (file.size > MOST_FILE) return toast("The sandbox takes files of at most 2 MB.");
  const data = await new Promise((done) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result.split(",")[1] ?? ""));
    reader.readAsDataURL(file);
  });
  const text = field.value.trim();
  if (await post("/chat/file", { ...who(), thread: thread(), name: file.name, data, text }) && text) write("");
}

// The chat that is open

export function leave(where) {
  drafts.set(where, field.value);
}

export function enter(where) {
  unquote();
  field.value = drafts.get(where) ?? "";
  typed();
  suggest([]);
  render();
}

export function render() {
  const chat = current();
  byId("speakers").hidden = chat.speakers.length < 2;
  select.replaceChildren(...chat.speakers.map((it) =>
    element("option", { value: it.key, selected: it.key === speaker(chat).key }, `${it.name}, ${it.role}`)));
  byId("commands").hidden = !speaker(chat).commands.length;
  byId("attach").hidden = chat.type === "channel";
  field.placeholder = chat.type === "channel" ? "Post to the channel" : "Message";
}

export function begin(spokenAs) {
  byId("composer").addEventListener("submit", submit);
  field.addEventListener("input", typed);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (commandKey(event)) return event.preventDefault();
    if (event.key === "Escape" && replyTo) unquote();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    byId("composer").requestSubmit();
  });
  byId("unquote").addEventListener("click", () => { unquote(); field.focus(); });
  byId("attach").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", async ({ target }) => {
    await sendFile(target.files[0]);
    target.value = "";
  });
  select.addEventListener("change", () => { state.speakers.set(state.chat, select.value); spokenAs(); });
}
