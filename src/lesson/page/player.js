// The lesson as it is given: one step at a time, a bet before each reveal, keys, speaker view, handout.
"use strict";

const query = (selector, within = document) => within.querySelector(selector);
const queryAll = (selector, within = document) => [...within.querySelectorAll(selector)];

/** An element of the page with attributes and children. */
function element(name, attributes = {}, ...children) {
  const own = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) own.addEventListener(key.slice(2), value);
    else if (value === true) own.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) own.setAttribute(key, value);
  }
  own.append(...children);
  return own;
}

/** What a step's figure begins with; the third begins where the second does. */
const startOf = (key) => LESSON.start[key === "last_session" ? "ten_sessions" : key];

/** The same once it is there: the first steps' are in the page, the others are asked of the core. */
async function begin(key) {
  const questions = LESSON.questions[key];
  if (!startOf(key)) {
    const answers = [];
    for (const { set, ask } of questions) answers.push(...(await core.ask(set, ask)));
    LESSON.start[key] = answers;
  }
  return startOf(key);
}

/** A step on the page with its state. */
class StepView {
  constructor(section) {
    this.section = section;
    this.key = section.dataset.step;
    this.step = STEPS[this.key];
    this.facts = LESSON.steps.find((own) => own.key === this.key);
    /** What has been moved, and of that what the answers are about. */
    this.state = { ...this.step.start };
    this.shown = this.state;
    this.open = false;
    this.truth = query(".truth", section);
    this.truth.remove();
    this.asker = new Asker((state) => this.step.ask(state), (answers, state) => this.came(answers, state));
    queryAll("[data-choice]", section).forEach((button) => button.addEventListener("click", () => this.bet(Number(button.dataset.choice))));
    query("[data-do=reveal]", section).addEventListener("click", () => this.reveal());
  }

  /** Draws the step when it comes into sight. */
  async show() {
    this.answers ??= await begin(this.key);
    this.draw();
    this.showControls();
  }

  draw(tween = false) {
    // A figure goes with its answers: what has been moved since is asked for and drawn next.
    const { key, step, shown: state, answers, open } = this;
    if (!answers) return;
    const move = (change, done, quiet) => this.move(change, done, quiet);
    const spec = this.spec(step.figure(answers, state, open, move, startOf(key)));
    this.chart = drawInto(query(`[data-figure=${key}]`, this.section), this.chart, spec, tween);
    const second = step.second && step.second(answers, state, open);
    if (second) this.second = drawInto(query(`[data-second=${key}]`, this.section), this.second, { desc: "", ...second }, tween);
    const said = open && step.live(state, answers);
    query(".live", this.section).textContent = said || "";
  }

  /** The spec with its text alternative: the title of the step, and what the figure says in words. */
  spec(spec) {
    return { title: query("h2", this.section).textContent, desc: this.open ? this.truth.textContent.trim() : WORDS.place_bet, ...spec };
  }

  move(change, done, quiet) {
    this.state = { ...this.state, ...change };
    if (quiet) {
      this.shown = { ...this.shown, ...change };
      // A line is being drawn: nothing has to be asked.
      if (done) this.drawn();
      return;
    }
    this.asker.want(this.state);
    this.showControls();
  }

  drawn() {
    query("[data-do=reveal]", this.section).classList.add("first");
  }

  came(answers, state) {
    this.answers = answers;
    this.shown = { ...state, drawn: this.state.drawn ?? state.drawn };
    this.draw(false);
    this.showControls();
  }

  bet(choice) {
    if (this.open) return;
    this.choice = choice;
    this.reveal();
  }

  reveal() {
    if (this.open) return;
    this.open = true;
    this.section.classList.add("open");
    this.marks();
    query(".reveal", this.section).append(this.truth);
    this.draw();
    if (this.answers) this.showControls();
    player.changed();
  }

  /** Marks what was bet and what is right, in words and by a sign. */
  marks() {
    const says = this.key === "gap_closes" ? [WORDS.right_trial, WORDS.wrong_trial] : [WORDS.right, WORDS.wrong];
    queryAll("[data-choice]", this.section).forEach((button, n) => {
      const right = this.facts.right === n;
      const own = this.choice === n;
      button.classList.toggle("right", right);
      button.classList.toggle("own", own);
      button.disabled = true;
      query(".box", button).textContent = right ? "\u2713" : own ? "\u00d7" : "";
      query(".verdict", button).textContent = right ? says[0] : own && this.facts.right !== null ? says[1] : own ? WORDS.your_bet : "";
    });
  }

  showControls() {
    const place = query(".controls", this.section);
    const wanted = this.open && this.step.movable ? this.step.controls(this.state, this.answers) : [];
    showControls(place, wanted, (change) => this.move(change, true), () => this.press());
  }

  press() {
    this.move(this.step.press(this.state), true);
  }
}

/** Draws a spec into an element, anew or over what is there. */
function drawInto(host, chart, spec, tween) {
  host.hidden = false;
  if (!chart) return new Chart(host, spec);
  chart.update(spec, { tween });
  return chart;
}

