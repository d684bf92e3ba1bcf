//! The table `[analysis]`, or `plan.toml`: names made into positions, contrasts read.

use super::super::tree::KeyPath;
use super::super::{
    CovariateSource, Estimator, MultiplicityRule, Plan, Problem, WrittenModel, WrittenMultiplicity, WrittenPlan, codes,
};
use super::{Check, show};
use crate::trial::Contrast;

/// What a plan can name.
pub(in super::super) struct PlanNames<'a> {
    /// Arms in their order.
    pub arms: &'a [String],
    /// Outcomes in their order.
    pub outcomes: &'a [String],
    /// Covariates of the data: columns of a file, or the characteristics of a scenario.
    pub covariates: &'a [String],
    /// Position of the reference arm.
    pub reference: usize,
    /// Whether each outcome is recorded at baseline.
    pub at_baseline: Vec<bool>,
    /// Positions of the outcomes that are analysed where a plan names none.
    pub usual_outcomes: Vec<usize>,
}

impl<'a> PlanNames<'a> {
    /// The names of data in which every outcome has a baseline and is analysed unless the plan says otherwise.
    pub fn of_scores(
        arms: &'a [String],
        outcomes: &'a [String],
        covariates: &'a [String],
        reference: usize,
    ) -> PlanNames<'a> {
        let n = outcomes.len();
        PlanNames {
            arms,
            outcomes,
            covariates,
            reference,
            at_baseline: vec![true; n],
            usual_outcomes: (0..n).collect(),
        }
    }
}

impl Check<'_> {
    /// The plan written at a path, in positions.
    pub(super) fn plan(&mut self, written: &WrittenPlan, path: &KeyPath, names: &PlanNames<'_>) -> Plan {
        let outcomes = self.plan_outcomes(written, path, names);
        Plan {
            estimator: match written.model.unwrap_or_default() {
                WrittenModel::Ancova => Estimator::default(),
            },
            covariates: self.covariates(written, path, names, &outcomes),
            outcomes,
            contrasts: self.contrasts(written, path, names),
            alpha: self.alpha(written, path),
            multiplicity: match written.multiplicity.unwrap_or_default() {
                WrittenMultiplicity::FisherLsd => MultiplicityRule::FisherLsd,
                WrittenMultiplicity::None => MultiplicityRule::None,
            },
            ..Plan::default()
        }
    }

    fn plan_outcomes(&mut self, written: &WrittenPlan, path: &KeyPath, names: &PlanNames<'_>) -> Vec<usize> {
        let path = path.key("outcomes");
        let Some(list) = &written.outcomes else {
            if self.tree.lacks(&path) && names.usual_outcomes.is_empty() && !names.outcomes.is_empty() {
                let message = "there is nothing to analyse: no outcome is recorded at baseline";
                self.report_key(codes::NO_BASELINE, &path, message, |problem| {
                    problem.help(
                        "analysis of covariance adjusts each outcome for its own baseline: add an outcome that has one",
                    )
                });
            }
            return names.usual_outcomes.clone();
        };
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
                if !names.at_baseline[position] {
                    let message = format!("`{name}` cannot be analysed by ancova: it is not recorded at baseline");
                    self.report(codes::NO_BASELINE, &here, message, |problem| {
                        problem.help(
                            "analysis of covariance adjusts each outcome for its own baseline: leave this one out",
                        )
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
                && !names.at_baseline[outcome]
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
