// How a message looks. What comes from the server is text with marks; it is shown through text nodes only.

import { avatar, button, colour, element, icon, time, webAddress } from "/static/dom.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", blockquote: "blockquote",
  expandable_blockquote: "blockquote" };
const REPLY = "M9 7L4 12l5 5M4 12h9a7 7 0 0 1 7 7";

function link(href, title, ...children) {
  return element("a", { href, title, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

// Text with marks

function marked(entity, words, inner, act) {
  if (entity.type in TAGS) return element(TAGS[entity.type], {}, inner);
  if (entity.type === "pre") return element("pre", {}, element("code", {}, inner));
  if (entity.type === "spoiler") return element("span", { className: "spoiler", tabIndex: 0 }, inner);
  if ("start" in entity) return button(inner, () => act.start(entity.start), { className: "command" });
  if (webAddress(entity.href)) return link(webAddress(entity.href), entity.link, inner);
  if (entity.type === "bot_command" && act.tappable) {
    return button(inner, () => act.say(words), { className: "command" });
  }
  return ["url", "text_link"].includes(entity.type) ? inner : element("span", { className: "mark" }, inner);
}

// Entities come sorted, the outer before the inner. One that sticks out of another is cut in two.
function rich(text, entities, act, start = 0, end = text.length) {
  const out = document.createDocumentFragment();
  let at = start, waiting = entities;
  while (waiting.length) {
    const [entity, ...others] = waiting;
    const from = Math.max(entity.offset, at), to = Math.min(entity.offset + entity.length, end);
    const inside = others.filter((it) => it.offset < to);
    const beyond = inside.filter((it) => it.offset + it.length > to)
      .map((it) => ({ ...it, offset: to, length: it.offset + it.length - to }));
    waiting = to > from ? [...beyond, ...others.filter((it) => it.offset >= to)] : others;
    if (to <= from) continue;
    out.append(text.slice(at, from), marked(entity, text.slice(from, to), rich(text, inside, act, from, to), act));
    at = to;
  }
  out.append(text.slice(at, end));
  return out;
}

// The parts of a message

function meta(message) {
  const notes = [message.silent && "silent", message.edited && "edited"].filter(Boolean).join(" · ");
  return element("span", { className: "meta" }, notes ? `${notes} ` : "", time(message.time));
}

function quote(reply, act) {
  const words = [element("b", {}, reply.name), element("span", {}, reply.text)];
  return element("button", { type: "button", className: "reply", onclick: () => act.jump(reply.id),
    attributes: { "aria-label": `In reply to ${reply.name}: ${reply.text}. Go there.` } }, ...words);
}

function file(it) {
  const href = `/chat/file/${encodeURIComponent(it.id)}`;
  if (it.picture) {
    return element("a", { href, target: "_blank", rel: "noopener", className: "picture" },
      element("img", { src: href, alt: it.name, loading: "lazy" }));
  }
  const size = it.size < 1024 ? `${it.size} bytes` : `${(it.size / 1024).toFixed(it.size < 10240 ? 1 : 0)} KB`;
  return element("a", { href, download: it.name, className: "file" },
    element("span", { className: "sheet" }, icon("M6 3h8l4 4v14H6zM14 3v4h4")),
    element("span", {}, element("b", {}, it.name), element("small", {}, size)));
}

function press(message, it, act) {
  if ("start" in it) return button(it.text, () => act.start(it.start));
  if (webAddress(it.href)) return link(webAddress(it.href), "", it.text, element("span",
    { className: "hidden" }, " (opens a new tab)"));
  if ("copy" in it) return button(it.text, () => act.copy(it.copy));
  if ("query" in it) return button(it.text, () => act.write(it.query));
  const node = button(it.text, () => act.press(message.id, it.data, node), { disabled: !it.data });
  return node;
}

function keyboard(message, act) {
  const rows = message.keyboard.map((row) =>
    element("div", { className: "row" }, ...row.map((it) => press(message, it, act))));
  const attributes = { role: "group", "aria-label": "Buttons of this message" };
  return element("div", { className: "keyboard", attributes }, ...rows);
}

function body(message, mine, act) {
  const bubble = element("div", { className: "bubble" },
    element("b", { className: `name c${colour(message.from)}` }, mine ? "You" : message.name,
      element("span", { className: "hidden" }, ": ")));
  if (message.reply) bubble.append(quote(message.reply, act));
  if (message.file) bubble.append(file(message.file));
  const tappable = !mine;
  bubble.append(element("div", { className: "words", dir: "auto" },
    rich(message.text, message.entities, { ...act, tappable }), meta(message)));
  return bubble;
}

// `act` has what can be done: say, start, press, jump, reply, copy, write.
export function draw(message, mine, act) {
  if (message.service) {
    const note = element("article", { className: "message service", tabIndex: -1 }, message.service);
    note.dataset.id = message.id;
    return note;
  }
  const answer = button(icon(REPLY), () => act.reply(message), { className: "icon answer", tabIndex: -1,
    attributes: { "aria-label": `Reply to ${mine ? "yourself" : message.name}` } });
  const parts = element("div", { className: "parts" }, body(message, mine, act));
  if (message.keyboard.length) parts.append(keyboard(message, act));
  const node = element("article", { className: mine ? "message mine" : "message", tabIndex: -1 },
    mine ? null : avatar(message.name, message.from, message.bot), parts, answer);
  Object.assign(node.dataset, { id: message.id, from: message.from });
  return node;
}
