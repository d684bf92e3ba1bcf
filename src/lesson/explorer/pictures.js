// What the explorer's charts show: from answers of the core to what chart.js draws.
"use strict";

/** The styles of the arms of a scenario, the house's own. */
function styles(arms) {
  let place = 0;
  return new Map(arms.map((arm) => {
    if (arm.reference) return [arm.name, { colour: "var(--arm-reference)", words: "var(--arm-reference-words)", ...EXPLORER.reference }];
    const n = place % EXPLORER.looks.length;
    const hollow = Math.floor(place / EXPLORER.looks.length) % 2 === 1;
    place += 1;
    return [arm.name, { colour: `var(--arm-${n})`, words: `var(--arm-${n}-words)`, ...EXPLORER.looks[n], hollow }];
  }));
}

/** Room around values, zero in it where asked. */
function around(values, zero = true) {
  const all = [...values.filter(Number.isFinite), ...(zero ? [0] : [])];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const pad = Math.max((high - low) * 0.08, 1e-3);
  return { from: low - pad, to: high + pad };
}

class Pictures {
  constructor(movable, about, answers) {
    Object.assign(this, { movable, about, ...answers });
    this.outcome = movable.outcome;
    this.amounts = movable.amounts;
    this.styles = styles(about.arms);
    this.label = (name) => about.arms.find((arm) => arm.name === name).label;
    this.reference = about.reference;
  }

  weeks() {
    return { from: 0, to: this.movable.end, ticks: this.weekTicks(), label: word("figures.weeks_axis") };
  }

  /** The visits, without those that stand too close together. */
  weekTicks() {
    const visits = this.about.visits.map((visit) => visit.week);
    return visits.filter((week, n) => n === 0 || n === visits.length - 1 || (week - visits[n - 1] > this.movable.end / 18));
  }

  better() { return { words: word("say.better"), up: this.movable.sign > 0 }; }

  unit() { return this.amounts.unit ? `${this.outcome.label} (${this.amounts.unit})` : this.outcome.label; }

  treatment() {
    const first = this.about.arms.flatMap((arm) => (arm.reference ? [] : arm.sessions.filter((own) => !own.booster)));
    if (!first.length) return [];
    const to = Math.min(this.movable.end, Math.max(...first.map((own) => own.week)));
    return to > 0 ? [{ from: 0, to, label: word("figures.treatment") }] : [];
  }

  /** The band of differences too small to matter, as the program draws it: around no difference. */
  band(axis) {
    const own = this.outcome.meaningful;
    if (!own) return [];
    return [{ from: Math.max(-own, axis.from), to: Math.min(own, axis.to), label: word("figures.meaningful") }];
  }

  compared() { return this.courses.arms.filter((own) => own.arm !== this.reference); }

  rowsOf(arm) {
    const versus = `${arm} - ${this.reference}`;
    return (this.power.contrasts || []).filter((row) => row.contrast === versus);
  }

  difference(trial) {
    const { weeks } = this.courses;
    const lines = this.compared().map((own) => ({
      type: "line", style: this.styles.get(own.arm), label: this.label(own.arm), width: 3,
      points: weeks.map((week, n) => [week, own.difference[n]]).filter(([, value]) => value !== null),
    }));
    const arms = this.compared().map((own) => own.arm);
    const dodge = (n) => (n - (arms.length - 1) / 2) * 9;
    const expected = arms.flatMap((arm, n) => {
      const points = this.rowsOf(arm).filter((row) => row.formula?.own.half_width).map(({ week, formula: { difference, own } }) => ({
        x: week, y: difference, lower: difference - own.half_width, upper: difference + own.half_width,
      }));
      return points.length ? [{ type: "intervals", style: this.styles.get(arm), dodge: dodge(n), faint: Boolean(trial), points }] : [];
    });
    const seen = trial ? arms.flatMap((arm, n) => {
      const points = Pictures.estimates(trial, arm, this.reference).map((row) => ({
        x: row.visit_week, y: row.estimate, lower: row.lower, upper: row.upper, text: this.amounts.plain(row.estimate), prefer: ["right", "above_right"],
      }));
      return [{ type: "intervals", style: this.styles.get(arm), dodge: dodge(n) + (points.length ? 4 : 0), points }];
    }) : [];
    const values = [...lines.flatMap((line) => line.points.map(([, y]) => y)), ...[...expected, ...seen].flatMap((layer) => layer.points.flatMap((point) => [point.lower, point.upper]))];
    const axis = around([...values, ...(this.outcome.meaningful ? [this.outcome.meaningful * this.movable.sign * 1.05] : [])]);
    return {
      title: word("figures.difference", { reference: inside(this.label(this.reference)) }), desc: this.words,
      x: this.weeks(), y: { ...axis, label: this.unit(), better: this.better(), scale: this.amounts.by, format: "plain" },
      shades: this.treatment(), bands: this.band(axis), rules: [{ y: 0, strong: true }], layers: [...lines, ...expected, ...seen],
    };
  }

