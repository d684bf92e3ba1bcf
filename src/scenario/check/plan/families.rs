//! What a plan says of families of hypotheses: multiplicity and its graph, pairs of visits, margins; and who is a responder.

use super::super::super::MeanModel;
use super::super::super::combination::{self, At, WrittenTerm};
use super::super::super::tree::KeyPath;
use super::super::super::{
    Combination, CombinationTerm, CombinationVisit, Estimator, GraphPlan, Hypothesis, ImprovedBy, Margin,
    MultiplicityRule, Plan, Problem, Responder, Variable, VisitPair, WrittenHypothesis, WrittenMarginKind,
    WrittenMissingResponse, WrittenMultiplicity, WrittenPlan, codes,
};
use super::super::{Check, show};
use super::PlanNames;
use crate::numeric::elementary::ln;
use crate::trial::Measure;

/// Sums of shares may exceed 1 by rounding, and by no more than the procedure itself forgives.
const ROUNDING: f64 = 1e-12;

impl Check<'_> {
    /// Fills in a plan's multiplicity rule, pairs of visits and margins.
    pub(super) fn families(&mut self, written: &WrittenPlan, path: &KeyPath, names: &PlanNames<'_>, plan: &mut Plan) {
        plan.describe = written.describe.unwrap_or(false);
        plan.multiplicity = rule(written.multiplicity.unwrap_or_default());
        self.between_visits(written, path, names, plan);
        self.combinations(written, path, names, plan);
        self.rule_fits(written, path, names, plan);
        self.graph(written, path, names, plan);
        self.margins(written, path, names, plan);
    }

    fn between_visits(&mut self, written: &WrittenPlan, path: &KeyPath, names: &PlanNames<'_>, plan: &mut Plan) {
        let path = path.key("between_visits");
        let Some(list) = &written.between_visits else { return };
        if !plan.estimator.is_longitudinal() {
            let message =
                format!("`{}` models each visit on its own: visits cannot be compared", plan.estimator.name());
            self.report_key(codes::BETWEEN_VISITS, &path, message, |problem| {
                problem.help("models of all visits together are mmrm, gee and mixed_model")
            });
            return;
        }
        let by_visit = |model: &MeanModel| {
            let of_visit = |own: &Variable| matches!(own, Variable::Visit | Variable::Week);
            model.terms.iter().any(|term| term.contains(&Variable::Arm) && term.iter().any(of_visit))
        };
        if plan.model.as_ref().is_some_and(|model| !by_visit(model)) {
            let message = "the formula has no `arm*visit`: differences between arms are the same at all visits";
            self.report_key(codes::BETWEEN_VISITS, &path, message, |problem| {
                problem.help("write arm*visit into the formula")
            });
            return;
        }
        for (index, text) in list.iter().enumerate() {
            let here = path.index(index);
            let visit = |text: &str| {
                let week: f64 = text.trim().trim_start_matches("week").trim().parse().ok()?;
                names.weeks.iter().position(|&own| own == week).filter(|&visit| visit > 0)
            };
            let pair = text.split_once('-').and_then(|(later, earlier)| Some((visit(later)?, visit(earlier)?)));
            match pair {
                // Without readable visits nothing can be said of pairs of them.
                _ if names.weeks.is_empty() => {}
                Some((later, earlier)) if later != earlier => plan.between_visits.push(VisitPair { later, earlier }),
                _ => {
                    let weeks: Vec<String> = names.weeks.iter().skip(1).map(|&week| show(week)).collect();
                    self.report(codes::BETWEEN_VISITS, &here, format!("`{text}` is no pair of visits"), |problem| {
                        problem.help(format!(
                            "write two different weeks with a hyphen between them; visits are at weeks {}",
                            weeks.join(", ")
                        ))
                    });
                }
            }
        }
    }

    fn combinations(&mut self, written: &WrittenPlan, path: &KeyPath, names: &PlanNames<'_>, plan: &mut Plan) {
        let path = path.key("combinations");
        let Some(all) = &written.combinations else { return };
        if matches!(plan.estimator, Estimator::TTest(_) | Estimator::Wilcoxon | Estimator::ProportionalOdds) {
            let message = format!("`{}` has no adjusted means to combine", plan.estimator.name());
            self.report_key(codes::COMBINATION, &path, message, |problem| problem);
            return;
        }
        for (name, text) in all {
            let here = path.key(name);
            if let Some((left, right)) = name.split_once(" - ")
                && [left, right].iter().all(|arm| names.arms.iter().any(|own| own == arm))
            {
                let message = format!("`{name}` is what a contrast is called");
                self.report_key(codes::COMBINATION, &here, message, |problem| {
                    problem.help("give the combination a name of its own")
                });
            }
            match combination::parse(text) {
                Ok(terms) => {
                    if plan.estimator.is_longitudinal() {
                        self.says_when_or_nowhere(&terms, &here);
                    }
                    let terms: Vec<Option<CombinationTerm>> =
                        terms.iter().map(|term| self.combination_term(term, &here, names, plan)).collect();
                    if let Some(terms) = terms.into_iter().collect() {
                        plan.combinations.push(Combination { name: name.clone(), terms });
                    }
                }
                Err(error) => {
                    let place = self.tree.place_within(&here, error.span);
                    let help = "for example: 0.5 relaxation + 0.5 structural - usual_care";
                    self.problems.push(Problem::new(codes::COMBINATION, error.message).at(place).help(help));
                }
            }
        }
    }

    /// Where one mean names its visit, all have to: what a mean of each visit in its turn would do among them is anybody's guess.
    fn says_when_or_nowhere(&mut self, terms: &[WrittenTerm], path: &KeyPath) {
        if terms.iter().all(|term| term.at == At::Each) {
            return;
        }
        for term in terms.iter().filter(|term| term.at == At::Each) {
            let place = self.tree.place_within(path, term.span.clone());
            let message = format!("`{}` has no visit, but other means of this combination have", term.arm);
            let help = format!("write `{0}@WEEK` or `{0}@all`, or leave `@` out everywhere", term.arm);
            self.problems.push(Problem::new(codes::COMBINATION, message).at(place).help(help));
        }
    }

    fn combination_term(
        &mut self,
        term: &WrittenTerm,
        path: &KeyPath,
        names: &PlanNames<'_>,
        plan: &Plan,
    ) -> Option<CombinationTerm> {
        let place = self.tree.place_within(path, term.span.clone());
        let arm = self.position(&term.arm, names.arms, "an arm of this name", place.clone());
        let visit = match term.at {
            At::Each => Some(CombinationVisit::Each),
            At::All => Some(CombinationVisit::All),
            At::Week(week) => {
                names.weeks.iter().position(|&own| own == week).filter(|&visit| visit > 0).map(CombinationVisit::At)
            }
        };
        let weeks: Vec<String> = names.weeks.iter().skip(1).map(|&week| show(week)).collect();
        if visit.is_none() && !weeks.is_empty() {
            let help = format!("visits are at weeks {}", weeks.join(", "));
            self.problems.push(Problem::new(codes::COMBINATION, "there is no visit in this week").at(place).help(help));
        } else if term.at != At::Each && !plan.estimator.is_longitudinal() {
            let message =
                format!("`{}` models each visit on its own: visits cannot be combined", plan.estimator.name());
            let help = "leave `@` out, or use mmrm, gee or mixed_model";
            self.problems.push(Problem::new(codes::COMBINATION, message).at(place).help(help));
        }
        Some(CombinationTerm { weight: term.weight, arm: arm?, visit: visit? })
    }

    /// Whether a rule has what it needs.
    fn rule_fits(&mut self, written: &WrittenPlan, path: &KeyPath, names: &PlanNames<'_>, plan: &Plan) {
        let here = path.key("multiplicity");
        let n_arms = names.arms.len();
        let message = match plan.multiplicity {
            MultiplicityRule::MaxT if n_arms > 4 => Some("`max_t` is computed for at most four arms"),
            MultiplicityRule::TukeyKramer if plan.contrasts.len() != n_arms * n_arms.saturating_sub(1) / 2 => {
                Some("`tukey_kramer` is about all pairs of arms, but the plan does not compare all")
            }
            MultiplicityRule::MaxT | MultiplicityRule::TukeyKramer | MultiplicityRule::Scheffe
                if plan.estimator == Estimator::Wilcoxon =>
            {
                Some("ranks have no standard errors that this rule could use")
            }
            MultiplicityRule::Graph if written.graph.is_none() => {
                Some("`graph` needs the table `graph` with its hypotheses")
            }
            _ => None,
        };
        if let Some(message) = message {
            let graph = plan.multiplicity == MultiplicityRule::Graph;
            self.report(codes::MULTIPLICITY, &here, message, |problem| {
                if graph {
                    problem.help("[graph.first] contrast = \"relaxation - usual_care\", weight = 1, passes_to = { second = 1 }; and so on")
                } else {
                    problem.help("rules that fit any plan: holm, hochberg, hommel, bonferroni, fisher_lsd")
                }
            });
        }
        if written.graph.is_some() && plan.multiplicity != MultiplicityRule::Graph {
            self.report_key(
                codes::MULTIPLICITY,
                &path.key("graph"),
                "a graph is used only by the rule `graph`",
                |problem| problem.help("write multiplicity = \"graph\""),
            );
        }
    }

    fn graph(&mut self, written: &WrittenPlan, path: &KeyPath, names: &PlanNames<'_>, plan: &mut Plan) {
        let Some(written) = &written.graph else { return };
        let path = path.key("graph");
        let known: Vec<String> = written.keys().cloned().collect();
        let mut graph = GraphPlan { transitions: vec![0.0; known.len() * known.len()], ..GraphPlan::default() };
        for (position, (name, own)) in written.iter().enumerate() {
            let here = path.key(name);
            if let Some(hypothesis) = self.hypothesis(name, own, &here, names, plan) {
                graph.hypotheses.push(hypothesis);
            }
            graph.weights.push(self.graph_share(own.weight.unwrap_or(0.0), &here.key("weight")));
            let passes = here.key("passes_to");
            self.keys_among(&passes, &known, "a hypothesis of this name");
            for (other, share) in own.passes_to.iter().flatten() {
                let share = self.graph_share(*share, &passes.key(other));
                match known.iter().position(|known| known == other) {
                    Some(other) if other == position => {
                        let message = format!("`{name}` cannot pass alpha to itself");
                        self.report(codes::MULTIPLICITY, &passes, message, |problem| problem);
                    }
                    Some(other) => graph.transitions[position * known.len() + other] = share,
                    None => {}
                }
            }
            let row = &graph.transitions[position * known.len()..(position + 1) * known.len()];
            self.at_most_one(row.iter().sum(), &passes, &format!("what `{name}` passes on adds up"));
        }
        self.at_most_one(graph.weights.iter().sum(), &path, "the weights of the graph add up");
        if graph.hypotheses.len() == known.len() {
            plan.graph = Some(graph);
        }
    }

    fn graph_share(&mut self, share: f64, path: &KeyPath) -> f64 {
        if !(0.0..=1.0).contains(&share) {
            let message = format!("a share of alpha is between 0 and 1, but this is {}", show(share));
            self.report(codes::MULTIPLICITY, path, message, |problem| problem);
            return 0.0;
        }
        share
    }

    fn at_most_one(&mut self, sum: f64, path: &KeyPath, what: &str) {
        if sum > 1.0 + ROUNDING {
            let message = format!("{what} to {}, which is more than 1", show(sum));
            self.report_key(codes::MULTIPLICITY, path, message, |problem| problem);
        }
    }

    fn hypothesis(
        &mut self,
        name: &str,
        written: &WrittenHypothesis,
        path: &KeyPath,
        names: &PlanNames<'_>,
        plan: &Plan,
    ) -> Option<Hypothesis> {
        let Some(contrast) = &written.contrast else {
            self.require(&path.key("contrast"), "contrast = \"relaxation - usual_care\"");
            return None;
        };
        let here = path.key("contrast");
        let wanted = self.contrast(contrast, &here, names)?;
        let contrast = plan.contrasts.iter().position(|&own| own == wanted);
        if contrast.is_none() {
            self.report(codes::MULTIPLICITY, &here, "the plan has no such contrast", |problem| {
                problem.help("hypotheses are about contrasts of the plan, written the same way round")
            });
        }
        let outcome = match &written.outcome {
            Some(outcome) => {
                let here = path.key("outcome");
                let place = self.tree.place_within(&here, 0..outcome.len());
                self.position(outcome, names.outcomes, "an outcome of this name", place)?
            }
            None => *plan.outcomes.first()?,
        };
        if !plan.outcomes.contains(&outcome) {
            self.report(
                codes::MULTIPLICITY,
                &path.key("outcome"),
                "the plan does not analyse this outcome",
                |problem| problem,
            );
        }
        let visit = match written.week {
            None => Some(1).filter(|&visit| visit < names.weeks.len()),
            Some(week) => names.weeks.iter().position(|&own| own == week).filter(|&visit| visit > 0),
        };
        if visit.is_none() && !names.weeks.is_empty() {
            let weeks: Vec<String> = names.weeks.iter().skip(1).map(|&week| show(week)).collect();
            self.report(codes::MULTIPLICITY, &path.key("week"), "there is no visit in this week", |problem| {
                problem.help(format!("visits are at weeks {}", weeks.join(", ")))
            });
        }
        Some(Hypothesis { name: name.to_owned(), outcome, visit: visit?, contrast: contrast? })
    }

    fn margins(&mut self, written: &WrittenPlan, path: &KeyPath, names: &PlanNames<'_>, plan: &mut Plan) {
        let path = path.key("margins");
        if plan.estimator == Estimator::Wilcoxon && written.margins.is_some() {
            let message = "a shift by ranks has no standard error that could be held against a margin";
            self.report_key(codes::MARGIN, &path, message, |problem| problem.help("use t_test, welch or a model"));
            return;
        }
        for (text, own) in written.margins.iter().flatten() {
            let here = path.key(text);
            let Some(wanted) = self.contrast(text, &here, names) else { continue };
            let Some(contrast) = plan.contrasts.iter().position(|&own| own == wanted) else {
                self.report_key(codes::MARGIN, &here, format!("the plan has no contrast `{text}`"), |problem| {
                    problem.help("margins belong to contrasts of the plan, written the same way round")
                });
                continue;
            };
            let Some(margin) = own.margin else {
                self.require(&here.key("margin"), "margin = 1.5");
                continue;
            };
            let measure = plan.measure();
            let usable = match measure {
                measure if measure.is_ratio() => margin > 1.0,
                Measure::RiskDifference => margin > 0.0 && margin < 1.0,
                _ => margin > 0.0,
            };
            if !usable || !margin.is_finite() {
                let name = measure.name().replace('_', " ");
                let article = if name.starts_with('o') { "an" } else { "a" };
                let message = format!("a margin of {} cannot be for {article} {name}", show(margin));
                self.report(codes::MARGIN, &here.key("margin"), message, |problem| match measure {
                    measure if measure.is_ratio() => problem.help("write the ratio itself, above 1: margin = 1.25"),
                    Measure::RiskDifference => problem.help("write a difference of probabilities, e.g. margin = 0.1"),
                    _ => problem.help("write points above 0: margin = 1.5"),
                });
                continue;
            }
            plan.margins.push(Margin {
                contrast,
                margin: if measure.is_ratio() { ln(margin) } else { margin },
                non_inferiority: own.kind == Some(WrittenMarginKind::NonInferiority),
            });
        }
        for index in 0..plan.margins.len() {
            let needs_direction = plan.margins[index].non_inferiority;
            if needs_direction && plan.outcomes.iter().any(|&outcome| !names.about[outcome].has_direction) {
                self.report_key(codes::MARGIN, &path, "non-inferiority needs to know which way is better", |problem| {
                    problem.help("say `better = \"lower\"` or `\"higher\"` for the outcome in columns.toml")
                });
                break;
            }
        }
    }

    /// Who is a responder, per analysed outcome; empty where values are analysed as recorded.
    pub(super) fn responders(
        &mut self,
        written: &WrittenPlan,
        path: &KeyPath,
        names: &PlanNames<'_>,
        outcomes: &[usize],
    ) -> Vec<Responder> {
        let Some(all) = &written.responders else { return Vec::new() };
        let path = path.key("responders");
        self.keys_among(&path, names.outcomes, "an outcome of this name");
        let model = written.model.unwrap_or_default();
        use super::super::super::WrittenModel as Model;
        if !matches!(model, Model::ModifiedPoisson | Model::Logistic | Model::RiskDifference | Model::Gee) {
            self.report_key(codes::OTHER_MODEL, &path, "the model has no use for responders", |problem| {
                problem.help("models of responders are modified_poisson, logistic, risk_difference and gee")
            });
        }
        let mut responders = Vec::new();
        for &outcome in outcomes {
            let name = &names.outcomes[outcome];
            let here = path.key(name);
            let Some(own) = all.get(name) else {
                let message = format!("`{name}` is analysed, but it is not said who is a responder");
                self.report_key(codes::RESPONDER, &path, message, |problem| {
                    problem.help(format!("add {name} = {{ points = 3 }}, or leave it out of `outcomes`"))
                });
                continue;
            };
            let improved_by = match (own.points, own.share) {
                (Some(points), None) if points > 0.0 => Some(ImprovedBy::Points(points)),
                (None, Some(share)) if share > 0.0 && share <= 1.0 => Some(ImprovedBy::Share(share)),
                _ => None,
            };
            let about = &names.about[outcome];
            if improved_by.is_none() {
                self.report_key(
                    codes::RESPONDER,
                    &here,
                    format!("who responded in `{name}` is not clear"),
                    |problem| problem.help("write points = 3 (above 0) or share = 0.3 (above 0, at most 1), not both"),
                );
            } else if !about.at_baseline || !about.has_direction {
                let message = format!("nobody can be said to have improved in `{name}`");
                self.report_key(codes::RESPONDER, &here, message, |problem| {
                    problem.help("the outcome needs a baseline, and `better` must say which way is better")
                });
            }
            responders.push(Responder {
                improved_by: improved_by.unwrap_or(ImprovedBy::Points(1.0)),
                missing_is_no: own.missing == Some(WrittenMissingResponse::NoResponse),
            });
        }
        responders
    }
}

