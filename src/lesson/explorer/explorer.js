// The explorer: what is chosen and moved, what is asked of the core, and where the answers go.
"use strict";

const FIGURES = ["difference", "sessions", "scores", "change", "power"];
/** Simulated trials that are asked for at once, and by the button. */
const AT_ONCE = 256;
const AT_MOST = 1024;
/** Participants of each arm that are drawn of a simulated trial. */
const PEOPLE = 12;

const one = (selector) => document.querySelector(selector);

class Explorer {
  constructor(core) {
    this.core = core;
    this.charts = new Map();
    this.controls = new Controls(one("#controls"), (id, value) => this.move(id, value));
    this.state = { from: EXPLORER.starts[0].id, outcome: null, arm: "", moved: new Map() };
    this.busy = false;
    this.replicate = 0;
    this.fillStarts();
    this.listen();
    const told = fromFragment(location.hash);
    this.begin(EXPLORER.starts.some((start) => start.id === told.from) ? told : { ...this.state, from: EXPLORER.starts[0].id, ...(told.moved.size ? { moved: told.moved } : {}) });
  }

  get start() { return EXPLORER.starts.find((start) => start.id === this.state.from); }

  /** A request about the scenario that is started from. */
  request(set, ask) {
    const { shipped, scenario, name, set: own = [] } = this.start;
    return { ...(shipped ? { shipped } : { scenario, name }), set: [...own, ...set], ask };
  }

  fillStarts() {
    one("#from").replaceChildren(...EXPLORER.starts.map((start) => Object.assign(document.createElement("option"), { value: start.id, textContent: start.label })));
  }

  listen() {
    one(".side").addEventListener("submit", (event) => event.preventDefault());
    one("#from").addEventListener("change", ({ target }) => this.begin({ from: target.value, outcome: null, arm: "", moved: new Map() }));
    one("#outcome").addEventListener("change", ({ target }) => this.begin({ ...this.state, outcome: target.value, moved: this.kept() }));
    one("#arm").addEventListener("change", ({ target }) => { this.state.arm = target.value; this.showControls(); this.want(); });
    const does = {
      link: (button) => this.copyLink(button), command: (button) => copy(this.command(), button), toml: (button) => this.copyToml(button),
      reset: () => { this.remember(); this.state.moved.clear(); this.changed(); }, undo: () => this.undo(),
      trial: () => this.simulate(), "no-trial": () => { this.trial = null; this.drawAll(); },
      replicates: () => this.simulateMany(), close: () => one("#by-hand").close(),
    };
    for (const button of document.querySelectorAll("[data-do]")) button.addEventListener("click", () => does[button.dataset.do](button));
    for (const button of document.querySelectorAll("[data-svg]")) {
      button.addEventListener("click", () => download(`${this.state.from.replace(/[^a-z0-9-]/gi, "-")}-${button.dataset.svg}.svg`, asFile(this.charts.get(button.dataset.svg).svg), "image/svg+xml"));
    }
    addEventListener("hashchange", () => {
      if (location.hash.slice(1) === this.written) return;
      const told = fromFragment(location.hash);
      if (EXPLORER.starts.some((start) => start.id === told.from)) this.begin(told);
    });
  }

  /** What was moved and does not belong to one outcome. */
  kept() {
    return new Map([...this.state.moved].filter(([id]) => !/(\.value|\.half_life|\.lasting|^natural|^natural_half_life)$/.test(id)));
  }