  /** Estimates of one trial for an arm against another, whichever way round the plan has them. */
  static estimates(trial, arm, reference) {
    return (trial.results || []).flatMap((row) => {
      if (row.analysis !== "main" || row.versus_week !== null || row.estimate === null || row.measure !== "difference") return [];
      if (row.contrast === `${arm} - ${reference}`) return [row];
      if (row.contrast === `${reference} - ${arm}`) return [{ ...row, estimate: -row.estimate, lower: -row.upper, upper: -row.lower }];
      return [];
    });
  }

  scores(trial) {
    const { weeks } = this.courses;
    const lines = this.courses.arms.map((own) => ({
      type: "line", style: this.styles.get(own.arm), label: this.label(own.arm), width: 3,
      points: weeks.map((week, n) => [week, own.mean[n]]).filter(([, value]) => value !== null),
    }));
    const marks = this.courses.arms.map((own, arm) => ({
      type: "points", style: this.styles.get(own.arm), radius: 5,
      points: this.courses.visits.filter((visit) => visit.mean[arm] !== null).map((visit) => ({ x: visit.week, y: visit.mean[arm] })),
    }));
    const people = (trial?.participants?.[0]?.arms || []).flatMap((arm) => arm.scores.map((scores) => ({
      type: "line", style: { ...this.styles.get(arm.arm), dash: "solid" }, width: 0.8, faint: true,
      points: this.about.visits.map((visit, n) => [visit.week, scores[n]]).filter(([, score]) => score !== null),
    })));
    const values = lines.flatMap((line) => line.points.map(([, y]) => y));
    return {
      title: word("figures.scores"), desc: this.words, x: this.weeks(),
      y: { ...around(people.length ? [...values, ...people.flatMap((line) => line.points.map(([, y]) => y))] : values, false), label: this.unit(), better: this.better(), scale: this.amounts.by },
      shades: this.treatment(), layers: [...people, ...lines, ...marks],
    };
  }

  sessions(arm) {
    const built = this.built?.arms?.find((own) => own.arm === arm);
    if (!built || !built.sessions.length || built.per_session === null) return null;
    const { sign } = this.movable;
    const style = this.styles.get(arm);
    const within = built.sessions.filter((own) => own.week <= this.movable.end);
    const below = built.weeks.map(() => 0);
    const bands = within.map((own, n) => {
      const points = [];
      built.weeks.forEach((week, at) => {
        const upper = below[at] + sign * own.left[at];
        if (week >= own.week - 1e-9) points.push([week, below[at], upper]);
        below[at] = upper;
      });
      return { type: "area", points, colour: style.colour, opacity: n % 2 ? 0.3 : 0.18, pattern: own.booster ? "stripes" : null };
    });
    const line = built.weeks.map((week, n) => [week, built.difference[n] === null ? null : sign * built.difference[n]]).filter(([, y]) => y !== null);
    const values = [...line.map(([, y]) => y), ...below, ...bands.flatMap((band) => band.points.map((point) => point[2]))];
    const plateau = built.plateau === null ? null : sign * built.plateau;
    const axis = around([...values, ...(plateau === null ? [] : [plateau])]);
    return {
      title: word("figures.sessions"), desc: this.words, x: this.weeks(),
      y: { ...axis, label: this.unit(), better: { words: word("say.better"), up: true }, scale: this.amounts.by },
      rules: [{ y: 0, strong: true }, ...(plateau === null ? [] : [{ y: plateau, label: word("figures.plateau") }])],
      layers: [...bands, { type: "line", style, width: 3, points: line, label: this.label(arm) }, { type: "sessions", weeks: within.map(({ week, booster }) => ({ week, booster })), style }],
      plateau, apart: built.difference.some((own, n) => own !== null && Math.abs(sign * own - below[n]) > 0.02 * Math.max(...below.map(Math.abs))),
    };
  }