fn rule(written: WrittenMultiplicity) -> MultiplicityRule {
    match written {
        WrittenMultiplicity::FisherLsd => MultiplicityRule::FisherLsd,
        WrittenMultiplicity::None => MultiplicityRule::None,
        WrittenMultiplicity::Bonferroni => MultiplicityRule::Bonferroni,
        WrittenMultiplicity::Sidak => MultiplicityRule::Sidak,
        WrittenMultiplicity::Holm => MultiplicityRule::Holm,
        WrittenMultiplicity::HolmSidak => MultiplicityRule::HolmSidak,
        WrittenMultiplicity::Hochberg => MultiplicityRule::Hochberg,
        WrittenMultiplicity::Hommel => MultiplicityRule::Hommel,
        WrittenMultiplicity::BenjaminiHochberg => MultiplicityRule::BenjaminiHochberg,
        WrittenMultiplicity::BenjaminiYekutieli => MultiplicityRule::BenjaminiYekutieli,
        WrittenMultiplicity::FixedSequence => MultiplicityRule::FixedSequence,
        WrittenMultiplicity::MaxT => MultiplicityRule::MaxT,
        WrittenMultiplicity::TukeyKramer => MultiplicityRule::TukeyKramer,
        WrittenMultiplicity::Scheffe => MultiplicityRule::Scheffe,
        WrittenMultiplicity::Graph => MultiplicityRule::Graph,
    }
}
