// What the page knows: the chats, their messages, and where the reader is.

export const state = {
  bot: { id: 0, name: "" },
  chats: new Map(), // id → chat
  messages: new Map(), // id of a chat → Map of its messages by id
  chat: 0, // the chat that is open
  threads: new Map(), // id of a chat → the topic that is open in it
  speakers: new Map(), // id of a chat → key of who writes
  unread: new Map(), // place → number
  typing: new Map(), // place → timer
};

export const current = () => state.chats.get(state.chat);

export const thread = (id = state.chat) => state.threads.get(id) ?? 0;

export const place = (chat, topic) => `${chat}/${state.chats.get(chat)?.forum ? topic : 0}`;

export const here = () => place(state.chat, thread());

export function speaker(chat = current()) {
  const key = state.speakers.get(chat.id);
  return chat.speakers.find((it) => it.key === key) ?? chat.speakers[0];
}

// Who writes in a channel is the channel: everything in it stands on one side.
export function mine(message) {
  const chat = state.chats.get(message.chat);
  return chat.type !== "channel" && !message.bot && !message.service && speaker(chat).id === message.from;
}

export const present = (chat) => !["left", "kicked"].includes(chat.bot);

// The messages of the open chat and topic, oldest first.
export function shown() {
  const all = [...(state.messages.get(state.chat)?.values() ?? [])];
  return all.filter((it) => place(it.chat, it.thread) === here()).sort((a, b) => a.id - b.id);
}

export function last(chat) {
  let newest = null;
  for (const message of state.messages.get(chat)?.values() ?? []) {
    if (!newest || message.time >= newest.time) newest = message;
  }
  return newest;
}

export function unread(chat) {
  let sum = 0;
  for (const [where, number] of state.unread) if (where.startsWith(`${chat}/`)) sum += number;
  return sum;
}

export function keep(message) {
  if (!state.messages.has(message.chat)) state.messages.set(message.chat, new Map());
  const messages = state.messages.get(message.chat), isNew = !messages.has(message.id);
  messages.set(message.id, message);
  return isNew;
}

// Everything anew, as after a lost connection; where the reader is stays.
export function reset({ bot, chats, messages }) {
  state.bot = bot;
  state.chats = new Map(chats.map((chat) => [chat.id, chat]));
  state.messages = new Map();
  messages.forEach(keep);
}
