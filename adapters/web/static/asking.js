// Asking: the box, the questions to tap, and the cards that answer them.

import { Refused, send } from "./api.js";
import { card } from "./cards.js";
import { addPassing } from "./passing.js";
import { byId, part, piece, say, sendsWithEnter, text } from "./pieces.js";
import { refreshReceipts } from "./receipts.js";
import { asker } from "./session.js";

const LIMIT = 2000;
const state = { busy: false, school: async () => null, asked: () => {} };

/** Make the box ask. `school` finds the school that is picked; `asked` is called after every answer. */
export function startAsking({ school, asked }) {
  Object.assign(state, { school, asked });
  byId("composer").addEventListener("submit", submit);
  byId("question").addEventListener("input", count);
  sendsWithEnter(byId("question"));
}

/** Return a question to tap. */
export function example(question) {
  const root = text("example", question);
  const button = part(root, "text");
  button.addEventListener("click", () => ask({ question, from: button }));
  return root;
}

/** Ask, and show the question at once with its card to follow. `from` is what was tapped; none for the box. */
async function ask({ school, question, shown, choice = null, from = null }) {
  if (state.busy) return;
  state.busy = true;
  complain();
  const turn = openTurn(shown ?? question, from);
  try {
    const asks = { school: school ?? (await state.school()), question, choice };
    const reply = await send("/api/ask", { ...asks, ...asker() });
    part(turn, "card").replaceWith(answering(reply, turn, asks));
    if (!from) emptyBox(question);
    showTurn(turn);
    if (reply.outcome !== "answer") refreshReceipts();
    state.asked();
  } catch (error) {
    turn.remove();
    keep(question, choice, from);
    complain(error);
  } finally {
    state.busy = false;
  }
}

function answering(reply, turn, asks) {
  const choose = (option, button) => ask({ ...asks, shown: option.label, choice: option.id, from: button });
  const root = card(reply, choose);
  addPassing(root, reply, (nearer) => {
    const further = answering(nearer, turn, asks);
    turn.append(further);
    const message = part(further, "message");
    message.tabIndex = -1;
    message.focus({ preventScroll: true });
    further.scrollIntoView({ block: "nearest", behavior: pace() });
  });
  return root;
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
  turn.scrollIntoView({ block: "start", behavior: pace() });
}

function pace() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
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

/** Say above the box what went wrong, or nothing any more. */
export function complain(error) {
  const pieces = [];
  if (error instanceof Refused) pieces.push(text("refused", error.message));
  else if (error) pieces.push(piece("offline"));
  byId("problem").replaceChildren(...pieces);
}

function submit(event) {
  event.preventDefault();
  const question = byId("question").value.trim();
  if (question) ask({ question });
  else byId("problem").replaceChildren(piece("empty"));
}

function count() {
  const length = [...byId("question").value.trim()].length;
  byId("typed").textContent = length.toLocaleString("en-GB");
  byId("count").hidden = length < LIMIT * 0.9;
  byId("count").classList.toggle("over", length > LIMIT);
}
