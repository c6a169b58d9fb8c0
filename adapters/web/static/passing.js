// What can be tapped beneath a reply: passing a concern on, asking a person, saying whether it helped.

import { once, send } from "./api.js";
import { fit, part, people, piece, tell } from "./pieces.js";
import { receipt, refreshReceipts } from "./receipts.js";
import { asker } from "./session.js";

const PLAIN = ["helped", "not-meant", "ask-a-person"];

/** Add to a card what can be done about its reply. `show` puts another reply beneath the card. */
export function addPassing(card, reply, show) {
  fit(card, "passing", reply.escalation && passing(reply, card));
  const plain = reply.actions.filter((action) => PLAIN.includes(action));
  fit(card, "actions", plain.length > 0 && actions(reply, plain, show));
}

function act(reply, action, more = {}) {
  return send(`/api/replies/${encodeURIComponent(reply.id)}/${action}`, { ...asker(), ...more });
}

function tapped(root, action, run) {
  const button = root.querySelector(`[data-action="${action}"]`);
  button?.addEventListener("click", () => once(root, part(root, "problem"), run));
}

/** Put one block where another was; the keyboard goes on from its heading. */
function replace(old, block) {
  old.replaceWith(block);
  block.querySelector("h3").focus({ preventScroll: true });
}

// ---- A concern -----------------------------------------------------------------------------------------------------

function passing(reply, card) {
  const { escalation } = reply;
  if (escalation.id) return sent(reply, card, escalation, receipt(recorded(escalation)));
  if (escalation.problem) return cannot(escalation);
  return reply.actions.includes("tell") ? offer(reply, card, escalation) : null;
}

/** What is known of an escalation before its receipt has been read. */
function recorded({ id, reference, state, says }) {
  return { id, reference, state, title: null, lines: [], warning: says, alarm: false, phone: [] };
}

/** Who would read it, before anything is sent. `isInvolved`: somebody who was shown before is. */
function offer(reply, card, escalation, { isInvolved = false, note = null } = {}) {
  const root = piece("passing");
  part(root, "apart").hidden = !isInvolved;
  tell(root, "says", escalation.says);
  tell(root, "note", note);
  people(root, "readers", escalation.readers, { ways: isInvolved });
  tapped(root, "tell", async () => {
    const found = await act(reply, "tell", { seal: escalation.seal });
    replace(root, sent(reply, card, escalation, receipt(found)));
    await refreshReceipts();
  });
  tapped(root, "involved", async () => replace(root, await goOn(reply, card, escalation)));
  return root;
}

/** What was sent, and who can read it; that one of them is involved can be said now too. */
function sent(reply, card, escalation, itsReceipt) {
  const root = piece("sent");
  root.prepend(itsReceipt);
  const reading = root.querySelector(".reading");
  people(reading, "readers", escalation.readers, { ways: false });
  tapped(reading, "involved", async () => {
    replace(reading, await goOn(reply, card, escalation, { wasSent: true }));
  });
  return root;
}

/** Go on to the next safe route; return the block that offers it, or says whom to phone. */
async function goOn(reply, card, { seal }, { wasSent = false } = {}) {
  const found = await act(reply, "involved", { seal });
  // Whoever is involved may be one of those whom the card named; from now on it names nobody but those in this block.
  card.querySelector(".contacts")?.remove();
  const about = { isInvolved: true, note: found.people_note };
  if (found.escalation.problem) return cannot(found.escalation, { ...about, wasSent, phone: found.contacts });
  return offer(reply, card, found.escalation, about);
}

function cannot(escalation, { phone = [], note = null, isInvolved = false, wasSent = false } = {}) {
  const root = piece("cannot");
  part(root, wasSent ? "nobody" : "further").remove();
  part(root, "apart").hidden = !isInvolved;
  tell(root, "says", escalation.problem);
  people(root, "phone", phone);
  tell(root, "note", note);
  return root;
}

// ---- Any other reply -----------------------------------------------------------------------------------------------

function actions(reply, wanted, show) {
  const root = piece("actions");
  root.querySelectorAll("[data-action]").forEach((button) => {
    if (!wanted.includes(button.dataset.action)) button.remove();
  });
  tapped(root, "helped", async () => done(root, (await act(reply, "helped")).message));
  tapped(root, "not-meant", async () => {
    const nearer = await act(reply, "not-meant");
    root.remove();
    show(nearer);
  });
  tapped(root, "ask-a-person", async () => {
    const found = await act(reply, "ask-a-person");
    done(root, found.message);
    root.append(receipt(found));
    await refreshReceipts();
  });
  return root;
}

function done(root, message) {
  root.querySelector(".buttons").remove();
  tell(root, "said", message);
  part(root, "said").focus({ preventScroll: true });
}
