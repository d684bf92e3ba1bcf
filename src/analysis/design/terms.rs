//! From the terms of a mean model to the columns of a design.

use super::{Design, Factor, ModelColumn, NumberSource, Over, Part, n_levels, number_source, over_at, reference_level};
use crate::scenario::{CovariateSource, MeanModel, Plan, Variable};
use crate::trial::TrialData;

/// Builds the design of a model over some visits.
pub(super) fn design(plan: &Plan, model: &MeanModel, trial: &TrialData, visits: &[usize]) -> Design {
    let layout = &trial.layout;
    let mut design = Design {
        visits: visits.to_vec(),
        weeks: visits.iter().map(|&visit| layout.visits[visit].week).collect(),
        n_arms: layout.arms.len(),
        response: model.response,
        columns: Vec::new(),
        z: Vec::new(),
        complete: Vec::new(),
        n_participants: 0,
        reference_arm: layout.reference_arm(),
        weights: plan.weights,
        z_parts: Vec::new(),
        written: Vec::new(),
        written_terms: Vec::new(),
        numbers: Vec::new(),
        factors: Vec::new(),
        hierarchical: true,
        number_values: Vec::new(),
        centres: Vec::new(),
        constant: Vec::new(),
        level_values: Vec::new(),
    };
    let terms = terms_at(&model.terms, visits.len());
    for term in &terms {
        design.add_term(plan, trial, term, &terms);
    }
    design.gather();
    design.hierarchical = design.is_hierarchical();
    design
}

/// The terms that matter over so many visits, the empty one of the intercept first, each once with its variables in a fixed order.
fn terms_at(terms: &[Vec<Variable>], n_visits: usize) -> Vec<Vec<Variable>> {
    let mut kept: Vec<Vec<Variable>> = vec![Vec::new()];
    for term in terms {
        let term = in_order(term.iter().copied().filter(|variable| n_visits > 1 || !is_of_visit(*variable)));
        if !kept.contains(&term) {
            kept.push(term);
        }
    }
    kept
}

/// The variables of a term in their fixed order, each once.
fn in_order(term: impl Iterator<Item = Variable>) -> Vec<Variable> {
    let mut term: Vec<Variable> = term.collect();
    term.sort_by_key(|&variable| order(variable));
    term.dedup();
    term
}

fn is_of_visit(variable: Variable) -> bool {
    matches!(variable, Variable::Visit | Variable::Week)
}

fn order(variable: Variable) -> (u8, usize) {
    match variable {
        Variable::Baseline => (0, 0),
        Variable::Covariate(CovariateSource::BaselineOf(outcome)) => (1, outcome),
        Variable::Covariate(CovariateSource::Column(column)) => (2, column),
        Variable::Arm => (3, 0),
        Variable::Visit => (4, 0),
        Variable::Week => (5, 0),
    }
}

impl Design {
    /// Adds the columns of one term as R writes them.
    fn add_term(&mut self, plan: &Plan, trial: &TrialData, term: &[Variable], terms: &[Vec<Variable>]) {
        let mut products: Vec<(Vec<Part>, Over)> = vec![(Vec::new(), Over::Every)];
        for &variable in term {
            let without: Vec<Variable> = term.iter().copied().filter(|&other| other != variable).collect();
            let by_contrasts = terms.contains(&without);
            let parts = self.parts(plan, trial, variable, by_contrasts);
            products = products
                .iter()
                .flat_map(|(product, over)| {
                    parts.iter().map(move |&(part, own)| {
                        let product: Vec<Part> = product.iter().copied().chain(part).collect();
                        (product, if own == Over::Every { *over } else { own })
                    })
                })
                .collect();
        }
        self.written_terms.extend(products.iter().map(|_| term.to_vec()));
        self.written.extend(products);
    }

    /// Positions of the coefficients of a term among those that R writes; none where the model does not have the term.
    pub fn coefficients_of(&self, term: &[Variable]) -> Vec<usize> {
        let wanted = in_order(term.iter().copied());
        (0..self.written.len()).filter(|&position| self.written_terms[position] == wanted).collect()
    }