  /** Begins with a scenario, an outcome and what is moved. */
  begin(state) {
    this.state = { ...state, moved: new Map(state.moved) };
    const reply = this.core.ask(this.request([], [{ what: "about" }]));
    if (reply.problems) return this.showProblems(reply.problems);
    const [about] = reply.answers;
    const outcomes = about.outcomes.filter((own) => own.analysed);
    if (!outcomes.some((own) => own.name === state.outcome)) this.state.outcome = outcomes[0].name;
    one("#outcome").replaceChildren(...outcomes.map((own) => Object.assign(document.createElement("option"), { value: own.name, textContent: own.label })));
    one("#outcome").value = this.state.outcome;
    one("#from").value = this.state.from;
    one("#title").textContent = about.title;
    one("#story").textContent = about.story;
    this.nameFigures(about);
    this.movable = new Movable(about, this.state.outcome);
    const arms = this.movable.treated;
    const options = [...(arms.length > 1 ? [["", word("start.all_arms")]] : []), ...arms.map((arm) => [arm.name, arm.label])];
    one("#arm").replaceChildren(...options.map(([value, textContent]) => Object.assign(document.createElement("option"), { value, textContent })));
    if (!options.some(([value]) => value === this.state.arm)) this.state.arm = options[0]?.[0] ?? "";
    one("#arm").value = this.state.arm;
    for (const part of [one("#arm"), one("label[for=arm]")]) part.hidden = options.length < 2;
    // A link may name what this scenario does not have.
    const known = new Set(this.movable.all().map((control) => control.id));
    for (const id of [...this.state.moved.keys()]) if (!known.has(id)) this.state.moved.delete(id);
    this.settled = null;
    this.history = [];
    this.changed();
  }

  /** Names the figures and their buttons, before the first answer has come. */
  nameFigures(about) {
    const reference = inside(about.arms.find((arm) => arm.name === about.reference).label);
    for (const figure of FIGURES) {
      const section = document.getElementById(figure);
      const name = word(`figures.${figure}`, { reference });
      section.querySelector("h3").textContent = name;
      section.querySelector("[data-svg]").setAttribute("aria-label", word("buttons.svg_of", { figure: name }));
    }
    one("[data-do=replicates]").textContent = word("buttons.replicates", { number: brief(AT_ONCE, 0) });
  }

  /** The arms whose settings are moved together. */
  arms() { return this.state.arm ? [this.state.arm] : this.movable.treated.map((arm) => arm.name); }

  /** The arm that the figures of one arm are about. */
  lead() { return this.arms()[0] ?? this.movable.about.with_reference[0]?.arm; }

  shownControls() {
    const own = this.lead() && this.movable.treated.length ? this.movable.ofArm(this.lead()) : [];
    const all = [...own, ...this.movable.ofTrial()];
    const now = (own) => this.state.moved.get(own.id) ?? own.base;
    const others = (control) => (control.arm ? this.arms().slice(1).flatMap((arm) => this.movable.ofArm(arm).filter((own) => own.kind === control.kind)) : []);
    const differs = (control) => others(control).some((own) => now(own) !== now(control));
    return all.map((control) => ({ ...control, note: differs(control) ? word("notes.differs") : "", label: control.label ?? word(`controls.${control.kind}`), value: this.state.moved.get(control.id) ?? control.base }));
  }

  showControls() {
    this.controls.show(this.shownControls());
    one("#reset-all").disabled = this.state.moved.size === 0;
  }

  remember() {
    this.history.push(new Map(this.state.moved));
    if (this.history.length > 50) this.history.shift();
  }

  undo() {
    if (this.history.length) this.state.moved = this.history.pop();
    else this.state.moved.clear();
    this.changed();
  }

  /** Moves one control, of all arms that are moved together; without a value it goes back. */
  move(id, value) {
    this.remember();
    const control = this.movable.all().find((own) => own.id === id);
    const arms = control.arm ? this.arms() : [null];
    for (const arm of arms) {
      const own = arm ? `${arm}.${control.kind}` : id;
      const base = this.movable.all().find((other) => other.id === own)?.base;
      if (base === undefined) continue;
      if (value === undefined || value === base) this.state.moved.delete(own);
      else this.state.moved.set(own, value);
    }
    this.changed();
  }

  changed() {
    this.trial = null;
    this.many = null;
    this.showControls();
    this.want();
  }

