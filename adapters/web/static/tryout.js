// The try-out page: it asks the API and shows replies. Every sentence stands in index.html; here only texts that came
// from the server or the person are filled in, always as text, never as HTML.
"use strict";

const LIMIT = 2000;
const PATIENCE_MS = 30_000;
const byId = (id) => document.getElementById(id);
const state = { schools: [], school: null, busy: false };

// ---- Templates -----------------------------------------------------------------------------------------------------

function piece(template) {
  return byId(template).content.firstElementChild.cloneNode(true);
}

function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}

/** Put a text in a part, or take the part away where there is none. */
function say(root, name, text) {
  const found = part(root, name);
  if (text) found.textContent = text;
  else found.remove();
}

/** Put pieces in a slot, or take the slot away where there are none. */
function fit(root, name, ...pieces) {
  const slot = root.querySelector(`[data-slot="${name}"]`);
  if (slot) slot.replaceWith(...pieces.filter(Boolean));
}

// ---- Replies -------------------------------------------------------------------------------------------------------

function card(reply, turn) {
  const known = ["answer", "clarify", "concern", "no_match"].includes(reply.outcome);
  const root = piece(known ? reply.outcome : "help");
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
  if (reply.outcome === "clarify") part(root, "options").append(...reply.options.map((option) => choice(option, turn)));
  return root;
}

function text(template, words) {
  const root = piece(template);
  say(root, "text", words);
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

function choice(option, turn) {
  const root = text("option", option.label);
  const button = part(root, "text");
  button.addEventListener("click", () => ask({ ...turn, shown: option.label, choice: option.id, from: button }));
  return root;
}

// ---- Contacts ------------------------------------------------------------------------------------------------------

function contacts(reply) {
  const root = piece("contacts");
  part(root, reply.outcome === "concern" ? "ask" : "tell").remove();
  part(root, "people").append(...reply.contacts.map(contact));
  say(root, "note", reply.people_note);
  return root;
}

function contact({ called, reach }) {
  const root = piece("contact");
  say(root, "called", called);
  part(root, "reach").append(...reach.map(way).filter(Boolean));
  return root;
}

/** Ids of chat platforms mean nothing on a page, so other kinds of reach are left out. */
function way({ kind, value }) {
  const schemes = { phone: `tel:${value.replace(/[^\d+]/g, "")}`, email: `mailto:${encodeURI(value)}` };
  if (!(kind in schemes) && kind !== "room") return null;
  const root = piece(kind);
  say(root, "link", value);
  if (kind in schemes) part(root, "link").href = schemes[kind];
  return root;
}

// ---- Asking --------------------------------------------------------------------------------------------------------

class Refused extends Error {}

async function call(path, body) {
  const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, { ...(body ? post : {}), signal: AbortSignal.timeout(PATIENCE_MS) });
  const answer = await response.json();
  if (!response.ok) throw new Refused(answer.error.message);
  return answer;
}

/** Ask, and show the question at once with its card to follow. `from` is what was tapped; none for the box. */
async function ask({ school, question, shown, choice = null, from = null }) {
  if (state.busy) return;
  state.busy = true;
  complain();
  const turn = openTurn(shown ?? question, from);
  try {
    if (!state.school) await refresh();
    const reply = await call("/api/ask", { school: school ?? state.school, question, choice });
    part(turn, "card").replaceWith(card(reply, { school, question }));
    if (!from) emptyBox(question);
    showTurn(turn);
    refresh().catch(() => {});
  } catch (error) {
    turn.remove();
    keep(question, choice, from);
    complain(error);
  } finally {
    state.busy = false;
  }
}

function openTurn(shown, from) {
  const turn = piece("turn");
  say(turn, "question", shown);
  byId("log").append(turn);
  // After a tap, and on a phone (where the keyboard covers half the screen), the way on is from the answer.
  if (from || matchMedia("(pointer: coarse)").matches) turn.querySelector(".asked").focus({ preventScroll: true });
  showTurn(turn);
  return turn;
}

