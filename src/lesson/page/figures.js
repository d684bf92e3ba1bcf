// The figures of the lesson: from answers of the core to what chart.js draws. Before a bet (`open` is false) only what is known is shown.
"use strict";

/** The lesson's facts and words, put into the page. */
const LESSON = JSON.parse(document.getElementById("lesson-data").textContent);
const { words: WORDS, trial: TRIAL } = LESSON;

const lead = () => TRIAL.arms.find((arm) => arm.name === TRIAL.arm);
const armOf = (name) => TRIAL.arms.find((arm) => arm.name === name);
const benefitOf = (difference) => (difference === null ? null : TRIAL.sign * difference);
const points = (value) => shown(value * TRIAL.scale, TRIAL.decimals);
const amount = (value) => (TRIAL.unit ? `${points(value)}\u00a0${TRIAL.unit}` : points(value));
const weekLabel = (week) => WORDS.week.replace("{number}", shown(week, Number.isInteger(week) ? 0 : 1));
const weeksLabel = (weeks) => (weeks === 1 ? WORDS.one_week : WORDS.weeks.replace("{number}", shown(weeks, Number.isInteger(weeks) ? 0 : 1)));
const halfLifeLabel = (weeks) => (weeks === null || weeks >= NEVER ? WORDS.never_fades : weeksLabel(weeks));
const percent = (share) => `${shown(share * 100, share > 0 && share < 0.095 ? 1 : 0)}%`;

/** A half-life from here on is shown as one that never comes. */
const NEVER = 105;

/** Ends of an axis that holds these values and zero, with a little room, never narrower than `least`. */
function room(values, least = 1) {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...finite), Math.max(0, ...finite)];
  const pad = Math.max((high - low) * 0.12, least * 0.1);
  return { from: low < 0 ? low - pad : 0, to: Math.max(high + pad, low < 0 ? 0.15 * least : least) };
}

const weeksAxis = (to = TRIAL.end) => ({
  from: 0, to, label: WORDS.weeks_since_randomisation, ticks: [...TRIAL.visits, ...(to > TRIAL.end * 1.2 ? [to] : [])],
});
/** The same with room for the ticks of sessions below the line of nothing. */
const withTicks = (ends) => (ends.from < 0 ? ends : { ...ends, from: -0.07 * ends.to });
const benefitAxis = (ends) => ({ ...ends, label: WORDS.points_better, better: { words: WORDS.better, up: true }, scale: TRIAL.scale });
const meaningful = () => (TRIAL.meaningful ? [{ from: 0, to: TRIAL.meaningful, label: WORDS.meaningful_band }] : []);
const treatment = () => (TRIAL.last_session ? [{ from: 0, to: TRIAL.last_session, label: WORDS.treatment }] : []);
const grey = { colour: "var(--chart-quiet)", words: "var(--chart-quiet)", marker: "square", dash: "short" };

/** Step 1: what is left of one session. `answer` is a build-up whose first session's shares are taken. */
function oneSession(answer, { open, half, halfLimits, move }) {
  const kernel = answer.kernel;
  const style = lead().style;
  const layers = [];
  const ghost = { type: "points", style, radius: 7, points: [{ x: 0, y: 1, text: percent(1), prefer: ["right"] }] };
  if (open && kernel) {
    const halvings = half < NEVER ? [1, 2, 3, 4].map((n) => n * half).filter((week) => week <= TRIAL.end) : [];
    layers.push({ type: "area", points: kernel.map(([week, share]) => [week, 0, share]), colour: style.colour, opacity: 0.1 });
    layers.push({ type: "line", points: kernel, style: { ...style, dash: "solid" }, width: 3.5, grow: "kernel" });
    layers.push({ type: "points", style, points: halvings.map((week) => ({ x: week, y: straight(kernel, week), text: percent(straight(kernel, week)), prefer: ["above_right"] })) });
  }
  if (open && !kernel) layers.push({ type: "note", x: TRIAL.end * 0.3, y: 0.5, text: WORDS.nothing_to_draw, style: grey, prefer: ["right"] });
  else layers.push(ghost);
  if (!open) layers.push({ type: "note", x: LESSON.bet_weeks, y: 0.5, text: "?", big: true, style: grey, prefer: ["right"] });
  const handle = open && kernel && half < NEVER && half <= TRIAL.end && {
    id: "half", label: WORDS.half_life, axis: "x", at: [half, straight(kernel, half)], value: half, min: halfLimits[0], max: Math.min(TRIAL.end, halfLimits[1]), step: 1,
    text: halfLifeLabel, colour: style.colour, input: move,
  };
  return {
    x: { from: 0, to: TRIAL.end, label: WORDS.weeks_since_session },
    y: { from: 0, to: 1.08, ticks: [0, 0.25, 0.5, 0.75, 1], format: "percent", label: WORDS.share_left },
    rules: [{ x: LESSON.bet_weeks, label: WORDS.three_months }],
    layers, handles: handle ? [handle] : [],
  };
}

