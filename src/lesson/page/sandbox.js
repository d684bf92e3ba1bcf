// The sandbox: all sliders, all figures, rivals of the explanation as switches, a link that brings it back.
"use strict";

/** Simulated trials behind an average estimate. */
const AVERAGED = 256;

class Sandbox {
  constructor(section) {
    this.section = section;
    this.start = { half: startHalf(), lasting: TRIAL.effect?.lasting_share ?? 0, size: TRIAL.effect?.size ?? 0, n: 0, every: LESSON.boosters?.every ?? 4,
      natural: TRIAL.natural?.value ?? 0, threshold: TRIAL.entry?.value ?? 0, per_arm: TRIAL.per_arm };
    this.state = { ...this.start, ...this.fromLink() };
    this.tab = "build_up";
    this.rivals = new Set();
    this.fades = true;
    this.asker = new Asker((state) => this.ask(state), (answers, state) => this.came(answers, state));
    for (const button of queryAll("[data-tab]", section)) button.addEventListener("click", () => this.choose(button.dataset.tab));
    for (const box of queryAll("[data-rival]", section)) box.addEventListener("change", () => this.switched(box));
    query("[data-do=reset]", section).addEventListener("click", () => this.move(this.start));
    query("[data-do=share]", section).addEventListener("click", (event) => this.share(event.target));
  }

  show() {
    this.showControls();
    this.asker.want(this.request());
  }

  request() { return { ...this.state, tab: this.tab, rivals: [...this.rivals], fades: this.fades }; }

  controls() {
    const { state } = this;
    const limits = [0, Math.max(1, Math.ceil(this.start.size * 3))];
    const controls = TRIAL.effect ? [
      { ...halfControl(state) },
      { id: "lasting", kind: "range", label: WORDS.lasting_share, min: 0, max: 1, step: 0.05, value: state.lasting, text: percent },
      { id: "size", kind: "range", label: WORDS.effect_size, min: limits[0], max: limits[1], step: limits[1] / 60, value: state.size, text: TRIAL.effect.unit === "points" ? amount : percent },
      { id: "n", kind: "range", label: WORDS.n_boosters, min: 0, max: 26, step: 1, value: state.n, text: (n) => shown(n, 0) },
      { id: "every", kind: "range", label: WORDS.booster_spacing, min: 1, max: 13, step: 1, value: state.every, text: weeksLabel },
    ] : [];
    if (TRIAL.natural) controls.push({ id: "natural", kind: "range", label: WORDS.natural_course, min: 0, max: Math.max(1, TRIAL.natural.value * 3), step: 0.1, value: state.natural, text: amount });
    if (TRIAL.entry) controls.push(...STEPS.everyone_improves.controls(state));
    if (LESSON.has_formula) controls.push({ ...STEPS.how_big.controls({ n: state.per_arm })[0], id: "log_per_arm", text: () => shown(this.state.per_arm, 0), read: (log) => ({ per_arm: Math.round(Math.exp(log)) }) });
    return controls;
  }

  showControls() {
    showControls(query(".controls", this.section), this.controls(), (change) => this.move(change), () => {});
  }

  /** Settings that make the scenario what the sliders and switches say. */
  sets(state) {
    const { start } = this;
    const sets = effectSets({ half: state.fades ? state.half : NEVER, lasting: state.lasting === start.lasting ? undefined : state.lasting });
    if (TRIAL.effect && state.size !== start.size) sets.push(`${TRIAL.effect.size_path}=${TRIAL.effect.size_sign * state.size}`);
    if (TRIAL.effect && state.n) sets.push(...boosterSets(state.n, state.every));
    if (TRIAL.natural && state.natural !== start.natural) sets.push(`${TRIAL.natural.path}=${state.natural}`);
    if (TRIAL.entry && state.threshold !== start.threshold) sets.push(`${TRIAL.entry.path}=${state.threshold}`);
    const rivals = LESSON.rivals.filter((own) => state.rivals.includes(own.id));
    const care = rivals.flatMap((own) => own.care ?? []);
    if (care.length) sets.push(`co_interventions={${[...LESSON.care, ...care].join(", ")}}`);
    return [...sets, ...rivals.flatMap((own) => own.set ?? [])];
  }

  async ask(state) {
    const sets = this.sets(state);
    const weeks = STEPS.boosters.weeks({ n: state.n, every: state.every }).filter((week) => week <= TRIAL.end);
    const courses = { what: "courses", outcome: TRIAL.outcome, weeks };
    const of = {
      build_up: () => [buildUpAsk()],
      gap: () => [{ what: "replicates", outcome: TRIAL.outcome, count: AVERAGED }],
      courses: () => [],
      parts: () => [{ what: "parts", outcome: TRIAL.outcome, week: TRIAL.end }],
      sample_size: () => [powerAsk],
    };
    return core.ask(sets, [courses, ...of[state.tab]()], { beside: state.tab === "gap" });
  }