  /** Asks anew, never two at once: of what comes meanwhile only the last counts. */
  async want() {
    this.wanted = true;
    if (this.busy) return;
    this.busy = true;
    one("#main").setAttribute("aria-busy", "true");
    while (this.wanted) {
      this.wanted = false;
      try {
        await this.answer();
      } catch (error) {
        this.showProblems([{ text: error.message }]);
      }
    }
    this.busy = false;
    one("#main").removeAttribute("aria-busy");
  }

  async answer() {
    const { movable, state } = this;
    const ask = async (set, question = { what: "about" }) => {
      const reply = await this.core.later(this.request(set, [question]));
      if (reply.problems) throw Object.assign(new Error(reply.problems[0].text), { problems: reply.problems });
      return reply.answers[0];
    };
    let set;
    let reply;
    try {
      set = await movable.settings(state.moved, ask);
      const n = state.moved.get("n") ?? movable.all().find((control) => control.id === "n").base;
      const sizes = powerSizes(n);
      const outcome = state.outcome;
      reply = await this.core.later(this.request(set, [
        { what: "about" }, { what: "courses", outcome }, { what: "parts", outcome }, { what: "power", outcome, n: sizes },
      ]));
    } catch (error) {
      if (!error.problems) throw error;
      reply = error;
    }
    if (this.movable !== movable) return;
    this.set = set ?? [];
    this.address();
    if (reply.problems) return this.showProblems(reply.problems);
    one("#problems").hidden = true;
    const [about, courses, parts, power] = reply.answers;
    this.settled = { about, courses, parts, power };
    this.drawAll();
    if (this.wanted) return undefined;
    const lead = this.lead();
    const weeks = sessionWeeks(about, lead, movable.end);
    const { answers, problems } = await this.core.later(this.request(set, [{ what: "build_up", outcome: state.outcome, arm: lead, weeks }, { what: "toml" }]));
    if (problems || this.wanted || this.movable !== movable) return undefined;
    this.settled.built = answers[0];
    one("#settings").textContent = answers[1].text;
    this.draw("sessions");
    return undefined;
  }

  showProblems(problems) {
    one("#problems").hidden = false;
    one("#problems ul").replaceChildren(...problems.map((own) => Object.assign(document.createElement("li"), { textContent: own.text })));
    one(".figures").classList.add("stale");
    one("#say").classList.add("stale");
  }

  drawAll() {
    if (!this.settled) return;
    one(".figures").classList.remove("stale");
    one("#say").classList.remove("stale");
    this.speak();
    for (const figure of FIGURES) this.draw(figure);
  }

  speak() {
    const { movable, settled } = this;
    const say = new Say(movable, settled.about, settled);
    const paragraphs = say.paragraphs(this.arms().length ? this.arms() : [this.lead()]);
    const built = Object.assign(document.createElement("p"), { textContent: say.built(), className: "built" });
    one("#say").replaceChildren(...paragraphs.map((text) => Object.assign(document.createElement("p"), { textContent: text })), built);
    this.words = paragraphs.join(" ");
    // A reader who listens hears it once the slider has come to rest.
    clearTimeout(this.hearing);
    this.hearing = setTimeout(() => { one("#heard").textContent = this.words; }, 900);
    one("#of-power").textContent = word("drawer.power", { method: settled.about.method });
  }

