// The start of the try-out page: schools, the two sides, and what keeps both up to date.

import { read } from "./api.js";
import { complain, example, startAsking } from "./asking.js";
import { refreshDesk, showSchool, startDesk } from "./desk.js";
import { listen, lookNowAndThen, oneAtATime } from "./live.js";
import { byId, piece, say } from "./pieces.js";
import { refreshReceipts } from "./receipts.js";
import { keep, session } from "./session.js";

const state = { schools: [], school: null };
const left = {};

// ---- Schools -------------------------------------------------------------------------------------------------------

/** Read the schools as they are now; the page keeps what the person picked. */
async function refreshSchools() {
  const found = await read("/api/schools");
  const named = (schools) => JSON.stringify(schools.map(({ id, name }) => [id, name]));
  const same = named(found.schools) === named(state.schools);
  state.schools = found.schools;
  if (!same) listSchools(found.default);
  if (!byId("examples").hasChildNodes()) byId("examples").append(...found.examples.map(example));
  showAbout();
  showSchool(chosenSchool());
}

function listSchools(preferred) {
  const there = state.schools.map((school) => school.id);
  if (!there.includes(state.school)) state.school = there.includes(preferred) ? preferred : there[0];
  byId("school").replaceChildren(...state.schools.map(({ id, name }) => new Option(name, id)));
  byId("school").value = state.school;
  listenHere();
}

function chosenSchool() {
  return state.schools.find((school) => school.id === state.school);
}

function pickSchool() {
  state.school = byId("school").value;
  complain();
  showAbout();
  showSchool(chosenSchool());
  listenHere();
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
  await refreshSchools().then(() => (byId("edit-taken").hidden = Boolean(chosenSchool()?.status)), complain);
}

async function copy(button) {
  const source = byId(button.dataset.copies);
  getSelection().selectAllChildren(source);
  const done = await navigator.clipboard.writeText(source.textContent).then(() => true, () => false);
  byId("copied").replaceChildren(piece(done ? "copy-done" : "copy-failed"));
}

// ---- Both sides ----------------------------------------------------------------------------------------------------

const look = oneAtATime(async () => {
  await Promise.all([refreshReceipts(), refreshDesk()]);
});

function listenHere() {
  if (state.school) listen({ school: state.school, who: session.who }, look);
}

/** On a narrow screen one side is seen at a time; each is found again where it was left. */
function showPane(name) {
  const panes = document.querySelector(".panes");
  left[panes.dataset.pane] = scrollY;
  panes.dataset.pane = name;
  scrollTo({ top: left[name] ?? 0, behavior: "instant" });
  document.querySelectorAll("[data-shows]").forEach((tab) => {
    tab.setAttribute("aria-pressed", String(tab.dataset.shows === name));
  });
}

function startSides() {
  document.querySelectorAll("[data-shows]").forEach((tab) => {
    tab.addEventListener("click", () => showPane(tab.dataset.shows));
  });
  byId("name").value = session.name;
  byId("standing").value = session.standing;
  byId("name").addEventListener("change", () => keep({ name: byId("name").value.trim() }));
  byId("standing").addEventListener("change", () => keep({ standing: byId("standing").value }));
}

async function start() {
  startSides();
  startDesk(look);
  startAsking({
    school: async () => {
      if (!state.school) await refreshSchools();
      return state.school;
    },
    asked: () => refreshSchools().catch(() => {}),
  });
  byId("school").addEventListener("change", pickSchool);
  byId("check-edit").addEventListener("click", checkEdit);
  document.querySelectorAll("[data-copies]").forEach((button) => button.addEventListener("click", () => copy(button)));
  addEventListener("focus", () => refreshSchools().catch(() => {}));
  lookNowAndThen(look);
  await refreshSchools().catch(complain);
}

start();
