// The way to the server and back: POST, GET, and Server-Sent Events.

import { toast } from "/static/dom.js";

// The answer, or null after a notice of what is wrong.
async function ask(path, options) {
  try {
    const answer = await fetch(path, options);
    if (answer.ok) return await answer.json();
    toast((await answer.json()).error);
  } catch {
    toast("The sandbox does not answer. Is it still running?");
  }
  return null;
}

export const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const get = (path) => ask(path, {});

// `handlers` by the name of the event; `lost` is told whether the browser tries again by itself.
export function listen(handlers, lost) {
  const events = new EventSource("/chat/events");
  for (const [name, handle] of Object.entries(handlers)) {
    events.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  }
  events.addEventListener("error", () => lost(events.readyState !== EventSource.CLOSED));
}
