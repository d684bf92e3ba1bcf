// The speaker view: notes, the right answer, the next step and a clock, in a window of its own where the browser allows one.
"use strict";

const speaker = {
  window: null,
  panel: null,
  began: 0,

  toggle() {
    if (this.window || this.panel) { this.close(); return; }
    this.began = Date.now();
    this.window = window.open("", "linger-speaker", "width=720,height=620");
    if (this.window) {
      this.window.document.title = WORDS.speaker;
      this.window.document.head.replaceChildren(...queryAll("style").map((style) => this.window.document.importNode(style, true)));
      if (document.documentElement.dataset.look) this.window.document.documentElement.dataset.look = document.documentElement.dataset.look;
      this.window.addEventListener("keydown", (event) => player.key(event));
      this.window.addEventListener("pagehide", () => { this.window = null; });
    } else {
      this.panel = element("aside", { class: "speaker-panel on-screen", "aria-label": WORDS.speaker });
      document.body.append(this.panel);
    }
    this.show();
    this.clock = setInterval(() => this.tick(), 1000);
  },

  close() {
    clearInterval(this.clock);
    const own = this.window;
    this.window = null;
    own?.close();
    this.panel?.remove();
    this.panel = null;
  },

  body() { return this.window ? this.window.document.body : this.panel; },

  show() {
    const body = this.body();
    if (!body) return;
    const slide = player.slides[player.current];
    const next = player.slides[player.current + 1];
    const notes = query(".speaker-notes", slide);
    const facts = LESSON.steps.find((own) => own.key === slide.id);
    const choices = queryAll(".says", slide).map((own) => own.textContent);
    const right = facts && facts.right !== null ? choices[facts.right] : null;
    const view = element("div", { class: "speaker" },
      element("p", { class: "over" }, query(".where").textContent),
      element("h1", {}, query("h2", slide).textContent),
      element("p", { class: "clock", role: "timer" }));
    if (notes) view.append(element("div", { class: "notes" }, notes.content.cloneNode(true)));
    if (right) view.append(element("p", {}, element("strong", {}, `${WORDS.the_answer} `), right));
    if (facts) view.append(element("p", { class: "quiet" }, facts.truth));
    view.append(element("p", { class: "quiet" }, next ? fill(WORDS.next_step, { step: query("h2", next).textContent }) : ""));
    view.append(element("p", { class: "speaker-buttons" },
      ...[[WORDS.back, () => player.go(-1)], [WORDS.show, () => player.views[slide.id].reveal?.()], [WORDS.next, () => player.go(1)]]
        .map(([label, act]) => element("button", { type: "button", onclick: act }, label))));
    body.replaceChildren(view);
    this.tick();
  },

  tick() {
    const clock = this.body() && query(".clock", this.body());
    if (!clock) return;
    const seconds = Math.floor((Date.now() - this.began) / 1000);
    clock.textContent = `${WORDS.minutes} ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  },
};
