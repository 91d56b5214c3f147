// How a message looks. What comes from the server is text with marks; it is shown through text nodes only.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

export function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function webAddress(href) {
  return /^https?:\/\//i.test(href ?? "") ? href : "";
}

function link(href, title, ...children) {
  return element("a", { href, title, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

// Text with marks

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", blockquote: "blockquote",
  expandable_blockquote: "blockquote" };

function marked(entity, words, inner) {
  if (entity.type in TAGS) return element(TAGS[entity.type], {}, inner);
  if (entity.type === "pre") return element("pre", {}, element("code", {}, inner));
  if (entity.type === "spoiler") return element("span", { className: "spoiler", tabIndex: 0 }, inner);
  if (webAddress(entity.href)) return link(webAddress(entity.href), entity.link, inner);
  if (entity.type === "bot_command" && entity.tap) {
    return element("button", { type: "button", className: "command", onclick: () => entity.tap(words) }, inner);
  }
  return ["url", "text_link"].includes(entity.type) ? inner : element("span", { className: "mark" }, inner);
}

// Entities come sorted, the outer before the inner. One that sticks out of another is cut in two.
function rich(text, entities, start = 0, end = text.length) {
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
    out.append(text.slice(at, from), marked(entity, text.slice(from, to), rich(text, inside, from, to)));
    at = to;
  }
  out.append(text.slice(at, end));
  return out;
}

// Messages

function meta(message) {
  const when = new Date(message.time * 1000);
  const notes = [message.silent && "silent", message.edited && "edited"].filter(Boolean).join(" · ");
  const time = element("time", { dateTime: when.toISOString(), title: date.format(when) }, clock.format(when));
  return element("span", { className: "meta" }, notes ? `${notes} ` : "", time);
}

function button(message, it, press) {
  if ("href" in it && webAddress(it.href)) return link(webAddress(it.href), "", it.text);
  const node = element("button", { type: "button", disabled: !it.data }, it.text);
  node.addEventListener("click", () => press(message.id, it.data, node));
  return node;
}

function keyboard(message, press) {
  const rows = message.keyboard.map((row) =>
    element("div", { className: "row" }, ...row.map((it) => button(message, it, press))));
  const node = element("div", { className: "keyboard" }, ...rows);
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", "Buttons of this message");
  return node;
}

// `say` is called with a command of the bot that was clicked, `press` with message, data and the button.
export function draw(message, say, press) {
  const tap = message.mine ? undefined : say;
  const words = element("div", { className: "words", dir: "auto" },
    rich(message.text, message.entities.map((entity) => ({ ...entity, tap }))));
  const bubble = element("div", { className: "bubble" },
    element("span", { className: "hidden" }, message.mine ? "You: " : `${message.name}: `));
  if (message.reply) {
    bubble.append(element("div", { className: "reply" },
      element("b", {}, message.reply.name), element("span", {}, message.reply.text)));
  }
  if (message.file) bubble.append(element("span", { className: "file" }, `[${message.file}]`));
  bubble.append(words);
  words.append(meta(message));
  const parts = message.keyboard.length ? [bubble, keyboard(message, press)] : [bubble];
  const node = element("article", { className: message.mine ? "message mine" : "message" }, ...parts);
  node.dataset.id = message.id;
  return node;
}
