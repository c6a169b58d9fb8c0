// Who asks and who is played in this tab. It lasts as long as the tab, reloads included, and is made up here.

const KEY = "signpost";

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function madeUp() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const session = { who: madeUp(), name: "", standing: "staff", role: null, ...kept() };

/** Change something about the session and keep it. */
export function keep(changes) {
  Object.assign(session, changes);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(session));
  } catch {
    // A browser that keeps nothing still asks; it only forgets who it was when the page is loaded again.
  }
}

/** What every request of the asker says of them. */
export function asker() {
  const { who, name, standing } = session;
  return { who, name, standing };
}

keep({});