  draw(figure) {
    const { movable, settled } = this;
    const pictures = new Pictures(movable, settled.about, settled);
    pictures.words = this.words;
    const lead = this.lead();
    const n = settled.power.per_arm ?? this.state.moved.get("n");
    const specs = {
      difference: () => pictures.difference(this.trial), scores: () => pictures.scores(this.trial), sessions: () => pictures.sessions(lead),
      change: () => pictures.change(), power: () => pictures.powerOf(lead, n, this.many?.answer),
    };
    if (figure === "change" && !settled.parts.arms) return;
    const spec = specs[figure]();
    const section = document.getElementById(figure);
    // Until what is left of each session has come, the figure stays as it was.
    if (figure === "sessions" && !settled.built) return;
    this.axis(figure, section, pictures, spec, lead);
    section.querySelector(`[data-svg]`).hidden = !spec;
    const host = section.querySelector(".host");
    if (!spec) {
      this.charts.get(figure)?.destroy();
      this.charts.delete(figure);
      host.replaceChildren();
    } else if (this.charts.has(figure)) this.charts.get(figure).update(spec);
    else this.charts.set(figure, new Chart(host, spec));
    const [heading, rows] = TABLES[figure](pictures, lead);
    section.querySelector(".numbers").hidden = !rows.length;
    section.querySelector(".scroll").replaceChildren(table(heading, rows, section.querySelector("h3").textContent));
    this.results(figure, section, pictures, lead, n);
  }

  axis(figure, section, pictures, spec, lead) {
    const { about } = this.settled;
    const reference = inside(pictures.label(pictures.reference));
    const outcome = this.movable.outcome.label;
    const direction = word(this.movable.sign > 0 ? "figures.above" : "figures.below");
    const alpha = percent(about.alpha, about.alpha < 0.01 ? 1 : 0);
    const last = about.visits[about.visits.length - 1].label;
    const sentences = {
      difference: () => word(this.settled.power.contrasts?.some((row) => row.formula) ? "figures.difference_axis" : "figures.difference_axis_plain", { outcome, reference, direction, level: percent(1 - about.alpha, 0) }),
      scores: () => word("figures.scores_axis"),
      sessions: () => (spec ? word("figures.sessions_axis", { arm: inside(pictures.label(lead)), reference }) + (spec.apart ? ` ${word("figures.sessions_kept")}` : "") + (spec.plateau === null ? "" : ` ${word("figures.sessions_plateau", { plateau: pictures.amounts.of(spec.plateau) })}`) : word("figures.sessions_none", { arm: opened(inside(pictures.label(lead))) })),
      change: () => word("figures.change_axis", { week: last }),
      power: () => (spec ? word("figures.power_axis", { arm: inside(pictures.label(lead)), reference, alpha }) : word("say.no_formula")),
    };
    section.querySelector(".axis").textContent = sentences[figure]();
  }

  /** What was simulated, in words. */
  results(figure, section, pictures, lead, n) {
    const result = section.querySelector(".result");
    const { about } = this.settled;
    if (figure === "difference") {
      section.querySelector("[data-do=trial]").textContent = word(this.trial ? "buttons.another_trial" : "buttons.one_trial");
      section.querySelector("[data-do=no-trial]").hidden = !this.trial;
      if (!this.trial) { result.textContent = ""; return; }
      const row = (own) => word("figures.difference_trial_row", {
        week: pictures.visit(own.visit_week), estimate: pictures.amounts.plain(own.estimate), lower: pictures.amounts.plain(own.lower), upper: pictures.amounts.plain(own.upper),
      });
      const rows = pictures.compared().flatMap(({ arm }) => {
        const own = Pictures.estimates(this.trial, arm, pictures.reference);
        return own.length ? [word("figures.difference_trial_arm", { arm: inside(pictures.label(arm)), rows: own.map(row).join(", ") })] : [];
      });
      result.textContent = word("figures.difference_trial", { replicate: this.trial.replicate, seed: this.trial.seed, rows: rows.join("; ") });
    }
    if (figure === "power") {
      const button = section.querySelector("[data-do=replicates]");
      button.textContent = word(this.many ? "buttons.more_replicates" : "buttons.replicates", { number: brief(AT_ONCE, 0) });
      button.disabled = Boolean(this.running) || (this.many?.answer.replicates ?? 0) >= 16 * AT_MOST;
      if (!this.many) { result.textContent = ""; return; }
      const rows = pictures.simulated(this.many.answer, lead, n);
      const failed = Math.max(0, ...rows.map((row) => row.failed));
      const texts = rows.map((row) => word("figures.power_row", { power: percent(row.y, 1), mcse: percent(row.mcse, 1), week: about.visits.find((visit) => visit.week === row.week).label }));
      result.textContent = word("figures.power_simulated", { replicates: brief(this.many.answer.replicates, 0), n: brief(n, 0), rows: texts.join(", ") }) + (failed ? ` ${word("figures.power_failed", { number: failed })}` : "");
    }
  }

