// Pieces of the page, cloned from the templates in index.html. Every sentence stands there or comes from the server;
// texts are filled in as text, never as HTML.

export const byId = (id) => document.getElementById(id);

export function piece(template) {
  return byId(template).content.firstElementChild.cloneNode(true);
}

export function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}

/** Put a text in a part, or take the part away where there is none. */
export function say(root, name, words) {
  const found = part(root, name);
  if (words) found.textContent = words;
  else found.remove();
}

/** Put a text in a part that may change later, or hide the part where there is none. */
export function tell(root, name, words) {
  const found = part(root, name);
  if (found.textContent !== (words ?? "")) found.textContent = words ?? "";
  found.hidden = !words;
}

/** Put pieces in a slot, or take the slot away where there are none. */
export function fit(root, name, ...pieces) {
  const slot = root.querySelector(`[data-slot="${name}"]`);
  if (slot) slot.replaceWith(...pieces.filter(Boolean));
}

export function text(template, words) {
  const root = piece(template);
  say(root, "text", words);
  return root;
}

/** Make a list say these lines; what it says already is left as it is, so that it is not read out again. */
export function list(root, name, lines, make = (line) => text("step", line)) {
  const found = part(root, name);
  lines.forEach((line, number) => {
    const there = found.children[number];
    if (there?.dataset.line === line) return;
    const item = make(line);
    item.dataset.line = line;
    if (there) there.replaceWith(item);
    else found.append(item);
  });
  while (found.children.length > lines.length) found.lastElementChild.remove();
  found.hidden = lines.length === 0;
}

/** Show people by what they are called, with the ways to reach them where `ways` is wanted. */
export function people(root, name, persons, { ways = true } = {}) {
  const keyed = new Map(persons.map((person) => [JSON.stringify(person), person]));
  list(root, name, [...keyed.keys()], (key) => (ways ? contact(keyed.get(key)) : reader(keyed.get(key))));
}

function reader(person) {
  const root = piece("reader");
  say(root, "called", person.called);
  return root;
}

export function contact({ called, reach }) {
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

/** Make every label of a cloned form name the field beneath it. */
let labelled = 0;
export function label(form) {
  const field = form.querySelector("textarea, select");
  field.id = `field-${++labelled}`;
  part(form, "label").htmlFor = field.id;
}

/** Send with Enter, start a new line with Shift and Enter. */
export function sendsWithEnter(box) {
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    box.form.requestSubmit();
  });
}
