// What can be moved, and the settings of the scenario that a move stands for, as --set takes them.
"use strict";

const NEVER = Infinity;
const WEEK_STOPS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 23, 26, 30, 36, 42, 52, 65, 78, 104, NEVER];
const SIZE_STOPS = [10, 12, 15, 20, 25, 30, 35, 40, 50, 60, 70, 80, 90, 100, 115, 133, 150, 175, 200, 250, 300, 350, 400, 500, 600, 700, 800, 1000, 1250, 1500, 2000, 2500, 3000, 4000, 5000];

const every = (from, to, step) => Array.from({ length: Math.round((to - from) / step) + 1 }, (_, n) => Number((from + n * step).toPrecision(9)));

/** A part of a path, in quotes where TOML wants them. */
const key = (name) => (/^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name));

/** A number as TOML writes it. */
function toml(value) {
  if (value === NEVER) return "inf";
  return String(value);
}

/** The settings of one scenario that the page can move. */
class Movable {
  constructor(about, outcome) {
    this.about = about;
    this.outcome = about.outcomes.find((own) => own.name === outcome) || about.outcomes[0];
    this.amounts = new Amounts(this.outcome);
    this.sign = this.outcome.better === "higher" ? 1 : -1;
    this.found = new Map(about.controls.map((own) => [own.path, own]));
    this.treated = about.arms.filter((arm) => !arm.reference && this.found.has(`arms.${key(arm.name)}.sessions`));
    this.end = about.visits[about.visits.length - 1].week;
  }

  at(path) {
    const own = this.found.get(path);
    return own ? own.value ?? NEVER : undefined;
  }

  effect(arm, outcome = this.outcome.name) { return `arms.${key(arm)}.effect.${key(outcome)}`; }

  /** What one session does to an outcome, as the core says. */
  static act(about, arm, outcome) {
    return about.arms.find((own) => own.name === arm)?.effects.find((own) => own?.outcome === outcome) || null;
  }

  /** Everything that can be moved of one arm: { id, group, label, base, stops, show, read, least, most, whole }. */
  ofArm(arm) {
    const path = `arms.${key(arm)}`;
    const list = [];
    const add = (id, group, base, stops, show, more = {}) => list.push({ id: `${arm}.${id}`, kind: id, arm, group, base, stops, show, ...more });
    const n = this.at(`${path}.sessions`);
    if (n === undefined) return list;
    // An arm whose sessions do something has at least one: without any, its effect would be of nothing, and the program says so.
    const least = Math.min(n, 1);
    add("sessions", "sessions", n, every(least, Math.max(40, 2 * n), 1), (value) => brief(value), { whole: true, least, most: 1000 });
    add("every", "sessions", this.at(`${path}.every_weeks`) ?? 1, every(0.5, 8, 0.5), weeksOf, { least: 0.05, most: 52 });
    // A list of blocks is more than two numbers can say.
    if (!this.found.has(`${path}.boosters.0.sessions`)) {
      add("boosters", "sessions", this.at(`${path}.boosters.sessions`) ?? 0, every(0, 26, 1), (value) => brief(value), { whole: true, least: 0, most: 500 });
      add("boosters_every", "sessions", this.at(`${path}.boosters.every_weeks`) ?? 4, every(1, 13, 1), weeksOf, { least: 0.05, most: 52 });
    }
    const act = Movable.act(this.about, arm, this.outcome.name);
    if (!act) return list;
    const effect = this.effect(arm);
    const written = this.at(`${effect}.value`);
    const value = written ?? act.per_session;
    const scaled = act.unit === "share";
    const spread = this.outcome.kind !== "score";
    const show = (own) => (scaled ? percent(own) : spread ? word("controls.sd_units", { number: brief(own) }) : `${brief(own)} ${this.amounts.unit}`);
    const high = scaled ? 1 : Math.max(1, Math.abs(value) * 2.5);
    const step = scaled ? 0.01 : high > 4 ? 0.1 : high > 1.5 ? 0.05 : 0.01;
    const week = this.at(`${effect}.at_week`);
    const label = written === undefined ? word("controls.per_session") : word("controls.value", { week: brief(week) });
    add("value", "effect", this.sign * value, every(0, high, step), show, { label, path: `${effect}.${written === undefined ? "per_session" : "value"}`, by: scaled ? 100 : 1, sign: this.benefitSign(act, value) });
    add("half_life", "effect", act.half_life_weeks ?? NEVER, WEEK_STOPS, half, { least: 0.01 });
    add("lasting", "effect", act.lasting_share, every(0, 1, 0.05), (own) => percent(own), { least: 0, most: 1, by: 100 });
    return list;
  }