function showTurn(turn) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  turn.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}

function emptyBox(question) {
  if (byId("question").value.trim() !== question) return;
  byId("question").value = "";
  count();
}

function keep(question, choice, from) {
  const box = byId("question");
  if (!choice && !box.value.trim()) box.value = question;
  (from ?? box).focus();
  count();
}

function complain(error) {
  const pieces = [];
  if (error instanceof Refused) pieces.push(text("refused", error.message));
  else if (error) pieces.push(piece("offline"));
  byId("problem").replaceChildren(...pieces);
}

function submit(event) {
  event?.preventDefault();
  const question = byId("question").value.trim();
  if (question) ask({ school: state.school, question });
  else byId("problem").replaceChildren(piece("empty"));
}

function count() {
  const length = [...byId("question").value.trim()].length;
  byId("typed").textContent = length.toLocaleString("en-GB");
  byId("count").hidden = length < LIMIT * 0.9;
  byId("count").classList.toggle("over", length > LIMIT);
}

// ---- Schools -------------------------------------------------------------------------------------------------------

/** Read the schools as they are now; the page keeps what the person picked. */
async function refresh() {
  const found = await call("/api/schools");
  const named = (schools) => JSON.stringify(schools.map(({ id, name }) => [id, name]));
  const same = named(found.schools) === named(state.schools);
  state.schools = found.schools;
  if (!same) listSchools(found.default);
  if (!byId("examples").hasChildNodes()) byId("examples").append(...found.examples.map(example));
  showAbout();
}

function listSchools(preferred) {
  const there = state.schools.map((school) => school.id);
  if (!there.includes(state.school)) state.school = there.includes(preferred) ? preferred : there[0];
  byId("school").replaceChildren(...state.schools.map(({ id, name }) => new Option(name, id)));
  byId("school").value = state.school;
}

function chosenSchool() {
  return state.schools.find((school) => school.id === state.school);
}

function pickSchool() {
  state.school = byId("school").value;
  complain();
  showAbout();
  const log = byId("log");
  if (!log.hasChildNodes()) return;
  if (log.lastElementChild.matches(".moved")) log.lastElementChild.remove();
  const moved = piece("moved");
  say(moved, "school", chosenSchool().name);
  log.append(moved);
}

function showAbout() {
  const school = chosenSchool();
  if (!school) return;
  byId("plain-line").hidden = school.quotes;
  byId("quotes-yes").hidden = !school.quotes;
  byId("quotes-no").hidden = school.quotes;
  byId("attach").textContent = school.attach ?? "";
  byId("edit").textContent = school.edit;
  byId("edit-taken").hidden = true;
  byId("edit-refused").hidden = !school.status;
  if (school.status && school.status !== byId("edit-fault").textContent) byId("about").open = true;
  byId("edit-fault").textContent = school.status ?? "";
}

async function checkEdit() {
  await refresh().then(() => (byId("edit-taken").hidden = Boolean(chosenSchool()?.status)), complain);
}

async function copy(button) {
  const source = byId(button.dataset.copies);
  getSelection().selectAllChildren(source);
  const done = await navigator.clipboard.writeText(source.textContent).then(() => true, () => false);
  byId("copied").replaceChildren(piece(done ? "copy-done" : "copy-failed"));
}

// ---- Start ---------------------------------------------------------------------------------------------------------

function example(question) {
  const root = text("example", question);
  const button = part(root, "text");
  button.addEventListener("click", () => ask({ school: state.school, question, from: button }));
  return root;
}

function typed(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit();
}

async function start() {
  byId("composer").addEventListener("submit", submit);
  byId("question").addEventListener("keydown", typed);
  byId("question").addEventListener("input", count);
  byId("school").addEventListener("change", pickSchool);
  byId("check-edit").addEventListener("click", checkEdit);
  document.querySelectorAll("[data-copies]").forEach((button) => button.addEventListener("click", () => copy(button)));
  addEventListener("focus", () => refresh().catch(() => {}));
  await refresh().catch(complain);
}

start();
