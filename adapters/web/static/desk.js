// The pane that plays the private channel and the direct messages of a school.

import { complainIn, read } from "./api.js";
import { oneAtATime } from "./live.js";
import { byId, list, part, piece, say, text } from "./pieces.js";
import { keep, session } from "./session.js";
import { news, Slip } from "./slips.js";

const TITLE = document.title;
const state = { school: null, first: true, elsewhere: 0, slips: new Map() };
let changed = () => {};

/** Start the pane; `onChange` is called after every step that somebody takes in it. */
export function startDesk(onChange) {
  changed = onChange;
  byId("role").addEventListener("change", () => play(byId("role").value));
}

/** Show the private channel of a school. */
export function showSchool(school) {
  const roles = school?.roles ?? [];
  const listed = JSON.stringify([school?.id, roles]);
  if (byId("role").dataset.listed === listed) return;
  byId("role").dataset.listed = listed;
  state.school = school?.id ?? null;
  byId("desk-school").textContent = school?.name ?? "";
  byId("played").hidden = roles.length === 0;
  byId("no-route").hidden = roles.length > 0;
  byId("role").replaceChildren(...roles.map(({ role, title }) => new Option(title, role)));
  const known = roles.some(({ role }) => role === session.role);
  play(known ? session.role : (roles[0]?.role ?? null));
}

function play(role) {
  keep({ role });
  if (role) byId("role").value = role;
  state.first = true;
  state.slips.clear();
  byId("cards").replaceChildren();
  refreshDesk();
}

const played = () => ({ school: state.school, role: session.role });

/** Look at the inbox anew. */
export const refreshDesk = oneAtATime(async () => {
  const asked = played();
  if (!asked.school || !asked.role) return empty();
  try {
    const found = await read("/api/desk", asked);
    if (JSON.stringify(asked) === JSON.stringify(played())) show(found);
    complainIn(byId("desk-problem"), null);
  } catch (error) {
    complainIn(byId("desk-problem"), error);
  }
});

function empty() {
  byId("digest").replaceChildren();
  byId("no-cards").hidden = true;
  showElsewhere([]);
  count();
}

function show({ cards, digest, elsewhere }) {
  const added = cards.filter((card) => !state.slips.has(card.id));
  for (const card of cards) {
    const slip = state.slips.get(card.id);
    if (slip) slip.update(card);
    else state.slips.set(card.id, new Slip(card, played, changed));
  }
  drop(new Set(cards.map((card) => card.id)));
  order(cards.map((card) => state.slips.get(card.id).root));
  byId("no-cards").hidden = cards.length > 0;
  showDigest(digest);
  showElsewhere(elsewhere);
  if (!state.first && added.length > 0) byId("desk-news").replaceChildren(news(added[0]));
  state.first = false;
  count();
}

function drop(there) {
  for (const [id, slip] of state.slips) {
    if (there.has(id)) continue;
    slip.root.remove();
    state.slips.delete(id);
  }
}

/** Put the cards in their order; while somebody is at work in one, only new ones are put in their place. */
function order(roots) {
  const place = byId("cards");
  const atWork = place.contains(document.activeElement);
  let next = null;
  for (const root of [...roots].reverse()) {
    const moves = root.parentNode !== place || (!atWork && root.nextElementSibling !== next);
    if (moves) place.insertBefore(root, next);
    next = root;
  }
}

function showDigest(digest) {
  const shown = JSON.stringify(digest);
  if (byId("digest").dataset.shown === shown) return;
  byId("digest").dataset.shown = shown;
  const root = digest && piece("digest-card");
  if (root) {
    say(root, "title", digest.title);
    list(root, "lines", digest.lines);
  }
  byId("digest").replaceChildren(...(root ? [root] : []));
}

/** Say where else something waits; a tap plays that role. */
function showElsewhere(others) {
  state.elsewhere = others.reduce((sum, { waiting }) => sum + waiting, 0);
  byId("elsewhere").hidden = others.length === 0;
  const keyed = new Map(others.map((other) => [JSON.stringify(other), other]));
  list(byId("elsewhere"), "list", [...keyed.keys()], (key) => otherRole(keyed.get(key)));
}

function otherRole({ role, title, waiting }) {
  const root = piece("other-role");
  say(root, "title", title);
  say(root, "waiting", String(waiting));
  root.querySelector("button").addEventListener("click", () => {
    play(role);
    byId("role").focus();
  });
  return root;
}

function count() {
  const fresh = [...state.slips.values()].filter((slip) => slip.isFresh).length + state.elsewhere;
  const words = fresh > 0 ? [text("count-words", String(fresh))] : [];
  const badge = document.querySelector("[data-count]");
  badge.hidden = fresh === 0;
  if (badge.dataset.fresh !== String(fresh)) badge.replaceChildren(...words);
  badge.dataset.fresh = String(fresh);
  document.title = fresh > 0 ? `(${fresh}) ${TITLE}` : TITLE;
}
