//! The table `[analysis]`, or `plan.toml`: names made into positions, contrasts read.

mod families;
mod formula;
mod imputation;
mod method;

use super::super::tree::KeyPath;
use super::super::{Combination, CovariateSource, Plan, Problem, WrittenPlan, codes};
use super::{Check, show};
use crate::trial::{Contrast, Layout, OutcomeKind};

/// What a plan can name.
pub(in super::super) struct PlanNames<'a> {
    /// Arms in their order.
    pub arms: &'a [String],
    /// Outcomes in their order.
    pub outcomes: &'a [String],
    /// Covariates of the data: columns of a file, or the characteristics of a scenario.
    pub covariates: &'a [String],
    /// Their levels; `None` for numbers.
    pub levels: Vec<Option<Vec<String>>>,
    /// Position of the reference arm.
    pub reference: usize,
    /// Weeks of the visits, the baseline first.
    pub weeks: Vec<f64>,
    /// What is known of each outcome.
    pub about: Vec<OutcomeNames>,
    /// Positions of the outcomes that are analysed where a plan names none.
    pub usual_outcomes: Vec<usize>,
    /// Reasons for being lost, where they are known.
    pub reasons: Vec<String>,
    /// Intercurrent events, where they are known.
    pub events: Vec<String>,
    /// Whether it is known who stopped the sessions.
    pub knows_sessions: bool,
    /// Seed of imputations that have none of their own.
    pub seed: u64,
}

/// What a plan has to know of an outcome.
pub(in super::super) struct OutcomeNames {
    /// Whether it is recorded at baseline.
    pub at_baseline: bool,
    /// Its kind, where it is known for sure.
    pub kind: Option<OutcomeKind>,
    /// The kind that it is imputed as: what is not said to be another is a score.
    pub imputed_as: OutcomeKind,
    /// Whether it is known which way is better.
    pub has_direction: bool,
}

impl<'a> PlanNames<'a> {
    /// The names of data with such a layout: every outcome that has a baseline is analysed unless the plan says otherwise.
    pub fn of_layout(
        (arms, outcomes, covariates): (&'a [String], &'a [String], &'a [String]),
        levels: Vec<Option<Vec<String>>>,
        layout: &Layout,
    ) -> PlanNames<'a> {
        // A file need not say that a column of 0 and 1 is no score.
        let kind = |kind: &OutcomeKind| (*kind != OutcomeKind::Score).then(|| kind.clone());
        let about = layout.outcomes.iter().map(|outcome| OutcomeNames {
            at_baseline: outcome.at_baseline,
            kind: kind(&outcome.kind),
            imputed_as: outcome.kind.clone(),
            has_direction: outcome.better.is_some(),
        });
        PlanNames {
            arms,
            outcomes,
            covariates,
            levels,
            reference: layout.reference_arm(),
            weeks: layout.visits.iter().map(|visit| visit.week).collect(),
            about: about.collect(),
            usual_outcomes: usual_outcomes(layout),
            reasons: Vec::new(),
            events: Vec::new(),
            knows_sessions: false,
            seed: SEED_OF_FILES,
        }
    }
}

/// Seed of imputations of data files whose plan has none.
const SEED_OF_FILES: u64 = 1;

/// What is analysed of data where a plan names nothing: scores, or where there are none all that has a baseline.
fn usual_outcomes(layout: &Layout) -> Vec<usize> {
    let with_baseline = (0..layout.outcomes.len()).filter(|&outcome| layout.outcomes[outcome].at_baseline);
    let scores: Vec<usize> =
        with_baseline.clone().filter(|&outcome| layout.outcomes[outcome].kind == OutcomeKind::Score).collect();
    if scores.is_empty() { with_baseline.collect() } else { scores }
}