/** What is left of each session, stacked; boosters in a lighter tone with stripes. */
function stacked(own, style) {
  const layers = [];
  let below = own.weeks.map(() => 0);
  own.sessions.forEach((session, n) => {
    const above = below.map((low, k) => low + benefitOf(session.left[k]));
    const from = own.weeks.findIndex((week) => week >= session.week - 1e-9);
    const points = own.weeks.map((week, k) => [week, below[k], above[k]]).slice(Math.max(0, from));
    const base = below;
    below = above;
    if (points.length < 2 || points.every(([, low, high]) => Math.abs(high - low) < 1e-9)) return;
    layers.push({ type: "area", points, colour: style.colour, opacity: n % 2 ? 0.16 : 0.3, pattern: session.booster ? "hatch" : null, base });
  });
  return layers;
}

/** Heights of the line and of all bands together. */
const tops = (own) => [...curve(own).map(([, y]) => y), ...own.weeks.map((_, k) => own.sessions.reduce((sum, session) => sum + benefitOf(session.left[k]), 0))];
const curve = (own) => own.weeks.map((week, n) => [week, benefitOf(own.difference[n])]).filter(([, benefit]) => benefit !== null);
const at = (own, week) => straight(curve(own), week);
const ticks = (own, style) => ({ type: "sessions", style, weeks: own.sessions.map(({ week, booster }) => ({ week, booster })) });

/** Step 2: the staircase. */
function tenSessions(answer, { open }) {
  const own = answer.arms[0];
  const style = lead().style;
  const plateau = own.plateau === null ? null : benefitOf(own.plateau);
  const ends = room([...tops(own), plateau ?? 0, TRIAL.meaningful ?? 0]);
  const first = own.sessions[0];
  const layers = [ticks(own, style)];
  if (open) {
    layers.unshift(...stacked(own, style), { type: "line", points: curve(own), style: { ...style, dash: "solid" }, width: 3, grow: "staircase" });
    const marks = [...(TRIAL.last_session && !TRIAL.visits.includes(TRIAL.last_session) ? [TRIAL.last_session] : []), ...TRIAL.visits.slice(1)];
    layers.push({ type: "points", style, points: marks.map((week) => ({ x: week, y: at(own, week), text: points(at(own, week)), prefer: ["above_right", "above"] })) });
  } else if (first) {
    layers.unshift(...stacked({ ...own, sessions: [first] }, style));
    layers.push({ type: "note", x: TRIAL.last_session, y: ends.to * 0.62, text: "?", big: true, style: grey, prefer: ["above"] });
  }
  return {
    x: weeksAxis(), y: benefitAxis(withTicks(ends)), shades: treatment(), layers,
    rules: open && plateau !== null ? [{ y: plateau, label: WORDS.plateau }] : [],
  };
}

