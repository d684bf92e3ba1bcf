// The seven steps: what can be moved in each, what is asked of the core for it, and the sentence that follows along.
"use strict";

/** A text with its places filled in. */
function fill(text, values) {
  return text.replace(/\{([a-z0-9_]+)\}/g, (place, name) => (name in values ? values[name] : place));
}

const grid = (to, every) => Array.from({ length: Math.floor(to / every + 1e-9) + 1 }, (_, n) => n * every);
const { paths } = TRIAL;

/** Settings that give the sessions of the leading arm another half-life, lasting share or size. */
function effectSets({ half, lasting }) {
  if (!TRIAL.effect) return [];
  const sets = [];
  if (half !== undefined && half !== startHalf()) sets.push(`${paths.effect}.half_life_weeks=${half >= NEVER ? "inf" : half}`);
  // Where everything stays for good, a half-life would have nothing to act on.
  const stays = lasting ?? (TRIAL.effect.lasting_share === 1 && half !== undefined && half < NEVER ? 0 : undefined);
  if (stays !== undefined && stays !== TRIAL.effect.lasting_share) sets.push(`${paths.effect}.lasting_share=${stays}`);
  return sets;
}

const startHalf = () => (TRIAL.effect ? (TRIAL.effect.lasting_share === 1 ? NEVER : TRIAL.effect.half_life_weeks ?? NEVER) : NEVER);
const boosterSets = (n, every) => [`${paths.boosters}={sessions=${n}${n ? `, every_weeks=${every}` : ""}}`];
const halfControl = (state) => ({ id: "half", kind: "range", label: WORDS.half_life, min: 1, max: NEVER, step: 1, value: state.half, text: halfLifeLabel });
const buildUpAsk = (weeks) => ({ what: "build_up", outcome: TRIAL.outcome, arm: TRIAL.arm, ...(weeks ? { weeks } : {}) });
const powerAsk = { what: "power", outcome: TRIAL.outcome, n: LESSON.sizes };
const trialAsk = (replicate) => ({ what: "trial", outcome: TRIAL.outcome, replicate });

