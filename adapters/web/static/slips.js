// One live card of the private channel. It is brought up to date in place, so that nothing is lost that has the focus.

import { once, send } from "./api.js";
import { label, list, part, piece, sendsWithEnter, tell, text } from "./pieces.js";
import { saying } from "./receipts.js";

const STEPS = { assign: ["pass-on", "to"], resolve: ["resolve", "resolution"] };
const read = new Map();

/** A card on the page: its block, and what the server said of it last. `played` returns school and role. */
export class Slip {
  constructor(card, played, changed) {
    this.root = piece("slip");
    this.played = played;
    this.changed = changed;
    this.card = card;
    this.root.dataset.id = card.id;
    this.listen();
    this.update(card);
  }

  /** Whether there is something on it that nobody in this role, or nobody at this page, has read. */
  get isFresh() {
    const { card } = this;
    return card.state !== "resolved" && (!card.opened || card.entries > (read.get(card.id) ?? card.entries));
  }

  update(card) {
    const { root } = this;
    if (card.version < this.card.version) return; // what was asked earlier may be answered later
    this.card = card;
    root.dataset.state = card.state;
    root.classList.toggle("is-urgent", card.urgent && card.state !== "resolved");
    part(root, "urgent").hidden = !card.urgent || card.state === "resolved";
    const badge = { acknowledged: "taken", resolved: "resolved" }[card.state] ?? "waiting";
    root.querySelectorAll("[data-badge]").forEach((one) => (one.hidden = one.dataset.badge !== badge));
    tell(root, "title", card.title);
    tell(root, "reference", card.reference);
    list(root, "lines", card.lines);
    tell(root, "quoted", card.quoted);
    list(root, "reminders", card.reminders);
    this.offerPeople(card.others);
    this.show();
  }

  /** Show what fits the present state, and nothing else. */
  show() {
    const { root, card } = this;
    const isOpen = !part(root, "opened").hidden;
    const news = isOpen && card.entries > (read.get(card.id) ?? 0);
    part(root, "fresh").hidden = !this.isFresh;
    tell(root, "answered", this.isFresh && card.opened ? card.answered : null);
    part(root, "noted").hidden = isOpen && !news;
    const isTaken = card.state === "acknowledged";
    part(root, "take").hidden = isTaken;
    part(root, "keep").hidden = !isTaken;
    const possible = new Set(card.acts);
    possible[isOpen && !news ? "delete" : "add"]("open");
    if (isOpen) possible.add("hide");
    if (card.others.length === 0) possible.delete("assign");
    const focused = document.activeElement;
    for (const button of root.querySelectorAll("[data-act]")) button.hidden = !possible.has(button.dataset.act);
    for (const form of root.querySelectorAll("[data-form]")) if (!possible.has(form.dataset.form)) this.fold(form);
    // The keyboard goes on from the card itself where the button it was on has gone.
    if (root.contains(focused) && !focused.checkVisibility()) root.focus({ preventScroll: true });
  }

  listen() {
    const { root } = this;
    this.act("open", () => this.open());
    root.querySelector("[data-act=hide]").addEventListener("click", () => this.hide());
    this.act("acknowledge", () => this.step("acknowledge"));
    this.act("reopen", () => this.step("reopen"));
    for (const form of root.querySelectorAll("[data-form]")) {
      label(form);
      this.buttonOf(form).addEventListener("click", () => this.unfold(form));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        once(form, part(root, "problem"), () => this.submit(form));
      });
    }
    sendsWithEnter(root.querySelector("[data-form=reply] textarea"));
  }

  act(name, run) {
    const button = this.root.querySelector(`[data-act="${name}"]`);
    button.addEventListener("click", () => once(button, part(this.root, "problem"), run));
  }

  async step(name, more = {}) {
    const { card } = await send(`/api/desk/${this.card.id}/${name}`, { ...this.played(), ...more });
    this.update(card);
    this.changed();
  }

  async open() {
    const { card, thread, note } = await send(`/api/desk/${this.card.id}/open`, this.played());
    tell(this.root, "note", note);
    part(this.root, "thread").replaceChildren(...thread.map((one) => saying(one)));
    part(this.root, "opened").hidden = false;
    read.set(card.id, card.entries);
    this.update(card);
    this.changed();
  }

  hide() {
    part(this.root, "opened").hidden = true;
    part(this.root, "thread").replaceChildren();
    this.show();
  }

  async submit(form) {
    const { value } = form.querySelector("textarea, select");
    const [step, field] = STEPS[form.dataset.form] ?? [];
    if (step) await this.step(step, { [field]: value });
    else await this.reply(form.querySelector("textarea"));
    // Who has gone on to something else meanwhile is left there.
    const wasHere = form.contains(document.activeElement) || document.activeElement === document.body;
    this.fold(form);
    if (wasHere) this.root.focus({ preventScroll: true });
  }

  /** Who has the words before them sees their own reply stand among them. */
  async reply(box) {
    const { card, said } = await send(`/api/desk/${this.card.id}/reply`, { ...this.played(), text: box.value });
    box.value = "";
    if (!part(this.root, "opened").hidden) {
      part(this.root, "thread").append(saying(said));
      read.set(card.id, (read.get(card.id) ?? 0) + 1);
    }
    this.update(card);
    this.changed();
  }

  unfold(form) {
    const isFolded = form.hidden;
    this.root.querySelectorAll("[data-form]").forEach((one) => this.fold(one));
    if (!isFolded) return;
    form.hidden = false;
    this.buttonOf(form).setAttribute("aria-expanded", "true");
    form.querySelector("textarea, select").focus();
  }

  fold(form) {
    form.hidden = true;
    this.buttonOf(form).setAttribute("aria-expanded", "false");
  }

  buttonOf(form) {
    return this.root.querySelector(`[data-act="${form.dataset.form}"]`);
  }

  /** The choice of people is only made anew where it changed, so that what is picked stays picked. */
  offerPeople(others) {
    const select = this.root.querySelector("[data-form=assign] select");
    const offered = others.map(({ role }) => role).join();
    if (select.dataset.offered === offered) return;
    select.dataset.offered = offered;
    select.replaceChildren(...others.map(({ called, role }) => new Option(called, role)));
  }
}

/** What is read out when a card comes in. */
export function news({ title, reference }) {
  return text("news", `${title}, ${reference}`);
}
