//! The formula of a plan: its names looked up among columns, in our words or ADaM's.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::super::formula::{self, Name};
use super::super::super::tree::KeyPath;
use super::super::super::{CovariateSource, MeanModel, Problem, Response, Variable, WrittenPlan, codes, nearest};
use super::super::Check;
use super::PlanNames;

/// What columns are called in formulas: our name, the ADaM-style one, and what it means.
const VARIABLES: [(&str, &str, Variable); 4] = [
    ("baseline", "BASE", Variable::Baseline),
    ("arm", "TRT01P", Variable::Arm),
    ("visit", "AVISIT", Variable::Visit),
    ("week", "AVISITN", Variable::Week),
];

/// What can be modelled.
const RESPONSES: [(&str, &str, Response); 2] =
    [("value", "AVAL", Response::Value), ("change", "CHG", Response::Change)];

impl Check<'_> {
    /// The mean model of a plan's formula, if it has one that can be read.
    pub(super) fn formula(
        &mut self,
        written: &WrittenPlan,
        path: &KeyPath,
        names: &PlanNames<'_>,
    ) -> Option<MeanModel> {
        let text = written.formula.as_ref()?;
        let here = path.key("formula");
        let formula = match formula::parse(text) {
            Ok(formula) => formula,
            Err(error) => {
                self.formula_problem(&here, error.span, error.message, None);
                return None;
            }
        };
        let response = RESPONSES.iter().find(|(own, adam, _)| [own, adam].contains(&&formula.response.text.as_str()));
        if response.is_none() {
            let message = format!("`{}` cannot be modelled", formula.response.text);
            let suggestion = nearest(&formula.response.text, RESPONSES.iter().flat_map(|(own, adam, _)| [*own, *adam]));
            self.formula_problem(&here, formula.response.span.clone(), message, suggestion.map(str::to_owned));
        }
        // A name of a crossing stands in several terms; what is wrong with it is said once.
        let mut known: BTreeMap<usize, Option<Variable>> = BTreeMap::new();
        let terms: Vec<Option<Vec<Variable>>> = formula
            .terms
            .iter()
            .map(|term| {
                let variable =
                    |name: &Name| *known.entry(name.span.start).or_insert_with(|| self.variable(name, &here, names));
                term.iter().map(variable).collect()
            })
            .collect();
        let terms: Vec<Vec<Variable>> = terms.into_iter().collect::<Option<_>>()?;
        if !terms.iter().flatten().any(|&variable| variable == Variable::Arm) {
            self.formula_problem(
                &here,
                0..text.len(),
                "the formula has no `arm`: there is nothing to compare".to_owned(),
                None,
            );
        }
        if terms.iter().any(|term| term.contains(&Variable::Visit) && term.contains(&Variable::Week)) {
            self.formula_problem(
                &here,
                0..text.len(),
                "`visit` and `week` cannot stand in one product".to_owned(),
                None,
            );
        }
        Some(MeanModel { response: response?.2, terms })
    }

    /// The variable of a name.
    fn variable(&mut self, name: &Name, path: &KeyPath, names: &PlanNames<'_>) -> Option<Variable> {
        let text = name.text.as_str();
        if let Some((.., variable)) = VARIABLES.iter().find(|(own, adam, _)| [*own, *adam].contains(&text)) {
            return Some(*variable);
        }
        if let Some(column) = names.covariates.iter().position(|known| known == text) {
            return Some(Variable::Covariate(CovariateSource::Column(column)));
        }
        if let Some(outcome) = names.outcomes.iter().position(|known| known == text) {
            if !names.about[outcome].at_baseline {
                let message = format!("`{text}` cannot be a covariate: it is not recorded at baseline");
                self.formula_problem(path, name.span.clone(), message, None);
            }
            return Some(Variable::Covariate(CovariateSource::BaselineOf(outcome)));
        }
        let known: Vec<&str> = VARIABLES.iter().map(|(own, ..)| *own).collect();
        let all = known.iter().copied().chain(names.covariates.iter().chain(names.outcomes).map(String::as_str));
        let suggestion = nearest(text, all.clone()).map(str::to_owned);
        let help = format!("names that exist: {}", all.collect::<Vec<_>>().join(", "));
        let problem = Problem::new(codes::UNKNOWN_NAME, format!("a column of this name does not exist: `{text}`"))
            .at(self.tree.place_within(path, name.span.clone()))
            .suggest(suggestion)
            .help(help);
        self.problems.push(problem);
        None
    }

    fn formula_problem(&mut self, path: &KeyPath, span: Range<usize>, message: String, suggestion: Option<String>) {
        let problem = Problem::new(codes::FORMULA, message)
            .at(self.tree.place_within(path, span))
            .suggest(suggestion)
            .help("for example: value ~ baseline*visit + arm*visit + sex");
        self.problems.push(problem);
    }
}