  change() {
    const { sign } = this.movable;
    const looks = {
      regression: { colour: "var(--part-1)", pattern: "dots" }, natural_course: { colour: "var(--part-2)", pattern: null },
      sessions: {}, other: { colour: "var(--part-3)", pattern: "stripes" },
    };
    const parts = [];
    const rows = this.parts.arms.map((own) => this.label(own.arm));
    this.parts.arms.forEach((own, row) => {
      let [up, down] = [0, 0];
      for (const source of ["regression", "natural_course", "sessions", "other"]) {
        const size = sign * own.change[source];
        if (this.amounts.isNone(size)) continue;
        const from = size > 0 ? up : down;
        if (size > 0) up += size; else down += size;
        const look = source === "sessions" ? { colour: this.styles.get(own.arm).words } : looks[source];
        parts.push({ row, from, to: from + size, ...look, text: this.amounts.plain(size), ink: source === "sessions" ? "var(--chart-ground)" : "var(--part-ink)" });
      }
    });
    const used = (source) => this.parts.arms.some((own) => !this.amounts.isNone(own.change[source]));
    const keys = [["regression", "regression"], ["natural_course", "natural"], ["other", "other"]].filter(([source]) => used(source));
    return {
      title: word("figures.change"), desc: this.words,
      x: { ...around(parts.flatMap((part) => [part.from, part.to])), label: `${this.unit()}`, scale: this.amounts.by },
      y: { rows, better: { words: word("say.better"), up: true } }, rules: [{ x: 0, strong: true }],
      layers: [...keys.map(([source, name]) => ({ type: "key", label: word(`figures.${name}`), ...looks[source] })), { type: "key", label: word("figures.of_sessions"), colour: "var(--arm-0-words)" }, { type: "bars", parts }],
    };
  }

  powerOf(arm, n, simulated) {
    const rows = this.rowsOf(arm).filter((row) => row.formula);
    if (!rows.length && !simulated) return null;
    const base = this.styles.get(arm);
    const shade = (at, of) => `color-mix(in srgb, ${base.colour} ${Math.round(100 - (60 * at) / Math.max(1, of - 1))}%, var(--chart-quiet))`;
    const kinds = ["solid", "long", "short", "dotted", "dash_dot", "dash_dot_dot"];
    const lines = rows.map((row, at) => ({
      type: "line", width: 3, label: this.visit(row.week), unmarked: true,
      style: { ...base, colour: shade(at, rows.length), words: base.words, dash: kinds[at % kinds.length] },
      points: row.formula.at.map((point) => [point.n, point.power]),
    }));
    const dots = simulated ? [{ type: "intervals", style: { ...base, colour: "var(--chart-ink)", marker: "diamond", hollow: true }, label: word("figures.power_dots"), points: this.simulated(simulated, arm, n) }] : [];
    const sizes = [...rows.flatMap((row) => row.formula.at.map((point) => point.n)), n];
    return {
      title: word("figures.power"), desc: this.words,
      x: { from: Math.min(...sizes), to: Math.max(...sizes), log: true, label: word("figures.n_axis"), ticks: logTicks(Math.min(...sizes), Math.max(...sizes)).filter((tick) => /^[125]/.test(String(tick))) },
      y: { from: 0, to: 1.001, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1], format: "percent", label: word("figures.power_of") },
      rules: [{ y: 0.8, label: "80%" }, { x: n, label: word("figures.own_size", { n: brief(n, 0) }), strong: true }], layers: [...lines, ...dots],
    };
  }

  visit(week) { return this.about.visits.find((own) => own.week === week)?.label ?? String(week); }

  /** Simulated power to show that an arm is better than the reference, with the interval of its Monte Carlo error. */
  simulated(answer, arm, n) {
    const point = (row, own) => ({ x: n, y: own.value, week: row.week, mcse: own.mcse, failed: row.failed, lower: own.interval[0], upper: own.interval[1] });
    return answer.contrasts.flatMap((row) => {
      if (row.contrast === `${arm} - ${this.reference}`) return [point(row, row.better)];
      return row.contrast === `${this.reference} - ${arm}` ? [point(row, row.worse)] : [];
    });
  }
}
