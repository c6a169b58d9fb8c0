// The API of the try-out.

import { piece, text } from "./pieces.js";

const PATIENCE_MS = 30_000;

/** The server understood and refused; the message is fit to be read. */
export class Refused extends Error {}

/** The server did not answer, or not in time. */
export class Lost extends Error {}

export async function send(path, body) {
  const headers = { "Content-Type": "application/json" };
  return answer(path, { method: "POST", headers, body: JSON.stringify(body) });
}

export async function read(path, query = {}) {
  return answer(`${path}?${new URLSearchParams(query)}`);
}

async function answer(address, request = {}) {
  let response, found;
  try {
    response = await fetch(address, { ...request, signal: AbortSignal.timeout(PATIENCE_MS) });
    found = await response.json();
  } catch {
    throw new Lost();
  }
  if (!response.ok) throw new Refused(found.error.message);
  return found;
}

/** Say in a block what went wrong there, or nothing any more. */
export function complainIn(place, error) {
  if (error && !(error instanceof Refused || error instanceof Lost)) console.error(error);
  const pieces = error instanceof Refused ? [text("refused", error.message).firstElementChild] : [piece("lost")];
  place.replaceChildren(...(error ? pieces : []));
  place.hidden = !error;
}

/** Run what a tap asks for, and say what went wrong; a second tap on the same `thing` meanwhile asks for nothing. */
export async function once(thing, problem, act) {
  if (thing.dataset.busy) return;
  thing.dataset.busy = "yes";
  complainIn(problem, null);
  try {
    await act();
  } catch (error) {
    complainIn(problem, error);
  } finally {
    delete thing.dataset.busy;
  }
}
