// A reply as a card.

import { contact, fit, part, piece, say, text } from "./pieces.js";

const KNOWN = ["answer", "clarify", "concern", "no_match"];

/** Return the card of a reply. `choose` is called with the option and the button that was tapped. */
export function card(reply, choose) {
  const root = piece(KNOWN.includes(reply.outcome) ? reply.outcome : "help");
  say(root, "message", reply.message);
  const [first, ...others] = reply.clauses;
  fit(root, "headline", reply.headline && headline(reply.headline));
  fit(root, "clause", first && clause(first));
  fit(root, "tension", reply.tension && text("tension", reply.tension));
  fit(root, "also", others.length > 0 && also(others, reply.tension));
  fit(root, "notices", ...reply.notices.map((notice) => text("notice", notice)));
  fit(root, "contacts", reply.contacts.length > 0 && contacts(reply));
  fit(root, "why", reply.why && text("why", reply.why));
  if (reply.outcome === "concern") advise(root, reply);
  if (reply.outcome === "clarify") {
    part(root, "options").append(...reply.options.map((option) => choice(option, choose)));
  }
  return root;
}

function headline({ label, act, tone }) {
  const root = piece("headline");
  part(root, "tag").dataset.tone = tone;
  say(root, "label", label);
  say(root, "act", act);
  return root;
}

function clause(shown) {
  const root = piece("clause");
  say(root, "quote", shown.quote);
  part(root, shown.quote ? "plain" : "short").remove();
  say(root, "says", shown.says);
  if (!shown.quote) say(root, "note", shown.note);
  const { title, version, issued } = shown.policy;
  fact(root, "section", shown.section);
  fact(root, "title", title);
  fact(root, "version", version);
  fact(root, "issued", issued && dateInWords(issued));
  return root;
}

function fact(root, name, value) {
  if (value) say(part(root, name), "value", value);
  else part(root, name).remove();
}

/** "2026-09-01" is "1 September 2026", and "2026-09" is "September 2026". */
function dateInWords(written) {
  const [year, month, day] = written.split("-").map(Number);
  const date = new Date(Date.UTC(year, (month || 1) - 1, day || 1));
  if (!month || Number.isNaN(date.getTime())) return written;
  const shape = { year: "numeric", month: "long", timeZone: "UTC", ...(day ? { day: "numeric" } : {}) };
  return date.toLocaleDateString("en-GB", shape);
}

/** Further clauses are folded away, unless they are the other side of a tension: then both sides must be seen. */
function also(clauses, tension) {
  const root = piece(tension ? "opposed" : "also");
  part(root, "clauses").append(...clauses.map(clause));
  return root;
}

function advise(root, reply) {
  const lines = reply.advice.map((line) => {
    const item = document.createElement("li");
    item.append(...sentences(line).map(marked));
    return item;
  });
  part(root, "advice").append(...lines);
  const said = reply.advice.some((line) => line.includes("999"));
  if (said || !reply.escalation?.urgent) part(root, "emergency").remove();
}

function sentences(line) {
  return line.split(/(?<=[.!?] )/);
}

/** The sentence that says when to phone 999 must be found at a glance. */
function marked(sentence) {
  if (!sentence.includes("999")) return sentence;
  const strong = document.createElement("strong");
  strong.className = "emergency";
  strong.textContent = sentence;
  return strong;
}

function choice(option, choose) {
  const root = text("option", option.label);
  const button = part(root, "text");
  button.addEventListener("click", () => choose(option, button));
  return root;
}

function contacts(reply) {
  const root = piece("contacts");
  part(root, reply.outcome === "concern" ? "ask" : "tell").remove();
  part(root, "people").append(...reply.contacts.map(contact));
  say(root, "note", reply.people_note);
  return root;
}