/** Sliders, numbers and buttons, kept while they are the same so that the focus stays. */
function showControls(place, wanted, move, press) {
  const ids = wanted.map((own) => own.id).join(" ");
  if (place.dataset.ids !== ids) {
    place.dataset.ids = ids;
    place.replaceChildren(...wanted.map((own) => control(own, move, press)));
  }
  for (const own of wanted) {
    const holder = query(`[data-control="${own.id}"]`, place);
    const input = query("input, button", holder);
    if (own.kind === "button") {
      input.disabled = Boolean(own.disabled);
      query(".note", holder).textContent = own.note || "";
    } else {
      if (document.activeElement !== input || own.kind === "range") input.value = own.value;
      if (own.text) {
        query("output", holder).textContent = own.text(own.value);
        input.setAttribute("aria-valuetext", own.text(own.value));
      }
    }
  }
}

function control(own, move, press) {
  const holder = element("div", { class: `control ${own.kind === "button" ? "press" : own.kind}`, "data-control": own.id });
  if (own.kind === "button") {
    holder.append(element("button", { type: "button", class: "first", onclick: press }, own.label), element("span", { class: "note quiet" }));
    return holder;
  }
  const id = `control-${own.id}-${(control.count = (control.count || 0) + 1)}`;
  const read = own.read || ((value) => ({ [own.id]: value }));
  const input = element("input", { id, type: own.kind, min: own.min, max: own.max, step: own.step, value: own.value, oninput: (event) => {
    const value = Number(event.target.value);
    if (event.target.value !== "" && Number.isFinite(value)) move(read(Math.max(own.min, Math.min(own.max, value))));
  } });
  holder.append(element("label", { for: id }, own.label), element("output", { for: id }), input);
  return holder;
}

const player = {
  slides: [],
  current: 0,
  views: {},

  start() {
    document.documentElement.classList.add("scripted");
    this.slides = queryAll(".slide");
    for (const section of queryAll("[data-step]")) this.views[section.id] = new StepView(section);
    this.views.sandbox = new Sandbox(query("#sandbox"));
    this.views.start = new Opening(query("#start"));
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("click", (event) => this.click(event));
    window.addEventListener("hashchange", () => this.fromHash(false));
    window.addEventListener("beforeprint", () => handout());
    this.fromHash(true);
    this.prepare().catch(report);
  },

  /** Asks for what the later steps begin with, one after the other, while the reader is busy. */
  async prepare() {
    for (const { key } of LESSON.steps) {
      await new Promise((done) => setTimeout(done, 30));
      await begin(key);
    }
    // What is printed is there before anybody asks for it: not every way of printing waits.
    handout();
    document.documentElement.dataset.ready = "";
  },

  fromHash(first) {
    const id = location.hash.slice(1).split("?")[0];
    const found = this.slides.findIndex((slide) => slide.id === id);
    this.show(found < 0 ? (first ? 0 : this.current) : found, !first);
  },

  /** Shows a slide; with `focus`, its title is where the keyboard goes on. */
  show(n, focus = true) {
    this.current = Math.max(0, Math.min(this.slides.length - 1, n));
    const slide = this.slides[this.current];
    this.slides.forEach((own, k) => own.classList.toggle("current", k === this.current));
    queryAll("[data-go]").forEach((link) => {
      const at = this.slides.findIndex((own) => own.id === link.dataset.go);
      if (at === this.current) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
      link.classList.toggle("done", at < this.current);
    });
    this.views[slide.id].show();
    query("[data-do=back]").disabled = this.current === 0;
    queryAll("footer [data-do=next]").forEach((button) => { button.disabled = this.current === this.slides.length - 1; });
    const step = this.current;
    query(".where").textContent = step === 0 ? "" : slide.id === "sandbox" ? WORDS.sandbox : fill(WORDS.step, { number: step, steps: LESSON.steps.length });
    window.scrollTo(0, 0);
    if (focus) query("h2", slide).focus({ preventScroll: true });
    this.changed();
  },

  go(by) {
    const to = Math.max(0, Math.min(this.slides.length - 1, this.current + by));
    if (to !== this.current) location.hash = this.slides[to].id;
  },

  changed() {
    if (speaker.window || speaker.panel) speaker.show();
  },

  click(event) {
    const wanted = event.target.closest("[data-do]")?.dataset.do;
    const acts = { next: () => this.go(1), back: () => this.go(-1), speaker: () => speaker.toggle(), print: () => window.print() };
    if (wanted in acts) acts[wanted]();
  },

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [role=slider]")) return;
    const acts = {
      ArrowRight: () => this.go(1), PageDown: () => this.go(1), ArrowLeft: () => this.go(-1), PageUp: () => this.go(-1),
      s: () => speaker.toggle(), r: () => this.views[this.slides[this.current].id].reveal?.(), Home: () => this.go(-100), End: () => this.go(100),
    };
    const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
    const act = digit && digit < this.slides.length ? () => { location.hash = this.slides[digit].id; } : acts[event.key] || acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  },
};

/** The picture of the opening: the curve the lesson is about, without a number. */
class Opening {
  constructor(section) { this.host = query("[data-figure=opening]", section); }

  show() {
    const [answer] = LESSON.start.ten_sessions;
    const own = answer.arms[0];
    const style = lead().style;
    const ends = room(tops(own));
    const spec = {
      title: "", desc: "", x: { from: 0, to: TRIAL.end, ticks: [], label: "" }, y: { ...ends, ticks: [], label: "" },
      layers: [...stacked(own, style), { type: "line", points: curve(own), style: { ...style, dash: "solid" }, width: 3.5, grow: "opening" }, ticks(own, style)],
    };
    this.chart = drawInto(this.host, this.chart, spec, false);
  }
}
