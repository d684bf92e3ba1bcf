//! The tables of `linger evaluate`: what is estimated, intervals and tests, families of contrasts, methods side by side, what failed.

use super::Shown;
use crate::analysis::Analysis;
use crate::cli::tables::{Look, outcome_title};
use crate::operating_characteristics::{
    Caveat, Claimed, ClaimedTruth, ContrastPerformance, Ended, How, Measured, MethodPair, Number, Paired, Performance,
    Proportion, StrategySource, TrueValue, VisitPerformance, claimed_strategy,
};
use crate::report::numbers::{fixed, two_digits};
use crate::scenario::Plan;
use crate::trial::{Layout, OutcomeKind};

impl Shown<'_> {
    /// Everything for a reader.
    pub(super) fn tables(&self, look: Look) -> String {
        let scenario = self.scenario();
        let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
        let performance = &self.evaluation.performance;
        let mut text = look.title(&self.title());
        text.push_str(&look.foot(&format!("{}\n", self.truth_line(plan, None, &self.evaluation.truth))));
        let main = Section { plan, layout, performance, truth: &self.evaluation.truth };
        text.push_str(&main.text(look, None));
        for (position, own) in plan.sensitivity.iter().enumerate() {
            let truth = &self.evaluation.truth.sensitivity[position];
            let section = Section { plan: own, layout, performance: &performance.sensitivity[position], truth };
            text.push_str(&format!("\n{}", look.title(&format!("Sensitivity analysis: {}", own.name))));
            text.push_str(&look.foot(&format!("{}\n", self.truth_line(own, Some(plan), truth))));
            text.push_str(&section.text(look, Some(&own.name)));
            let pairs = performance.methods.iter().filter(|pair| pair.sensitivity == position);
            text.push_str(&methods_table(look, layout, &own.name, &pairs.collect::<Vec<_>>()));
        }
        text
    }

    fn title(&self) -> String {
        let scenario = self.scenario();
        let n = self.evaluation.performance.n_replicates;
        let title = scenario.title.lines().collect::<Vec<_>>().join(" ");
        let plural = if n == 1 { "" } else { "s" };
        let participants = scenario.design.n_participants();
        let ended = match self.evaluation.ended {
            Ended::Precise => ", as many as the precision takes",
            Ended::Complete | Ended::Imprecise | Ended::BrokenOff => "",
        };
        let seed = scenario.simulation.seed;
        format!("{title} · {n} replicate{plural} of {participants} participants{ended}, seed {seed}")
    }

    /// Which method, and what its estimates are held against.
    fn truth_line(&self, plan: &Plan, main: Option<&Plan>, truth: &ClaimedTruth) -> String {
        let (strategy, source) = claimed_strategy(plan, main);
        let chosen = match source {
            StrategySource::Analysis => "as its estimand says",
            StrategySource::MainAnalysis => "as the main analysis",
            StrategySource::Default => "the default",
        };
        let cohort = self.evaluation.truth.n_participants;
        let from_cohort = || truth.fits.iter().flatten().any(|own| own.how == How::LargeCohort);
        let none = |own: &Claimed| if let How::None(reason) = own.how { Some(reason) } else { None };
        let mut all = truth.fits.iter().flatten();
        if let (true, Some(reason)) = (all.all(|own| none(own).is_some()), truth.fits.iter().flatten().find_map(none)) {
            return format!("{} · no true value: {reason}", plan.method_keys());
        }
        let how = if cohort > 0 && from_cohort() {
            format!("from {cohort} simulated participants under every arm")
        } else {
            "by integration".to_owned()
        };
        format!("{} · true values: {} ({chosen}), {how}", plan.method_keys(), strategy.label())
    }
}

/// One analysis.
struct Section<'a> {
    plan: &'a Plan,
    layout: &'a Layout,
    performance: &'a Performance,
    truth: &'a ClaimedTruth,
}

/// A row: where, what, and its numbers.
struct Row<'a> {
    visit: String,
    name: String,
    own: &'a ContrastPerformance,
    claimed: &'a Claimed,
    /// Whether the multiplicity rule applies to it.
    is_tested: bool,
}

