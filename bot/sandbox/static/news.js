// The newsroom: how fast time goes, an item of one's own, and what the feeds say now.

import { button, byId, clockTime, count, element, time, toast, webAddress } from "/static/dom.js";
import { post } from "/static/net.js";

const SPEEDS = [[0, "Pause"], [1, "1×"], [8, "8×"], [30, "30×"]];
const SKIPS = [[600, "+10 min"], [3600, "+1 hour"], [8 * 3600, "+8 hours"]];
let show = () => {}, shown = "", correcting = "";

function speeds(speed) {
  const known = SPEEDS.some(([value]) => value === speed);
  const all = known ? SPEEDS : [...SPEEDS, [speed, `${speed}×`]].sort(([one], [other]) => one - other);
  const box = byId("speeds");
  if (box.querySelectorAll("input").length !== all.length) {
    box.replaceChildren(box.querySelector("legend"), ...all.map(([value, label]) => element("label", {},
      element("input", { type: "radio", name: "speed", value: String(value),
        onchange: () => act("/desk/speed", { speed: value }) }), element("span", {}, label))));
  }
  for (const input of box.querySelectorAll("input")) input.checked = Number(input.value) === speed;
}

function ahead(seconds) {
  const minutes = Math.round(seconds / 60), hours = Math.floor(minutes / 60);
  return [hours && count(hours, "hour"), minutes % 60 && count(minutes % 60, "minute")].filter(Boolean).join(" ");
}

function item(it, feeds) {
  const outlet = feeds.find((feed) => feed.id === it.feed), href = webAddress(it.href);
  const title = href ? element("a", { href, target: "_blank", rel: "noopener noreferrer" }, it.title) : it.title;
  const words = it.own ? "Correct" : "Use";
  return element("li", { lang: outlet.lang }, element("small", { lang: "en" }, outlet.title, " · ", time(it.time)),
    element("span", {}, title),
    button(words, () => fill(it), { lang: "en", attributes: { "aria-label": `${words}: ${it.title}` } }));
}

export function render(found) {
  byId("now").textContent = `It is ${clockTime(found.now)}` + (found.skipped ? `, ${ahead(found.skipped)} ahead.` : ".");
  speeds(found.speed);
  const outlet = byId("outlet");
  if (!outlet.options.length) {
    outlet.append(...found.feeds.map((feed) => element("option", { value: feed.id }, `${feed.title} (${feed.lang})`)));
  }
  const now = JSON.stringify(found.items);
  if (now === shown) return;
  shown = now;
  const label = byId("items").contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
  byId("items").replaceChildren(...found.items.map((it) => item(it, found.feeds)));
  if (label) [...byId("items").querySelectorAll("button")].find((it) => it.getAttribute("aria-label") === label)?.focus();
}

// One's own item is corrected where it stands; another's headline is a beginning for one's own.
function fill(it) {
  correcting = it.own ? it.guid : "";
  byId("headline").value = it.title;
  byId("summary").value = it.summary;
  if (it.own) byId("outlet").value = it.feed;
  words();
  byId("headline").focus();
  byId("publish").scrollIntoView({ block: "nearest" });
}

function words() {
  byId("publish-title").textContent = correcting ? "Correct the item" : "Write an item";
  byId("publish-button").textContent = correcting ? "Correct" : "Publish";
  byId("outlet").disabled = Boolean(correcting);
  byId("publish-cancel").hidden = !correcting && !byId("headline").value;
}

async function act(path, body) {
  const found = await post(path, body);
  if (found) show(found);
  return found;
}

async function publish(event) {
  event.preventDefault();
  const body = { feed: byId("outlet").value, title: byId("headline").value, summary: byId("summary").value };
  if (!await act("/desk/publish", { ...body, guid: correcting })) return;
  toast(correcting ? "Corrected. The bot reads it in a moment." : "Published. The bot reads it in a moment.");
  byId("publish").reset();
}

export function begin(then) {
  show = then;
  byId("skips").append(element("span", {}, "Skip"), ...SKIPS.map(([seconds, label]) =>
    button(label, () => act("/desk/skip", { seconds }))));
  byId("publish").addEventListener("submit", publish);
  byId("publish").addEventListener("reset", () => { correcting = ""; setTimeout(words); });
  byId("headline").addEventListener("input", words);
}