  benefitSign() { return this.sign; }

  /** Everything that can be moved of the trial as a whole. */
  ofTrial() {
    const list = [];
    const add = (id, group, base, stops, show, more = {}) => list.push({ id, kind: id, group, base, stops, show, ...more });
    const natural = `outcomes.${key(this.outcome.name)}.natural_course`;
    const spread = this.outcome.kind !== "score";
    const points = (own) => (spread ? word("controls.sd_units", { number: brief(own) }) : `${brief(own)} ${this.amounts.unit}`);
    const improves = this.at(`${natural}.improves`);
    if (improves !== undefined) {
      const high = Math.max(spread ? 1.5 : 6, Math.abs(improves) * 2);
      add("natural", "without", improves, every(Math.min(0, -Math.abs(Math.min(improves, 0)) * 2), high, high > 3 ? 0.1 : 0.05), points, { path: `${natural}.improves` });
      // Of what never comes there is no half: the program takes no such course.
      const comes = this.at(`${natural}.half_life_weeks`);
      if (comes !== undefined) add("natural_half_life", "without", comes, WEEK_STOPS.filter(Number.isFinite), weeksOf, { least: 0.01, path: `${natural}.half_life_weeks` });
    }
    const rule = this.about.entry.length === 1 ? this.about.entry[0] : null;
    const entry = this.found.has("trial.entry.at_least") ? "trial.entry.at_least" : this.found.has("trial.entry.0.at_least") ? "trial.entry.0.at_least" : null;
    if (rule && entry && rule.at_least !== null) {
      const about = this.about.outcomes.find((own) => own.name === rule.outcome);
      const [low, high] = about.range || [0, Math.max(10, rule.at_least * 2)];
      add("entry", "without", rule.at_least, every(low, high, about.step || 1), (own) => brief(own), { path: entry, least: low, most: high, label: word("controls.entry", { outcome: about.label }) });
    }
    const n = Math.round(this.about.arms.reduce((sum, arm) => sum + arm.n, 0) / this.about.arms.length);
    add("n", "trial", n, SIZE_STOPS.includes(n) ? SIZE_STOPS : [...SIZE_STOPS, n].sort((a, b) => a - b), (own) => brief(own, 0), { whole: true, least: 2, most: 1000000 });
    const lost = this.lists().length ? Math.max(...this.lists()[0].values) : undefined;
    if (lost !== undefined) {
      add("dropout", "trial", lost, every(0, 0.6, 0.01), (own) => percent(own), { least: 0, most: 0.95, by: 100, label: word("controls.dropout", { week: brief(this.end) }) });
    }
    return list;
  }

  /** The lists of dropout by visit, that for every arm first. */
  lists() {
    const lists = new Map();
    for (const { path, value } of this.about.controls) {
      const [, list] = path.match(/^(dropout\.(?:every_arm|by_arm\..+))\.\d+$/) || [];
      if (list) lists.set(list, [...(lists.get(list) || []), value]);
    }
    return [...lists].map(([path, values]) => ({ path, values })).sort((a, b) => b.path.includes("every_arm") - a.path.includes("every_arm"));
  }

  /** All controls, for the state's arms. */
  all() { return [...this.treated.flatMap((arm) => this.ofArm(arm.name)), ...this.ofTrial()]; }

