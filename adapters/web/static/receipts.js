// What became of what was passed on: the true state, whom to phone while nobody has seen it, and the thread.

import { complainIn, once, read, send } from "./api.js";
import { byId, label, list, part, people, piece, say, sendsWithEnter, tell } from "./pieces.js";
import { asker } from "./session.js";

/** Nothing is called passed on before it has arrived. */
const ARRIVED = ["delivered", "acknowledged", "resolved"];
const shown = new Map();

/** Return the block of something that was passed on just now. It is kept up to date from then on. */
export function receipt(found) {
  const root = piece("receipt");
  label(part(root, "form"));
  sendsWithEnter(part(root, "box"));
  part(root, "form").addEventListener("submit", (event) => {
    event.preventDefault();
    once(root, part(root, "problem"), () => answer(root, found.id));
  });
  shown.set(found.id, root);
  update(root, found);
  return root;
}

/** Look at everything anew. */
export async function refreshReceipts() {
  const asks = { who: asker().who };
  let receipts;
  try {
    ({ receipts } = await read("/api/receipts", asks));
  } catch (error) {
    // An old state must not be taken for the present one.
    shown.forEach((root) => complainIn(part(root, "problem"), error));
    return;
  }
  for (const found of receipts) if (!shown.has(found.id)) earlier(found);
  await Promise.all(receipts.map((found) => refreshThread(found.id, asks)));
}

async function refreshThread(id, asks) {
  const root = shown.get(id);
  try {
    fill(root, await read(`/api/escalations/${id}/thread`, asks));
    complainIn(part(root, "problem"), null);
  } catch (error) {
    complainIn(part(root, "problem"), error);
  }
}

/** Show what was passed on before this page was loaded. */
function earlier(found) {
  const root = receipt(found);
  root.dataset.earlier = "yes";
  byId("passed-list").append(root);
  byId("passed").hidden = false;
}

function update(root, found) {
  root.dataset.state = found.state;
  tell(root, "title", found.title);
  part(root, "reference").textContent = found.reference;
  const arrived = ARRIVED.includes(found.state);
  part(root, "recorded").hidden = arrived;
  part(root, "arrived").hidden = !arrived;
  list(root, "lines", found.lines);
  const warning = part(root, "warning");
  warning.hidden = !found.warning;
  warning.classList.toggle("alarm", Boolean(found.alarm));
  if (part(warning, "words").textContent !== (found.warning ?? "")) part(warning, "words").textContent = found.warning;
  people(warning, "phone", found.phone);
}

function fill(root, { receipt: found, thread, note }) {
  update(root, found);
  tell(root, "note", note);
  // In a card the words stand above already.
  const kept = root.dataset.earlier ? thread : thread.filter((one) => one.kind !== "opening");
  const place = part(root, "thread");
  place.append(...kept.slice(place.children.length).map(asked));
  if (kept.some((one) => one.kind === "reply")) openOnce(part(root, "more"));
}

/** A reply invites an answer; who closed the box again meant it. */
function openOnce(details) {
  if (details.dataset.opened) return;
  details.dataset.opened = "yes";
  details.open = true;
}

function asked(one) {
  return saying(one, one.kind === "reply" ? null : piece("you-said"));
}

/** Return one piece of a thread; `by` stands for whoever said it. */
export function saying(one, by = null) {
  const root = piece("said");
  root.dataset.kind = one.kind;
  if (by) part(root, "by").append(by);
  else say(root, "by", one.title ? `${one.by}, ${one.title}` : one.by);
  say(root, "at", one.at);
  say(root, "text", one.text);
  return root;
}

async function answer(root, id) {
  const box = part(root, "box");
  fill(root, await send(`/api/escalations/${id}/thread`, { ...asker(), text: box.value }));
  box.value = "";
}