impl Section<'_> {
    fn text(&self, look: Look, name: Option<&str>) -> String {
        let mut text = String::new();
        for &outcome in &self.plan.outcomes {
            let rows = self.rows(look, outcome);
            let of = name.map(|name| format!(" · {name}")).unwrap_or_default();
            text.push_str(&format!("\n{}", look.title(&format!("{}{of}", outcome_title(self.layout, outcome)))));
            text.push_str(&self.estimates(look, outcome, &rows));
            text.push_str(&format!("\n{}", self.tests(look, &rows)));
            text.push_str(&format!("\n{}", self.families(look, outcome)));
        }
        if self.performance.any_null_rejected.of > 0 {
            let share = share(self.performance.any_null_rejected);
            text.push_str(&look.foot(&format!(
                "\nFamily-wise error over all outcomes and visits: {share} of trials reject a contrast without a difference.\n"
            )));
        }
        text.push_str(&self.caveats(look));
        text.push_str(&self.failures(look));
        text
    }

    fn rows(&self, look: Look, outcome: usize) -> Vec<Row<'_>> {
        let layout = self.layout;
        let empty = Analysis::empty(self.plan, layout);
        let names: Vec<String> = self.plan.contrasts.iter().map(|&contrast| layout.contrast_name(contrast)).collect();
        let mut rows = Vec::new();
        let label = |first: bool, label: String| if first || look == Look::Markdown { label } else { String::new() };
        for (visit, claimed) in self.performance.visits.iter().zip(&self.truth.fits) {
            if visit.outcome != outcome {
                continue;
            }
            for (position, ((name, own), claimed)) in names.iter().zip(&visit.contrasts).zip(claimed).enumerate() {
                let visit = label(position == 0, layout.visits[visit.visit].label());
                rows.push(Row { visit, name: name.clone(), own, claimed, is_tested: true });
            }
        }
        let pairs = empty.between_visits.iter().zip(&self.performance.between_visits);
        for ((pair, contrasts), claimed) in pairs.zip(&self.truth.between_visits) {
            if pair.outcome != outcome {
                continue;
            }
            let week = |visit: usize| layout.visits[visit].week;
            let weeks = format!("{} - {}", week(pair.visits.later), week(pair.visits.earlier));
            for (position, ((name, own), claimed)) in names.iter().zip(contrasts).zip(claimed).enumerate() {
                let visit = label(position == 0, weeks.clone());
                rows.push(Row { visit, name: name.clone(), own, claimed, is_tested: false });
            }
        }
        let combinations = empty.combinations.iter().zip(&self.performance.combinations);
        for ((fit, own), claimed) in combinations.zip(&self.truth.combinations) {
            if fit.outcome == outcome {
                let visit = fit.visit.map_or_else(|| "all visits".to_owned(), |visit| layout.visits[visit].label());
                let name = self.plan.combinations[fit.combination].name.clone();
                rows.push(Row { visit, name, own, claimed, is_tested: false });
            }
        }
        rows
    }

    /// Decimals of an outcome's estimates: as many as show two digits of the smallest Monte Carlo error.
    fn decimals(rows: &[Row<'_>]) -> usize {
        let errors = rows.iter().filter_map(|row| row.own.measure(Measured::MeanEstimate, None)?.mcse);
        errors.filter(|error| *error > 0.0).reduce(f64::min).map_or(2, |error| two_digits(error).clamp(2, 6))
    }

    fn estimates(&self, look: Look, outcome: usize, rows: &[Row<'_>]) -> String {
        let measures =
            ["true value", "average", "bias", "relative bias", "empirical SE", "model SE", "its error", "MSE"];
        let heading = ["Visit", "Contrast"].into_iter().chain(measures);
        let mut sheet = look.table(heading.collect(), 2);
        let decimals = Self::decimals(rows);
        for row in rows {
            let truth = true_value(row.claimed);
            let measure = |measured| row.own.measure(measured, truth);
            let number = |measured| with_error(measure(measured), decimals);
            sheet.row(vec![
                row.visit.clone(),
                row.name.clone(),
                with_error(
                    truth.map(|truth| Number {
                        value: truth.value,
                        mcse: Some(truth.mcse).filter(|own| *own > 0.0),
                        n: 0,
                    }),
                    decimals,
                ),
                number(Measured::MeanEstimate),
                number(Measured::Bias),
                percent(measure(Measured::RelativeBias)),
                number(Measured::EmpiricalSe),
                number(Measured::ModelSe),
                percent(measure(Measured::ModelSeError)),
                number(Measured::MeanSquaredError),
            ]);
        }
        sheet.drop_where_narrow(&[9, 5, 3]);
        let scale = match (self.plan.measure().is_ratio(), &self.layout.outcomes[outcome].kind) {
            (true, _) => "Estimates as logarithms of ratios. ",
            (false, OutcomeKind::Binary) => "Estimates as differences of shares. ",
            _ => "",
        };
        let heading = look.heading(&format!("{scale}In brackets: Monte Carlo standard errors"));
        format!("{heading}{}", sheet.text())
    }

    fn tests(&self, look: Look, rows: &[Row<'_>]) -> String {
        let level = crate::report::numbers::level(self.plan.alpha);
        let heading = [
            "Visit".to_owned(),
            "Contrast".to_owned(),
            format!("coverage of {level} intervals"),
            "about the average".to_owned(),
            "width".to_owned(),
            format!("power, p < {}", self.plan.alpha),
            "after the rule".to_owned(),
            "no estimate".to_owned(),
        ];
        let mut sheet = look.table(heading.to_vec(), 2);
        let decimals = Self::decimals(rows);
        for row in rows {
            let adjusted = if row.is_tested { share(row.own.rejected_adjusted) } else { String::new() };
            let failed = row.own.failed();
            sheet.row(vec![
                row.visit.clone(),
                row.name.clone(),
                share(row.own.covered),
                share(row.own.recentred),
                with_error(row.own.measure(Measured::Width, None), decimals),
                share(row.own.rejected),
                adjusted,
                if failed == 0 { "0".to_owned() } else { format!("{failed}") },
            ]);
        }
        sheet.drop_where_narrow(&[4, 3]);
        sheet.text()
    }

    /// The contrasts of a visit together.
    fn families(&self, look: Look, outcome: usize) -> String {
        let visits: Vec<&VisitPerformance> =
            self.performance.visits.iter().filter(|visit| visit.outcome == outcome).collect();
        let has_null = visits.iter().any(|visit| visit.any_null_rejected.of > 0);
        let mut heading: Vec<String> =
            ["Visit", "analysed", "all arms", "gate open", "any contrast", "all contrasts"].map(str::to_owned).to_vec();
        if has_null {
            heading.push("family-wise error".to_owned());
        }
        let margins = self.plan.margins.iter().map(|margin| {
            let kind = if margin.non_inferiority { "not inferior" } else { "equivalent" };
            format!("{kind}: {}", self.layout.contrast_name(self.plan.contrasts[margin.contrast]))
        });
        heading.extend(margins);
        let mut sheet = look.table(heading, 1);
        for visit in visits {
            let mut cells = vec![
                self.layout.visits[visit.visit].label(),
                with_error(Number::of(&visit.n), 1),
                share(visit.omnibus_rejected),
                share(visit.gate_open),
                share(visit.any_rejected),
                share(visit.all_rejected),
            ];
            if has_null {
                cells.push(share(visit.any_null_rejected));
            }
            cells.extend(visit.margins.iter().map(|&shown| share(shown)));
            sheet.row(cells);
        }
        let rule = self.plan.multiplicity.name();
        let heading = format!("Power of the contrasts together, multiplicity rule {rule}");
        let of = "Power counts p-values below alpha in either direction, among trials with an estimate; of several contrasts together among all trials.";
        format!("{}{}{}", look.heading(&heading), sheet.text(), look.foot(&format!("{of}\n")))
    }

    /// What sets estimates apart from the true values beside bias, and where there is no true value.
    fn caveats(&self, look: Look) -> String {
        let all = || {
            let fits = self.truth.fits.iter().flatten().chain(self.truth.between_visits.iter().flatten());
            fits.chain(&self.truth.combinations)
        };
        let mut notes: Vec<String> = Vec::new();
        let mut note = |text: String| {
            if !notes.contains(&text) {
                notes.push(text);
            }
        };
        for claimed in all() {
            claimed.caveats.iter().for_each(|caveat: &Caveat| note(caveat.label().to_owned()));
            if let How::None(reason) = claimed.how {
                note(format!("no true value: {reason}"));
            }
        }
        notes.iter().map(|text| look.foot(&format!("note: {text}\n"))).collect()
    }

    /// What failed, how often, where to look, and what it could do to the numbers.
    fn failures(&self, look: Look) -> String {
        let reasons = self.performance.reasons();
        if reasons.is_empty() {
            return String::new();
        }
        let n = self.performance.n_replicates;
        let of_all = share(Proportion { hits: self.performance.incomplete, of: n });
        let title =
            format!("Without an estimate of everything: {} of {n} replicates ({of_all})", self.performance.incomplete);
        let mut sheet = look.table(vec!["Reason", "replicates", "first of them"], 1);
        for (reason, replicates) in reasons {
            let first: Vec<String> = replicates.first().iter().map(ToString::to_string).collect();
            sheet.row(vec![reason.label().to_owned(), replicates.n.to_string(), first.join(", ")]);
        }
        let mut text = format!("\n{}{}", look.title(&title), sheet.text());
        let heading = ["Visit", "Contrast", "no estimate", "average between", "power between"].map(str::to_owned);
        let mut bounds = look.grouped_table("Outcome", heading.to_vec(), 2);
        for &outcome in &self.plan.outcomes {
            bounds.group(&self.layout.outcomes[outcome].label);
            // Every row names its visit, since not all of a visit are here.
            let rows = self.rows(Look::Markdown, outcome);
            let decimals = Self::decimals(&rows);
            for row in rows.iter().filter(|row| row.own.failed() > 0) {
                let average = row
                    .own
                    .mean_bounds()
                    .map_or_else(dash, |[low, high]| format!("{} and {}", fixed(low, decimals), fixed(high, decimals)));
                let power = row.own.power_bounds(false).map_or_else(dash, |[low, high]| {
                    format!("{}% and {}%", fixed(100.0 * low, 2), fixed(100.0 * high, 2))
                });
                sheet_row(&mut bounds, row, [row.own.failed().to_string(), average, power]);
            }
        }
        text.push_str(&format!(
            "\n{}{}",
            look.heading("What these could have done: estimates anywhere among those seen, all rejected or none"),
            bounds.text()
        ));
        text
    }
}

fn sheet_row(sheet: &mut crate::cli::tables::Sheet, row: &Row<'_>, cells: [String; 3]) {
    sheet.row([row.visit.clone(), row.name.clone()].into_iter().chain(cells).collect());
}

/// A sensitivity analysis beside the main one on the same replicates.
fn methods_table(look: Look, layout: &Layout, name: &str, pairs: &[&MethodPair]) -> String {
    if pairs.is_empty() {
        return String::new();
    }
    let heading =
        ["Visit", "Contrast", "average estimate", "gain in precision", "power, points", "after the rule, points"];
    let mut sheet = look.table(heading.to_vec(), 2);
    let mut last = None;
    for pair in pairs {
        let place = Some((pair.outcome, pair.visit));
        let visit =
            if last == place && look == Look::Terminal { String::new() } else { layout.visits[pair.visit].label() };
        last = place;
        let difference = |paired: &Paired| Number::of(&paired.difference);
        let estimate = pair.estimate.as_ref().and_then(difference);
        let decimals = estimate.and_then(|own| own.mcse).filter(|own| *own > 0.0).map_or(3, two_digits);
        sheet.row(vec![
            visit,
            layout.contrast_name(pair.contrast),
            with_error(estimate, decimals.clamp(2, 6)),
            percent(pair.gain_in_precision()),
            points(difference(&pair.rejected)),
            points(difference(&pair.rejected_adjusted)),
        ]);
    }
    let heading = format!("{name} less main analysis, on the same replicates");
    format!("\n{}{}", look.heading(&heading), sheet.text())
}

fn true_value(claimed: &Claimed) -> Option<TrueValue> {
    claimed.value.map(|value| TrueValue { value, mcse: claimed.mcse.unwrap_or(0.0) })
}

fn dash() -> String {
    "-".to_owned()
}

/// `-2.903 (0.004)`.
fn with_error(number: Option<Number>, decimals: usize) -> String {
    match number {
        Some(Number { value, mcse: Some(mcse), .. }) => {
            // An error is never shown as 0 where it is not.
            let own = if mcse > 0.0 { decimals.max(two_digits(mcse).saturating_sub(1)) } else { decimals };
            format!("{} ({})", fixed(value, decimals), fixed(mcse, own))
        }
        Some(Number { value, .. }) => fixed(value, decimals),
        None => dash(),
    }
}

/// A difference of shares, `-5.0 (2.2)`, in percentage points.
fn points(number: Option<Number>) -> String {
    percent(number).replace('%', "")
}

/// `80.1% (0.4)`, in per cent with two decimals of the error where it is below one tenth. Where nothing or everything was hit the
/// error would be 0, and the end of the exact 95 % interval stands instead: `100% (over 99.4)`.
fn share(own: Proportion) -> String {
    let ends = own.clopper_pearson(0.05).map(|ends| ends.map(|end| 100.0 * end));
    match ends {
        Some([_, upper]) if own.hits == 0 => format!("0% (under {})", fixed(upper, two_digits(upper).clamp(2, 4) - 1)),
        Some([lower, _]) if own.hits == own.of => {
            format!("100% (over {})", fixed(lower, two_digits(100.0 - lower).clamp(2, 4) - 1))
        }
        _ => percent(own.into()),
    }
}

fn percent(number: Option<Number>) -> String {
    let Some(number) = number else { return dash() };
    let decimals = number.mcse.filter(|mcse| *mcse > 0.0).map_or(1, |mcse| (two_digits(100.0 * mcse)).clamp(1, 3) - 1);
    let decimals = decimals.max(1);
    match number.mcse {
        Some(mcse) => format!("{}% ({})", fixed(100.0 * number.value, decimals), fixed(100.0 * mcse, decimals)),
        None => format!("{}%", fixed(100.0 * number.value, decimals)),
    }
}