    /// What a variable is coded by: parts of participants' columns, or functions of the visit.
    fn parts(
        &mut self,
        plan: &Plan,
        trial: &TrialData,
        variable: Variable,
        by_contrasts: bool,
    ) -> Vec<(Option<Part>, Over)> {
        if let Some(source) = number_source(trial, variable) {
            return vec![(Some(Part::Number(self.number(source))), Over::Every)];
        }
        match variable {
            Variable::Visit => {
                let first = usize::from(by_contrasts);
                (first..self.visits.len()).map(|visit| (None, Over::At(visit))).collect()
            }
            Variable::Week => vec![(None, Over::Week)],
            Variable::Arm => {
                let kept = |&arm: &usize| !by_contrasts || arm != self.reference_arm;
                (0..self.n_arms).filter(kept).map(|arm| (Some(Part::Arm(arm)), Over::Every)).collect()
            }
            Variable::Covariate(CovariateSource::Column(column)) => {
                let factor = self.factor(plan, trial, column);
                let Factor { n_levels, reference, .. } = self.factors[factor];
                let kept = |&level: &u32| !by_contrasts || level != reference;
                let levels = (0..n_levels as u32).filter(kept);
                levels.map(|level| (Some(Part::Level { factor, level }), Over::Every)).collect()
            }
            Variable::Baseline | Variable::Covariate(CovariateSource::BaselineOf(_)) => Vec::new(),
        }
    }

    fn number(&mut self, source: NumberSource) -> usize {
        self.numbers.iter().position(|&own| own == source).unwrap_or_else(|| {
            self.numbers.push(source);
            self.numbers.len() - 1
        })
    }

    fn factor(&mut self, plan: &Plan, trial: &TrialData, column: usize) -> usize {
        self.factors.iter().position(|own| own.column == column).unwrap_or_else(|| {
            let n_levels = n_levels(trial, column).unwrap_or(0);
            self.factors.push(Factor { column, n_levels, reference: reference_level(plan, trial, column) });
            self.factors.len() - 1
        })
    }

    /// Gathers the written columns by their participants' column, replaces functions that span all visits by indicators, and
    /// orders columns: those not of one visit first, then visit by visit.
    fn gather(&mut self) {
        let mut columns = Vec::new();
        for (parts, over) in &self.written {
            let z = self.z_parts.iter().position(|own| own == parts).unwrap_or_else(|| {
                self.z_parts.push(parts.clone());
                self.z_parts.len() - 1
            });
            columns.push(ModelColumn { z, over: *over });
        }
        let n_visits = self.visits.len();
        if n_visits > 1 {
            for z in 0..self.z_parts.len() {
                let of_visits = |column: &ModelColumn| column.z == z && column.over != Over::Week;
                if columns.iter().filter(|column| of_visits(column)).count() == n_visits {
                    columns.retain(|column| !of_visits(column));
                    columns.extend((0..n_visits).map(|visit| ModelColumn { z, over: Over::At(visit) }));
                }
            }
        }
        columns.sort_by_key(|column| match column.over {
            Over::Every | Over::Week => (0, column.z),
            Over::At(visit) => (visit + 1, column.z),
        });
        self.columns = columns;
    }

    /// Whether for every product with a number the product without it is in the model at the same visits.
    fn is_hierarchical(&self) -> bool {
        let span = |parts: &[Part], visit: usize| {
            self.columns.iter().any(|column| {
                self.z_parts[column.z] == parts
                    && column.over != Over::Week
                    && over_at(column.over, visit, &self.weeks) != 0.0
            })
        };
        let has_week = self.columns.iter().any(|column| column.over == Over::Week);
        // Products of weeks and numbers are rare enough to be left as they are.
        !has_week
            && self.columns.iter().all(|column| {
                let parts = &self.z_parts[column.z];
                parts.iter().filter(|part| matches!(part, Part::Number(_))).all(|number| {
                    let without: Vec<Part> = parts.iter().copied().filter(|part| part != number).collect();
                    (0..self.visits.len())
                        .filter(|&visit| over_at(column.over, visit, &self.weeks) != 0.0)
                        .all(|visit| span(&without, visit))
                        && self.same_functions(&without, parts)
                })
            })
    }

    /// Whether the functions of the visit of one participants' column span those of another.
    fn same_functions(&self, of: &[Part], others: &[Part]) -> bool {
        let functions = |parts: &[Part]| -> Vec<Over> {
            self.columns.iter().filter(|column| self.z_parts[column.z] == parts).map(|column| column.over).collect()
        };
        let (own, others) = (functions(of), functions(others));
        let all_visits = own.iter().filter(|over| matches!(over, Over::At(_))).count() == self.visits.len();
        all_visits || others.iter().all(|over| own.contains(over))
    }
}