/** Step 3: the reader's line and the model's. */
function lastSession(answer, { open, drawn, sketched, other }) {
  const own = answer.arms[0];
  const style = lead().style;
  const whole = curve(own);
  const start = TRIAL.last_session || TRIAL.visits[1];
  const known = whole.filter(([week]) => week <= start + 1e-9);
  const from = [start, at(own, start)];
  const all = [...whole.map(([, y]) => y), TRIAL.meaningful ?? 0, ...(drawn || []).map(([, y]) => y)];
  const ends = room(open ? all : [...known.map(([, y]) => y), TRIAL.meaningful ?? 0, from[1] * 1.45]);
  const layers = [{ type: "line", points: known, style: { ...style, dash: "solid" }, width: 3 }];
  if (open) {
    if (other) layers.push({ type: "line", points: curve(other).filter(([week]) => week >= start), style: { ...style, dash: "dotted" }, width: 2.5, label: other.label, unmarked: true });
    layers.push({ type: "line", points: whole.filter(([week]) => week >= start - 1e-9), style: { ...style, dash: "solid" }, width: 4, label: WORDS.the_model, unmarked: true, grow: "washout" });
    layers.push({ type: "points", style, points: TRIAL.visits.slice(1).map((week) => ({ x: week, y: at(own, week), text: points(at(own, week)), prefer: ["above_right", "above"] })) });
    if (drawn) layers.push({ type: "note", x: drawn[drawn.length - 1][0], y: drawn[drawn.length - 1][1], text: WORDS.your_line, style: { words: "var(--chart-ink)" }, prefer: ["above_left", "below_left"] });
  } else layers.push({ type: "points", style, radius: 7, points: [{ x: from[0], y: from[1], text: points(from[1]), prefer: ["above"] }] });
  const last = TRIAL.end;
  return {
    x: weeksAxis(), y: benefitAxis(ends), shades: treatment(), bands: meaningful(), layers,
    sketch: {
      from, to: last, step: (last - start) / 21, knots: [0.25, 0.5, 0.75, 1].map((share) => start + share * (last - start)), low: ends.from, high: ends.to,
      label: (week) => `${WORDS.your_line}, ${weekLabel(Math.round(week))}`, text: amount, locked: open, draw: sketched,
    },
  };
}

/** Parts rounded so that they add up to their total as it is written: what rounding left over goes to the parts nearest to it. */
function addingUp(parts) {
  const unit = 10 ** -TRIAL.decimals / TRIAL.scale;
  const rounded = parts.map((part) => Math.round(part / unit));
  const sum = (values) => values.reduce((all, one) => all + one, 0);
  const over = Math.round(sum(parts) / unit) - sum(rounded);
  const short = (n) => Math.sign(over) * (parts[n] / unit - Math.round(parts[n] / unit));
  const order = [...parts.keys()].filter((n) => rounded[n] !== 0).sort((a, b) => short(b) - short(a));
  for (const n of order.slice(0, Math.abs(over))) rounded[n] += Math.sign(over);
  return rounded.map((part) => part * unit);
}

/** Step 4: what the change of each arm is made of. */
function everyoneImproves(answer, { open }) {
  const kinds = [["regression", "var(--part-1)", "hatch"], ["natural_course", "var(--part-2)", null], ["other", "var(--part-3)", "dots"], ["sessions", null, null]];
  const rows = TRIAL.arms.map((arm) => answer.arms.find((own) => own.arm === arm.name)).filter(Boolean);
  const parts = [];
  const sums = [0];
  rows.forEach((own, row) => {
    let [up, down] = [0, 0];
    if (!open) return;
    const written = addingUp(kinds.map(([kind]) => benefitOf(own.change[kind])));
    for (const [position, [kind, colour, pattern]] of kinds.entries()) {
      const value = benefitOf(own.change[kind]);
      const from = value >= 0 ? up : down;
      const to = from + value;
      if (value >= 0) up = to;
      else down = to;
      sums.push(up, down);
      if (Math.abs(value) > 1e-9) parts.push({ row, from, to, colour: colour || armOf(own.arm).style.words, pattern, text: points(written[position]), ink: colour ? "var(--part-ink)" : undefined });
    }
  });
  if (!open) sums.push(...rows.map((own) => benefitOf(own.expected - own.at_entry)));
  const ends = room(sums, 1);
  const named = [["regression", WORDS.regression], ["natural_course", WORDS.natural], ["other", WORDS.other_part], ["sessions", WORDS[LESSON.sessions_part]]];
  const used = named.filter(([kind]) => rows.some((own) => Math.abs(own.change[kind]) > 0.0005));
  const keys = used.map(([kind, label]) => {
    const [, colour, pattern] = kinds.find(([name]) => name === kind);
    return { type: "key", label, colour: colour || lead().style.words, pattern };
  });
  return {
    x: { ...ends, label: "", scale: TRIAL.scale }, layers: [{ type: "bars", parts }, ...(open ? keys : [])], rules: [{ x: 0, strong: true }],
    y: { rows: rows.map((own) => armOf(own.arm).label), label: WORDS.change, better: { words: WORDS.better } },
  };
}