  came([courses, answer], state) {
    this.last = courses;
    const figures = {
      build_up: () => ({ ...tenSessions(answer, { open: true }), bands: meaningful() }),
      gap: () => this.gap(courses, answer, state),
      courses: () => this.scores(courses),
      parts: () => everyoneImproves(answer, { open: true }),
      sample_size: () => howBig(answer, null, { open: true, n: state.per_arm, move: (per_arm) => this.move({ per_arm }) }),
    };
    const spec = figures[state.tab]();
    const own = courses.arms.find((arm) => arm.arm === TRIAL.arm);
    const line = courses.weeks.map((week, n) => [week, benefitOf(own.difference[n])]).filter(([, benefit]) => benefit !== null);
    const values = { at_first_now: amount(straight(line, TRIAL.visits[1])), at_end_now: amount(straight(line, TRIAL.end)), sessions_now: TRIAL.sessions.length + state.n };
    const rivals = { n_rivals_now: state.rivals.length, first_now: values.at_first_now, end_now: values.at_end_now };
    const words = state.rivals.length || !state.fades ? fill(WORDS.sandbox_rivals_live, rivals) : fill(WORDS.sandbox_live, values);
    // A chart of another kind is drawn anew.
    if (this.drawnTab !== state.tab && this.chart) { this.chart.destroy(); this.chart = null; }
    this.drawnTab = state.tab;
    this.chart = drawInto(query("[data-figure=sandbox]", this.section), this.chart, { title: WORDS[state.tab], desc: words, ...spec }, false);
    query(".live", this.section).textContent = words;
  }

  /** Expected difference, and what trials would estimate on average: apart where people are lost selectively. */
  gap(courses, answer, state) {
    const own = courses.arms.find((arm) => arm.arm === TRIAL.arm);
    const line = courses.weeks.map((week, n) => [week, benefitOf(own.difference[n])]).filter(([, benefit]) => benefit !== null);
    const rows = (answer.contrasts || []).map((row) => againstReference({ ...row, visit_week: row.week, estimate: row.mean_estimate?.value ?? NaN, lower: 0, upper: 0 }));
    const points = rows.filter((row) => row && row.arm === lead()).map((row) => ({ x: row.week, y: TRIAL.sign * row.estimate }));
    const { style } = lead();
    return {
      x: weeksAxis(), y: benefitAxis(room([...line.map(([, y]) => y), ...points.map(({ y }) => y), TRIAL.meaningful ?? 0])), shades: treatment(), bands: meaningful(),
      layers: [
        { type: "line", points: line, style: { ...style, dash: state.fades ? "solid" : "long" }, width: 3.5, label: WORDS.expected_difference, unmarked: true },
        { type: "points", style: { ...grey, marker: "diamond", colour: "var(--chart-ink)" }, radius: 7, points, label: fill(WORDS.average_estimate, { trials: answer.replicates }) },
      ],
    };
  }

  scores(courses) {
    const lines = TRIAL.arms.map((arm) => ({ arm, own: courses.arms.find((own) => own.arm === arm.name) })).map(({ arm, own }) => ({
      type: "line", style: arm.style, label: arm.label, points: courses.weeks.map((week, n) => [week, own.mean[n]]).filter(([, mean]) => mean !== null),
    }));
    const values = lines.flatMap((line) => line.points.map(([, y]) => y));
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const pad = Math.max(0.5, (high - low) * 0.15);
    return {
      x: weeksAxis(), y: { from: low - pad, to: high + pad, label: TRIAL.outcome_label, better: { words: WORDS.better, up: TRIAL.better === "higher" }, scale: TRIAL.scale },
      shades: treatment(), layers: lines,
    };
  }

  choose(tab) {
    this.tab = tab;
    for (const button of queryAll("[data-tab]", this.section)) button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
    this.asker.want(this.request());
  }

  switched(box) {
    if (box.dataset.rival === "fade") this.fades = box.checked;
    else if (box.checked) this.rivals.add(box.dataset.rival);
    else this.rivals.delete(box.dataset.rival);
    this.choose("gap");
  }

  move(change) {
    this.state = { ...this.state, ...change };
    this.showControls();
    this.asker.want(this.request());
  }

  /** What differs from the scenario, as part of the address. */
  share(button) {
    const changed = Object.entries(this.state).filter(([key, value]) => value !== this.start[key]);
    const link = `${location.href.split("#")[0]}#sandbox${changed.length ? `?${new URLSearchParams(changed)}` : ""}`;
    history.replaceState(null, "", link);
    navigator.clipboard?.writeText(link).catch(() => {});
    button.textContent = WORDS.copied;
    setTimeout(() => { button.textContent = WORDS.share; }, 2000);
  }

  fromLink() {
    const own = Object.entries(this.start);
    const found = new URLSearchParams(location.hash.split("?")[1] || "");
    const kept = own.filter(([key]) => Number.isFinite(Number(found.get(key) ?? NaN))).map(([key]) => [key, Number(found.get(key))]);
    return Object.fromEntries(kept);
  }
}