  /**
   * The settings for what has been moved, a map of ids to values. `ask` asks the core about the scenario with some settings: where the
   * schedule is moved and the file says what all sessions together reach by a week, one session goes on doing what it did.
   */
  async settings(moved, ask) {
    const set = [];
    const schedules = [];
    for (const { name } of this.treated) {
      const own = Object.fromEntries(this.ofArm(name).map((control) => [control.kind, { ...control, now: moved.get(control.id) }]));
      const is = (kind) => own[kind]?.now !== undefined;
      const value = (kind) => own[kind]?.now ?? own[kind]?.base;
      if (is("value")) set.push(`${own.value.path}=${toml(Number((own.value.sign * own.value.now).toPrecision(12)))}`);
      if (is("half_life") || is("lasting")) {
        set.push(`${this.effect(name)}.half_life_weeks=${toml(value("half_life"))}`, `${this.effect(name)}.lasting_share=${toml(value("lasting"))}`);
      }
      const path = `arms.${key(name)}`;
      const schedule = [];
      if (is("sessions")) schedule.push(`${path}.sessions=${value("sessions")}`);
      if (is("every")) schedule.push(`${path}.every_weeks=${value("every")}`);
      if (is("boosters") || is("boosters_every")) {
        const first = this.at(`${path}.boosters.first_week`);
        const moves = is("sessions") || is("every") ? "" : first === undefined ? "" : `, first_week = ${first}`;
        schedule.push(`${path}.boosters={ sessions = ${value("boosters")}, every_weeks = ${toml(value("boosters_every"))}${moves} }`);
      }
      if (schedule.length) schedules.push({ name, schedule, keep: is("sessions") || is("every") });
    }
    if (schedules.some(({ keep }) => keep)) {
      const about = await ask(set);
      for (const { name, keep } of schedules) {
        if (keep) set.push(...this.kept(about, name));
      }
      // The tables say the same of the effect, and more.
      const tables = set.filter((own) => own.includes("={") && own.startsWith("arms.")).map((own) => own.split("=")[0]);
      const idle = (own) => !own.includes("={ ") && tables.some((table) => own.startsWith(`${table}.`));
      // Priors are about numbers that are then not written any more; no simulated trial depends on them.
      if (this.about.priors) set.push("priors={}");
      set.splice(0, set.length, ...set.filter((own) => !idle(own)));
    }
    set.push(...schedules.flatMap(({ schedule }) => schedule));
    for (const control of this.ofTrial()) {
      const now = moved.get(control.id);
      if (now === undefined) continue;
      if (control.path) set.push(`${control.path}=${toml(now)}`);
      else if (control.id === "dropout") set.push(...this.dropout(now, control.base));
      else if (control.id === "n") set.push(...await this.sizes(now, ask));
    }
    return set;
  }

  /** The effects of an arm's sessions, written by what one session does. */
  kept(about, arm) {
    const effects = about.arms.find((own) => own.name === arm).effects.filter((own) => own !== null);
    const written = effects.filter((own) => this.found.has(`${this.effect(arm, own.outcome)}.value`));
    return written.map((own) => {
      const parts = [`per_session = ${toml(own.per_session)}`, `half_life_weeks = ${own.half_life_weeks === null ? "inf" : own.half_life_weeks}`];
      if (own.lasting_share) parts.push(`lasting_share = ${own.lasting_share}`);
      if (own.spread) parts.push(`spread = ${own.spread}`);
      if (own.ceiling !== null) parts.push(`ceiling = ${own.ceiling}`);
      if (own.unit === "share") parts.push('unit = "share"');
      return `${this.effect(arm, own.outcome)}={ ${parts.join(", ")} }`;
    });
  }

  dropout(now, base) {
    const weeks = this.about.visits.slice(1).map((visit) => visit.week);
    return this.lists().map(({ path, values }) => {
      const scaled = values.map((value, visit) => (base > 0 ? (value * now) / base : (now * weeks[visit]) / this.end));
      return `${path}=[${scaled.map((value) => Number(Math.min(0.99, value).toPrecision(6))).join(", ")}]`;
    });
  }

  async sizes(n, ask) {
    const answer = await ask([], { what: "sizes", n });
    return answer.set || [];
  }
}