/** Step 4, below: whom an entry rule lets in. */
function lettingIn({ everybody, entered, remeasured }, { label, range, decimals, better }) {
  const rows = [[WORDS.everybody, everybody, "var(--part-2)", null], [WORDS.let_in, entered, "var(--part-1)", "hatch"], [WORDS.next_time, remeasured, "var(--part-2)", null]];
  return {
    x: { from: range[0], to: Math.min(range[1], Math.max(everybody, entered, remeasured) * 1.25), label: WORDS.expected_score },
    y: { rows: rows.map(([name]) => name), better: better === "lower" ? { words: `\u2190 ${WORDS.better}`, bare: true } : { words: WORDS.better } },
    layers: [{ type: "bars", parts: rows.map(([, value, colour, pattern], row) => ({ row, from: range[0], to: value, colour, pattern, text: shown(value, decimals), ink: "var(--part-ink)" })) }],
    title: label,
  };
}

/** An estimate against the reference arm, whichever way round the plan has it; null for any other contrast. */
function againstReference(row) {
  const [first, second] = row.contrast.split(" - ");
  const turned = first === TRIAL.reference;
  const arm = armOf(turned ? second : first);
  if (!arm || arm.reference || (turned ? first : second) !== TRIAL.reference || !Number.isFinite(row.estimate)) return null;
  const [estimate, lower, upper] = turned ? [-row.estimate, -row.upper, -row.lower] : [row.estimate, row.lower, row.upper];
  return { arm, estimate, lower, upper, week: row.visit_week, since: row.versus_week };
}

/** Estimates of a simulated trial at its visits: { arm, week, estimate, lower, upper }. */
function estimates(answer) {
  const own = answer.results.filter((row) => row.analysis === "main" && row.visit_week !== null);
  return own.map(againstReference).filter((row) => row && row.since === null);
}

/** Step 5: differences with intervals. */
function gapCloses(answers, { open, current }) {
  const now = estimates(answers[current]);
  const first = TRIAL.visits[1];
  const visible = open ? now : now.filter((own) => own.week === first);
  const arms = TRIAL.arms.filter((arm) => now.some((own) => own.arm === arm));
  const spacing = 20;
  const all = answers.flatMap(estimates);
  const bounds = all.flatMap((own) => [own.lower, own.upper]);
  const band = TRIAL.meaningful ? [{ from: -TRIAL.meaningful, to: TRIAL.meaningful, label: WORDS.meaningful_band }] : [];
  const [low, high] = [Math.min(0, ...bounds), Math.max(0, ...bounds)];
  const pad = (high - low) * 0.08;
  const faint = open ? answers.filter((_, n) => n !== current).map((answer) => ({
    type: "intervals", style: lead().style, faint: true, dodge: (arms.indexOf(lead()) - (arms.length - 1) / 2) * spacing,
    points: estimates(answer).filter((own) => own.arm === lead()).map((own) => ({ x: own.week, y: own.estimate, lower: own.lower, upper: own.upper })),
  })) : [];
  const layers = arms.map((arm, n) => ({
    type: "intervals", style: arm.style, label: arm.label, dodge: (n - (arms.length - 1) / 2) * spacing,
    points: visible.filter((own) => own.arm === arm).map((own) => ({
      x: own.week, y: own.estimate, lower: own.lower, upper: own.upper,
      text: arm === lead() ? points(own.estimate) : null, prefer: n < arms.length / 2 ? ["left", "right"] : ["right", "left"],
    })),
  }));
  return {
    x: { from: -TRIAL.end * 0.02, to: TRIAL.end * 1.08, ticks: TRIAL.visits.slice(1), label: WORDS.weeks_since_randomisation },
    y: { from: low - pad, to: high + pad, label: WORDS.difference, better: { words: WORDS.better, up: TRIAL.better === "higher" }, scale: TRIAL.scale },
    bands: band, rules: [{ y: 0, strong: true, label: WORDS.zero }], layers: [...faint, ...layers],
  };
}