const STEPS = {
  one_session: {
    start: { half: startHalf() },
    movable: Boolean(TRIAL.effect),
    controls: (state) => [halfControl(state)],
    ask: (state) => core.ask(effectSets(state), [{ what: "fade", outcome: TRIAL.outcome, arm: TRIAL.arm, weeks: grid(TRIAL.end, TRIAL.end / 104) }]),
    figure([fade], state, open, move) {
      const shares = fade.arms[0].share_left;
      const kernel = shares && fade.weeks.map((week, n) => [week, shares[n]]);
      return oneSession({ kernel }, { open, half: state.half, halfLimits: [1, NEVER - 1], move: (half, done) => move({ half }, done) });
    },
    live(state, [fade]) {
      const shares = fade.arms[0].share_left;
      const share = shares && straight(fade.weeks.map((week, n) => [week, shares[n]]), LESSON.bet_weeks);
      return shares && fill(state.half >= NEVER ? WORDS.live.one_session_lasts : WORDS.live.one_session, { half_life_now: halfLifeLabel(state.half), share_now: percent(share) });
    },
  },

  ten_sessions: {
    start: { half: startHalf() },
    movable: Boolean(TRIAL.effect),
    controls: (state) => [halfControl(state)],
    ask: (state) => core.ask(effectSets(state), [buildUpAsk()]),
    figure: ([answer], state, open) => tenSessions(answer, { open }),
    live(state, [answer]) {
      const own = answer.arms[0];
      return TRIAL.effect && fill(state.half >= NEVER ? WORDS.live.ten_sessions_lasts : WORDS.live.ten_sessions, {
        half_life_now: halfLifeLabel(state.half), on_last_session_now: amount(at(own, TRIAL.last_session)), at_end_now: amount(at(own, TRIAL.end)),
      });
    },
  },

  last_session: {
    start: { lasting: TRIAL.effect?.lasting_share ?? 0, drawn: null },
    // Where nothing fades there is nothing of which a part could stay.
    movable: startHalf() < NEVER,
    draws: true,
    controls: (state) => [{ id: "lasting", kind: "range", label: WORDS.lasting_share, min: 0, max: 1, step: 0.05, value: state.lasting, text: percent }],
    ask: (state) => core.ask(effectSets({ lasting: state.lasting }), [buildUpAsk()]),
    figure([answer], state, open, move, start) {
      const moved = state.lasting !== this.start.lasting;
      const other = moved ? { ...start[0].arms[0], label: `${WORDS.lasting_share}: ${percent(this.start.lasting)}` } : null;
      return lastSession(answer, { open, drawn: state.drawn, other, sketched: (drawn, done) => move({ drawn }, done, true) });
    },
    live(state, [answer]) {
      if (!state.drawn) return null;
      const yours = state.drawn[state.drawn.length - 1][1];
      return fill(WORDS.live.last_session, { yours_now: amount(yours), at_end_now: amount(at(answer.arms[0], TRIAL.end)) });
    },
  },

  everyone_improves: {
    start: { threshold: TRIAL.entry?.value ?? 0 },
    movable: Boolean(TRIAL.entry),
    controls: (state) => (TRIAL.entry ? [{
      id: "threshold", kind: "range", label: WORDS.entry_threshold, min: TRIAL.entry.limits[0], max: TRIAL.entry.limits[1], step: TRIAL.entry.step, value: state.threshold,
      text: (value) => shown(value, decimalsOf([value])),
    }] : []),
    ask: (state) => core.ask(TRIAL.entry && state.threshold !== TRIAL.entry.value ? [`${TRIAL.entry.path}=${state.threshold}`] : [], [
      { what: "parts", outcome: TRIAL.outcome, week: TRIAL.end },
      ...(TRIAL.entry ? [{ what: "parts", outcome: TRIAL.entry.outcome, week: TRIAL.visits[1] }] : []),
    ]),
    figure: ([answer], state, open) => everyoneImproves(answer, { open }),
    second([, entry], state, open) {
      return entry && open ? lettingIn(lettingInOf(entry), TRIAL.entry) : null;
    },
    live(state, [, entry]) {
      if (!entry) return null;
      const { entered, remeasured } = lettingInOf(entry);
      const score = (value) => shown(value, TRIAL.entry.decimals);
      return fill(WORDS.live.everyone_improves, { threshold_now: shown(state.threshold, decimalsOf([state.threshold])), entered_now: score(entered), remeasured_now: score(remeasured) });
    },
  },

  gap_closes: {
    start: { current: 0, drawn: 1 },
    movable: true,
    controls: (state, answers) => [{ id: "another", kind: "button", label: WORDS.another_trial, disabled: state.drawn >= LESSON.trials, note: fill(WORDS.trial_number, { number: state.current + 1, trials: LESSON.trials }) }],
    trials: [],
    async ask(state) {
      while (this.trials.length < state.drawn) this.trials.push((await core.ask([], [trialAsk(this.trials.length)]))[0]);
      const fade = LESSON.fade_set && (await core.ask(LESSON.fade_set, [trialAsk(state.current)]))[0];
      return [...this.trials.slice(0, state.drawn), ...(fade ? [fade] : [])];
    },
    split: (answers) => (LESSON.fade_set ? [answers.slice(0, -1), answers[answers.length - 1]] : [answers, null]),
    figure(answers, state, open) {
      const [trials] = this.split(answers);
      if (!this.trials.length) this.trials.push(trials[0]);
      return gapCloses(trials, { open, current: Math.min(state.current, trials.length - 1) });
    },
    press: (state) => ({ drawn: state.drawn + 1, current: state.drawn }),
    live(state, answers) {
      const [trials, fade] = this.split(answers);
      const atEnd = (answer) => estimates(answer).find((own) => own.arm === lead() && own.week === TRIAL.end);
      const touched = trials.map(atEnd).filter((own) => own && own.lower <= 0 && own.upper >= 0).length;
      const lines = [];
      if (trials.length > 1) lines.push(fill(WORDS.live.gap_closes, { drawn_now: trials.length, touched_now: touched }));
      const change = fade && fade.results.map(againstReference).find((own) => own && own.arm === lead() && own.since !== null);
      const decimals = TRIAL.decimals;
      if (change) {
        const size = [change.estimate, change.lower, change.upper].map((value) => shown(value * TRIAL.scale, decimals));
        lines.push(fill(WORDS.fade_between, { fade_now: `${size[0]} (${size[1]} to ${size[2]})` }));
      }
      return lines.join(" ");
    },
  },

  boosters: {
    start: { n: LESSON.boosters?.n ?? 0, every: LESSON.boosters?.every ?? 4, hours: 1 },
    movable: Boolean(TRIAL.effect),
    controls: (state) => [
      { id: "n", kind: "range", label: WORDS.n_boosters, min: 0, max: 26, step: 1, value: state.n, text: (n) => shown(n, 0) },
      { id: "every", kind: "range", label: WORDS.booster_spacing, min: 1, max: 13, step: 1, value: state.every, text: weeksLabel },
      { id: "hours", kind: "number", label: WORDS.hours_per_session, min: 0.25, max: 8, step: 0.25, value: state.hours },
    ],
    to: (state) => Math.max(TRIAL.end, (TRIAL.last_session ?? 0) + state.n * state.every) + 26,
    async ask(state) {
      const weeks = this.weeks(state);
      const [withThem] = await core.ask(boosterSets(state.n, state.every), [buildUpAsk(weeks)]);
      const [without] = await core.ask([], [buildUpAsk(weeks)]);
      return [withThem, without];
    },
    weeks(state) {
      const last = TRIAL.last_session ?? 0;
      const days = [...TRIAL.sessions, ...Array.from({ length: state.n }, (_, k) => last + (k + 1) * state.every)];
      const to = this.to(state);
      const all = [...grid(to, to / 60), ...TRIAL.visits, ...days.flatMap((day) => [day - 1e-6, day]), ...days.slice(-1).map((day) => day + 26)];
      return [...new Set(all.filter((week) => week >= 0 && week <= to))].sort((a, b) => a - b);
    },
    figure: ([withThem, without], state, open) => boosters(withThem, without, { open, to: STEPS.boosters.to(state) }),
    live(state, [withThem]) {
      const own = withThem.arms[0];
      const last = Math.max(TRIAL.last_session ?? 0, ...own.sessions.map((session) => session.week));
      const sessions = TRIAL.sessions.length + state.n;
      return TRIAL.effect && fill(WORDS.live.boosters, {
        boosters_now: shown(state.n, 0), spacing_now: weeksLabel(state.every), with_now: amount(at(own, TRIAL.end)), after_now: amount(at(own, last + 26)),
        sessions_now: shown(sessions, 0), hours_now: shown(sessions * state.hours, decimalsOf([sessions * state.hours])),
      });
    },
  },

  how_big: {
    start: { n: TRIAL.per_arm },
    movable: LESSON.has_formula,
    controls: (state) => [{
      id: "log_n", kind: "range", label: WORDS.per_arm, min: Math.log(LESSON.sizes[0]), max: Math.log(LESSON.sizes[LESSON.sizes.length - 1]), step: 0.01, value: Math.log(state.n),
      text: () => shown(state.n, 0), read: (log) => ({ n: Math.round(Math.exp(log)) }),
    }],
    async ask() {
      // Sizes only are moved, and the curve is there already.
      return LESSON.start.how_big;
    },
    figure: ([answer, withBoosters], state, open, move) => howBig(answer, withBoosters, { open, n: state.n, move: (n, done) => move({ n }, done) }),
    live(state, [answer]) {
      const contrast = `${TRIAL.arm} - ${TRIAL.reference}`;
      const rows = answer.contrasts.filter((own) => own.contrast === contrast && own.formula);
      const said = rows.map((row) => `${percent(straight(row.formula.at.map((own) => [Math.log(own.n), own.power]), Math.log(state.n)))} (${weekLabel(row.week)})`);
      return rows.length ? fill(WORDS.live.how_big, { n_now: shown(state.n, 0), power_now: said.join(", ") }) : null;
    },
  },
};

/** Mean scores of everybody, of those who are let in, and of the same people the next time. */
function lettingInOf(answer) {
  const { parts } = answer.arms.find((own) => own.arm === TRIAL.reference) || answer.arms[0];
  const after = (component) => parts.filter((part) => part.component === component).pop()?.so_far;
  return { everybody: after("severity"), entered: after("selection"), remeasured: after("regression_to_the_mean") };
}
