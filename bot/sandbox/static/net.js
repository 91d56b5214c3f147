// The way to the server and back: POST, GET, and Server-Sent Events.

import { toast } from "/static/dom.js";

// The answer, or null after a notice of what is wrong.
export async function post(path, body) {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    if (answer.ok) return await answer.json();
    toast((await answer.json()).error);
  } catch {
    toast("The sandbox does not answer. Is it still running?");
  }
  return null;
}

// The answer, or null without a word: it is asked for again and again.
export const get = (path) => fetch(path).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);

// `handlers` by the name of the event; `lost` is told whether the browser tries again by itself.
export function listen(handlers, lost) {
  const events = new EventSource("/chat/events");
  for (const [name, handle] of Object.entries(handlers)) {
    events.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  }
  events.addEventListener("error", () => lost(events.readyState !== EventSource.CLOSED));
}