  async simulate() {
    const { movable, set } = this;
    const replicate = this.trial ? this.replicate + 1 : this.replicate;
    const reply = await this.core.later(this.request(set, [{ what: "trial", replicate, outcome: this.state.outcome, participants: PEOPLE }]));
    if (this.movable !== movable || this.set !== set || reply.problems) return;
    this.replicate = replicate;
    [this.trial] = reply.answers;
    this.drawAll();
  }

  /** Simulates more trials and adds them to those before, as long as nothing is moved. */
  async simulateMany() {
    if (this.running) return;
    const { set, movable } = this;
    this.running = true;
    const so_far = this.many?.answer;
    const ask = { what: "replicates", outcome: this.state.outcome, from: so_far?.replicates ?? 0, count: AT_ONCE, sums: so_far?.sums ?? null };
    this.draw("power");
    const reply = await this.core.later(this.request(set, [ask]));
    this.running = false;
    if (this.movable === movable && this.set === set && !reply.problems && !reply.answers[0].problem) this.many = { answer: reply.answers[0] };
    this.draw("power");
  }

  /** The state in the address, without a new entry in the history. */
  address() {
    this.written = fragment(this.state);
    try {
      history.replaceState(null, "", `#${this.written}`);
    } catch {
      // Some browsers do not let a page from disk change its address; the link can still be copied.
    }
    for (const button of document.querySelectorAll(".top [data-do]")) button.disabled = false;
  }

  copyLink(button) {
    return copy(`${location.href.split("#")[0]}#${fragment(this.state)}`, button);
  }

  /** The command that simulates a trial of these settings. */
  command() {
    const { shipped, name, set = [] } = this.start;
    const sets = [...set, ...this.set].map((own) => ` -s ${quoted(own)}`).join("");
    return `linger trial ${quoted(shipped ?? name)}${sets}`;
  }

  async copyToml(button) {
    const reply = await this.core.later(this.request(this.set, [{ what: "toml" }]));
    if (!reply.problems) await copy(reply.answers[0].text, button);
  }
}

/** Sizes over which power is drawn: from few to many, the size that is set among them. */
function powerSizes(n) {
  const [from, to] = [Math.max(5, Math.min(10, n / 4)), Math.max(1000, n * 4)];
  const steps = 48;
  const sizes = Array.from({ length: steps + 1 }, (_, k) => Math.round(from * (to / from) ** (k / steps)));
  return [...new Set([...sizes, n])].filter((own) => own >= 2 && own <= 1e6).sort((a, b) => a - b);
}

/** Weeks for the build-up of an arm: a grid, the visits, and each session's day just before and just after it. */
function sessionWeeks(about, arm, end) {
  const sessions = about.arms.find((own) => own.name === arm)?.sessions.map((own) => own.week).filter((week) => week > 0 && week <= end) ?? [];
  const grid = Array.from({ length: 27 }, (_, n) => (end * n) / 26);
  const few = sessions.length <= 60 ? sessions.flatMap((week) => [week - 1e-6, week]) : sessions;
  return [...new Set([...grid, ...about.visits.map((visit) => visit.week), ...few])].filter((week) => week >= 0).sort((a, b) => a - b);
}

async function startExplorer() {
  const loading = one("#loading");
  try {
    const core = await lingerCore();
    loading.hidden = true;
    one("#explorer").hidden = false;
    window.explorer = new Explorer(core);
  } catch (error) {
    loading.textContent = word("page.no_core", { reason: error.message });
    loading.className = "problem";
  }
}