/** Step 6: with boosters and without. */
function boosters(withThem, without, { open, to }) {
  const style = lead().style;
  const own = withThem.arms[0];
  const plain = without.arms[0];
  const ends = room([...tops(own), ...tops(plain), TRIAL.meaningful ?? 0]);
  const layers = [];
  if (open) {
    layers.push(...stacked(own, style));
    layers.push({ type: "line", points: curve(plain), style: { ...style, dash: "short" }, width: 2.25, label: WORDS.without_boosters, unmarked: true });
    layers.push({ type: "line", points: curve(own), style: { ...style, dash: "solid" }, width: 3, label: WORDS.with_boosters, unmarked: true, grow: "boosters" });
    const marks = TRIAL.visits.slice(1);
    layers.push({ type: "points", style, points: marks.map((week) => ({ x: week, y: at(own, week), text: points(at(own, week)), prefer: ["above_right", "above"] })) });
  } else {
    layers.push({ type: "line", points: curve(plain), style: { ...style, dash: "solid" }, width: 3 });
    layers.push({ type: "note", x: TRIAL.end, y: at(own, TRIAL.last_session || 0), text: "?", big: true, style: grey, prefer: ["above"] });
  }
  layers.push(ticks(own, style));
  return { x: weeksAxis(to), y: benefitAxis(withTicks(ends)), shades: treatment(), bands: meaningful(), layers };
}

/** Step 7: power against size. */
function howBig(answer, withBoosters, { open, n, move }) {
  const style = lead().style;
  const contrast = `${TRIAL.arm} - ${TRIAL.reference}`;
  const rows = answer.contrasts.filter((own) => own.contrast === contrast && own.formula);
  const dashesOf = ["solid", "long", "dash_dot", "dotted", "dash_dot_dot"];
  const line = (row, label, dash) => ({
    type: "line", label, legend: true, unmarked: true, points: row.formula.at.map((own) => [own.n, own.power]), style: { ...style, dash }, width: 3, grow: `power-${label}`,
  });
  const layers = open ? rows.map((row, k) => line(row, weekLabel(row.week), dashesOf[k % dashesOf.length])) : [];
  const extra = withBoosters?.contrasts.find((own) => own.contrast === contrast && own.formula && own.week === TRIAL.end);
  if (open && extra) layers.push({ ...line(extra, WORDS.boosters_at, "short"), style: { ...grey, dash: "short" } });
  const sizes = LESSON.sizes;
  return {
    x: { from: sizes[0], to: sizes[sizes.length - 1], log: true, label: WORDS.analysed_per_arm },
    y: { from: 0, to: 1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1], format: "percent", label: WORDS.power },
    rules: [{ y: 0.8 }, ...(n === TRIAL.per_arm ? [{ x: TRIAL.per_arm, label: WORDS.this_trial, low: true }] : [{ x: TRIAL.per_arm, label: WORDS.this_trial, low: true }, { x: n }])],
    layers,
    handles: open ? [{
      id: "n", label: WORDS.per_arm, axis: "x", at: [n, 0], value: Math.round(Math.log(n) * 1000) / 1000, min: Math.log(sizes[0]), max: Math.log(sizes[sizes.length - 1]), step: 0.05,
      text: (log) => shown(Math.round(Math.exp(log)), 0), fromPlace: (x) => Math.log(x), input: (log, done) => move(Math.round(Math.exp(log)), done),
    }] : [],
  };
}
