// The paragraph in common language: each sentence follows from the numbers, and from nothing else.
"use strict";

class Say {
  constructor(movable, about, { courses, parts, power }) {
    Object.assign(this, { movable, about, courses, parts, power });
    this.amounts = movable.amounts;
    this.name = (arm) => inside(about.arms.find((own) => own.name === arm).label);
    this.reference = about.arms.find((own) => own.reference) || about.arms[about.arms.length - 1];
    // What follows names the first and the last visit after baseline.
    const after = about.visits.slice(1);
    this.ends = after.length > 1 ? [after[0], after[after.length - 1]] : after;
  }

  /** The sentences about some arms, in paragraphs. */
  paragraphs(arms) {
    const lead = arms[0];
    const first = [...this.schedules(arms), ...this.fading(arms)];
    const second = [...arms.map((arm) => this.gap(arm)), ...this.small(arms), this.change()];
    return [first, second, this.powers(lead)].map((sentences) => sentences.filter(Boolean).join(" ")).filter(Boolean);
  }

  /** What the reader is to bear in mind. */
  built() {
    const acts = this.movable.treated.map((arm) => Movable.act(this.about, arm.name, this.movable.outcome.name)).filter((own) => own && own.per_session);
    if (!acts.length) return word("say.assumption");
    const fades = acts.some((own) => own.half_life_weeks !== null && own.lasting_share < 1);
    return `${word(fades ? "say.built" : "say.built_lasting")} ${word("say.assumption")}`;
  }

  /** The sessions of each arm; arms with the same share a sentence. */
  schedules(arms) {
    const plans = new Map();
    for (const arm of arms) plans.set(this.schedule(arm), [...(plans.get(this.schedule(arm)) || []), this.name(arm)]);
    return [...plans].map(([sessions, names]) => word("say.schedule", { arm: opened(listed(names)), sessions }));
  }

  schedule(arm) {
    const own = this.about.arms.find((one) => one.name === arm);
    const course = own.sessions.filter((session) => !session.booster).map((session) => session.week);
    const boosters = own.sessions.filter((session) => session.booster).map((session) => session.week);
    const apart = (weeks) => weeksOf(Number((weeks[1] - weeks[0]).toFixed(6)));
    let sessions = course.length > 1 ? word("say.n_sessions", { n: brief(course.length), every: apart(course) }) : word(course.length ? "say.one_session" : "say.no_sessions");
    if (boosters.length > 1) sessions += word("say.with_boosters", { n: brief(boosters.length), every: apart(boosters) });
    if (boosters.length === 1) sessions += word("say.one_booster");
    return sessions;
  }

  /** How the benefit of a session fades, once for arms that share it. */
  fading(arms) {
    if (this.movable.outcome.stated) return [word("say.stated")];
    const said = arms.map((arm) => {
      const own = Movable.act(this.about, arm, this.movable.outcome.name);
      if (!own || !own.per_session) return word("say.does_nothing");
      if (own.half_life_weeks === null || own.lasting_share >= 1) return word("say.stays");
      const values = { half_life: half(own.half_life_weeks), share: percent(own.lasting_share) };
      return word(own.lasting_share > 0 ? "say.fades_in_part" : "say.fades", values);
    });
    const kinds = [...new Set(said)];
    if (kinds.length === 1) return kinds;
    return said.map((text, n) => `${opened(this.name(arms[n]))}: ${inside(text)}`);
  }

  at(arm, week) {
    const n = this.courses.weeks.indexOf(week);
    return n < 0 ? null : this.courses.arms.find((own) => own.arm === arm).difference[n];
  }

  gap(arm) {
    const reference = inside(this.reference.label);
    let before = false;
    const parts = this.ends.map((visit, n) => {
      const value = this.at(arm, visit.week);
      const values = { arm: this.name(arm), reference, week: visit.label, size: this.amounts.of(value), better: word(value * this.movable.sign > 0 ? "say.better" : "say.worse") };
      const none = this.amounts.isNone(value);
      const kind = none ? (n ? (before ? "gap_none_again" : "gap_none_more") : "gap_none") : n ? (before ? "gap_but" : "gap_more") : "gap";
      before = none;
      return word(`say.${kind}`, values);
    });
    return `${opened(parts.join(""))}.`;
  }

  /** Whether the last difference is below what matters. */
  small(arms) {
    const matters = this.movable.outcome.meaningful;
    const last = this.ends[this.ends.length - 1];
    if (!matters || !last) return [];
    const all = arms.every((arm) => Math.abs(this.at(arm, last.week)) < matters && !this.amounts.isNone(this.at(arm, last.week)));
    return all ? [word("say.small", { week: last.label, meaningful: this.amounts.short(matters) })] : [];
  }

  change() {
    const own = this.parts.arms?.find((arm) => arm.arm === this.reference.name);
    if (!own) return "";
    const benefit = this.movable.sign * (own.expected - own.at_entry);
    if (this.amounts.isNone(benefit)) return "";
    const share = (value) => this.amounts.plain(this.movable.sign * value * Math.sign(benefit));
    const values = { reference: this.reference.label, size: this.amounts.of(benefit), week: this.ends[this.ends.length - 1].label, regression: share(own.change.regression), natural: share(own.change.natural_course) };
    const rest = own.change.sessions + own.change.other;
    return opened(word(benefit > 0 ? "say.change_better" : "say.change_worse", values)) + (this.amounts.isNone(rest) ? "" : word("say.change_rest"));
  }

  /** Power of one arm against the reference at the first and the last visit, and what 80% would take. */
  powers(arm) {
    const rows = (this.power.contrasts || []).filter((row) => row.contrast === `${arm} - ${this.reference.name}` && this.ends.some((visit) => visit.week === row.week));
    const known = rows.filter((row) => row.formula);
    if (!known.length) return rows.length ? [word("say.no_formula")] : [];
    const week = (row) => this.about.visits.find((visit) => visit.week === row.week).label;
    const powers = known.map((row, n) => word(n ? "say.power_more" : "say.power", { n: brief(this.power.per_arm, 0), week: week(row), power: chance(row.formula.own.power) }));
    const needed = known.map((row, n) => word(n ? "say.needed_more" : "say.needed", { week: week(row), n: row.formula.smallest === null ? word("say.needed_none") : brief(row.formula.smallest, 0) }));
    const subject = this.movable.treated.length > 1 ? `${opened(this.name(arm))}: ${inside(powers.join(""))}.` : `${powers.join("")}.`;
    const { ignores } = known[0].formula;
    return [subject, `${needed.join("")}.`, ignores.length ? word("say.ignores", { what: listed(ignores) }) : ""];
  }
}