impl Check<'_> {
    /// The plan written at a path, in positions.
    pub(super) fn plan(&mut self, written: &WrittenPlan, path: &KeyPath, names: &PlanNames<'_>) -> Plan {
        let mut plan = self.method(written, path, names);
        plan.contrasts = self.contrasts(written, path, names);
        plan.alpha = self.alpha(written, path);
        self.families(written, path, names, &mut plan);
        for (index, own) in written.sensitivity.iter().flatten().enumerate() {
            let path = path.key("sensitivity").index(index);
            let other = self.sensitivity(&own.plan(written), &path, names, &plan);
            let name = own.name.clone().unwrap_or_else(|| other.estimator.name().to_owned());
            if name == "main" || plan.sensitivity.iter().any(|earlier| earlier.name == name) {
                let message = format!("another analysis is called `{name}` already");
                self.report_key(codes::LISTED_TWICE, &path.key("name"), message, |problem| {
                    problem.help("give each sensitivity analysis a `name` of its own")
                });
            }
            plan.sensitivity.push(Plan { name, ..other });
        }
        plan
    }

    /// A sensitivity analysis: a method of its own for the main plan's outcomes and contrasts.
    fn sensitivity(&mut self, merged: &WrittenPlan, path: &KeyPath, names: &PlanNames<'_>, main: &Plan) -> Plan {
        let before: Vec<Problem> = self.problems.iter().cloned().collect();
        let plan = self.method(merged, path, names);
        // What is inherited and wrong has been reported at its own place.
        self.problems.retain_new(&before);
        Plan {
            contrasts: main.contrasts.clone(),
            alpha: main.alpha,
            multiplicity: main.multiplicity,
            graph: main.graph.clone(),
            combinations: if plan.estimator.is_longitudinal()
                || !main.combinations.iter().any(Combination::is_over_visits)
            {
                main.combinations.clone()
            } else {
                Vec::new()
            },
            between_visits: if plan.estimator.is_longitudinal() { main.between_visits.clone() } else { Vec::new() },
            ..plan
        }
    }

    /// The outcomes that a plan lists, or the usual ones.
    fn plan_outcomes(
        &mut self,
        written: &WrittenPlan,
        path: &KeyPath,
        names: &PlanNames<'_>,
        usual: Vec<usize>,
    ) -> Vec<usize> {
        let path = path.key("outcomes");
        let Some(list) = &written.outcomes else { return usual };
        if list.is_empty() {
            self.report(codes::LISTED_TWICE, &path, "the list of outcomes is empty", |problem| {
                problem.help("leave it out to analyse all outcomes")
            });
        }
        let mut positions = Vec::new();
        for (index, name) in list.iter().enumerate() {
            let here = path.index(index);
            let place = self.tree.place_within(&here, 0..name.len());
            if let Some(position) = self.position(name, names.outcomes, "an outcome of this name", place) {
                if positions.contains(&position) {
                    self.report(codes::LISTED_TWICE, &here, format!("outcome `{name}` is listed twice"), |problem| {
                        problem
                    });
                }
                positions.push(position);
            }
        }
        positions
    }

    fn covariates(
        &mut self,
        written: &WrittenPlan,
        path: &KeyPath,
        names: &PlanNames<'_>,
        outcomes: &[usize],
    ) -> Vec<CovariateSource> {
        let path = path.key("covariates");
        let columns = names.covariates;
        let analysed_alone = outcomes.len() == 1 && written.outcomes.as_ref().is_none_or(|list| list.len() == 1);
        let mut sources = Vec::new();
        for (index, name) in written.covariates.iter().flatten().enumerate() {
            let here = path.index(index);
            let source = if let Some(outcome) = names.outcomes.iter().position(|known| known == name) {
                CovariateSource::BaselineOf(outcome)
            } else if let Some(column) = columns.iter().position(|known| known == name) {
                CovariateSource::Column(column)
            } else {
                let known: Vec<String> = names.outcomes.iter().chain(columns).cloned().collect();
                let place = self.tree.place_within(&here, 0..name.len());
                self.position(name, &known, "a covariate of this name", place);
                continue;
            };
            if sources.contains(&source) {
                self.report(codes::LISTED_TWICE, &here, format!("covariate `{name}` is listed twice"), |problem| {
                    problem
                });
            }
            if let CovariateSource::BaselineOf(outcome) = source
                && !names.about[outcome].at_baseline
            {
                let message = format!("`{name}` cannot be a covariate: it is not recorded at baseline");
                self.report(codes::NO_BASELINE, &here, message, |problem| {
                    problem.help("only what is known before randomisation is adjusted for")
                });
            }
            if analysed_alone && source == CovariateSource::BaselineOf(outcomes[0]) {
                let message = format!("the baseline of `{name}` is a covariate of `{name}` anyhow");
                self.report(codes::LISTED_TWICE, &here, message, |problem| problem.label("take it out"));
            }
            sources.push(source);
        }
        sources
    }

    fn contrasts(&mut self, written: &WrittenPlan, path: &KeyPath, names: &PlanNames<'_>) -> Vec<Contrast> {
        let Some(list) = &written.contrasts else { return Contrast::all_pairs(names.arms.len(), names.reference) };
        let path = path.key("contrasts");
        if list.is_empty() {
            self.report(codes::CONTRAST, &path, "the list of contrasts is empty", |problem| {
                problem.help("leave it out to compare every pair of arms")
            });
        }
        let mut contrasts: Vec<(Contrast, &str)> = Vec::new();
        for (index, text) in list.iter().enumerate() {
            let here = path.index(index);
            let Some(contrast) = self.contrast(text, &here, names) else { continue };
            let earlier = contrasts.iter().find(|(other, _)| {
                (other.arm, other.versus) == (contrast.arm, contrast.versus)
                    || (other.arm, other.versus) == (contrast.versus, contrast.arm)
            });
            if let Some((_, other)) = earlier {
                let message = format!("`{text}` compares the same arms as `{other}`");
                self.report(codes::CONTRAST, &here, message, |problem| problem.label("take one of them out"));
            }
            contrasts.push((contrast, text));
        }
        contrasts.into_iter().map(|(contrast, _)| contrast).collect()
    }

    /// Two arms of a text such as `relaxation - usual_care`.
    pub(super) fn contrast(&mut self, text: &str, path: &KeyPath, names: &PlanNames<'_>) -> Option<Contrast> {
        let Some((left, right)) = text.split_once(" - ") else {
            let problem = Problem::new(codes::CONTRAST, format!("`{text}` is not a contrast"))
                .at(self.tree.place(path))
                .suggest(spaced(text, names.arms))
                .help(format!("write two arms with ` - ` between them; arms are {}", names.arms.join(", ")));
            self.problems.push(problem);
            return None;
        };
        let what = "contrast names an arm that";
        let mut side = |part: &str| {
            // Both parts are slices of `text`, so that the difference of their addresses is the offset in it.
            let name = part.trim();
            let start = name.as_ptr() as usize - text.as_ptr() as usize;
            let place = self.tree.place_within(path, start..start + name.len());
            self.position(name, names.arms, what, place)
        };
        let (arm, versus) = (side(left), side(right));
        let (arm, versus) = (arm?, versus?);
        if arm == versus {
            let message = format!("`{text}` compares an arm with itself");
            self.report(codes::CONTRAST, path, message, |problem| {
                problem.help(format!("arms are {}", names.arms.join(", ")))
            });
            return None;
        }
        Some(Contrast { arm, versus })
    }

    fn alpha(&mut self, written: &WrittenPlan, path: &KeyPath) -> f64 {
        let alpha = written.alpha.unwrap_or(0.05);
        if !(alpha > 0.0 && alpha <= 0.5) {
            let message = format!("`alpha` must be above 0 and at most 0.5, but is {}", show(alpha));
            self.report(codes::ALPHA, &path.key("alpha"), message, |problem| match alpha {
                percent if (1.0..=50.0).contains(&percent) => {
                    problem.label(format!("{} % is written {}", show(percent), show(percent / 100.0)))
                }
                level if level > 0.5 && level <= 0.999 => {
                    problem.label(format!("for intervals of {} % write {}", show(100.0 * level), show(1.0 - level)))
                }
                _ => problem,
            });
        }
        alpha
    }
}

/// A contrast written without its spaces, with them.
fn spaced(text: &str, arms: &[String]) -> Option<String> {
    text.match_indices(['-', '−', '–']).find_map(|(at, sign)| {
        let (left, right) = (text[..at].trim(), text[at + sign.len()..].trim());
        let known = |name: &str| arms.iter().any(|arm| arm == name);
        (known(left) && known(right)).then(|| format!("{left} - {right}"))
    })
}
