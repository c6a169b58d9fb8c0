// Keeps the page up to date: the server says that something changed, and the page looks at everything anew.

import { byId } from "./pieces.js";

const AGAIN_MS = 5_000;
// Some things change by time alone: "not seen yet", or "today" at midnight.
const ANYWAY_MS = 30_000;
let stream = null;
let again = null;

/** Listen for a school and an asker; `look` is called when something changed, and after every new start. */
export function listen(query, look) {
  clearTimeout(again);
  stream?.close();
  stream = new EventSource(`/api/events?${new URLSearchParams(query)}`);
  stream.addEventListener("open", () => {
    connected(true);
    look();
  });
  stream.addEventListener("changed", look);
  stream.addEventListener("error", () => {
    connected(false);
    if (stream.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    clearTimeout(again);
    again = setTimeout(() => listen(query, look), AGAIN_MS);
  });
}

/** Look again now and then all the same, and whenever somebody comes back to the page. */
export function lookNowAndThen(look) {
  setInterval(look, ANYWAY_MS);
  addEventListener("focus", look);
}

function connected(yes) {
  for (const words of byId("live").children) words.hidden = (words.dataset.live === "on") !== yes;
}

/** Return a function that runs `look`, never twice at once: what is asked for meanwhile is run once afterwards. */
export function oneAtATime(look) {
  let running = false;
  let wanted = false;
  return async function run() {
    wanted = true;
    if (running) return;
    running = true;
    while (wanted) {
      wanted = false;
      await look().catch(() => {});
    }
    running = false;
  };
}
