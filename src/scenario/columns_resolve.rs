//! From a written `columns.toml` to its meaning: defaults filled in, every contradiction named.

use std::collections::HashMap;

use super::{
    ArmInFile, Columns, CovariateInFile, CovariateKind, OutcomeInFile, OutcomeSource, WrittenColumns, WrittenCovariate,
    WrittenCovariateKind, WrittenKind, WrittenOutcomeInFile, WrittenTexts, codes, nearest,
};
use crate::trial::{Arm, MAX_VISITS, Outcome, OutcomeKind};

/// Largest number of arms: participants keep theirs in a `u8`.
const MAX_ARMS: usize = 255;

/// One thing wrong with a `columns.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnsProblem {
    /// Stable code, one of [`super::CODES`].
    pub code: &'static str,
    /// The keys that lead to it, e.g. `["outcomes", "rdq", "range"]`.
    pub path: Vec<String>,
    /// What is wrong.
    pub message: String,
    /// The word that was probably meant.
    pub suggestion: Option<String>,
    /// What to do.
    pub help: String,
}

/// Turns what was written into what it means, or names every contradiction.
pub fn resolve(written: &WrittenColumns) -> Result<Columns, Vec<ColumnsProblem>> {
    let mut check = Check::default();
    let columns = Columns {
        separator: check.separator(written),
        decimal_mark: check.decimal_mark(written),
        missing: written.missing.clone().unwrap_or_else(|| Columns::default().missing),
        participant: written.participant.clone(),
        arm: written.arm.clone(),
        visit: written.visit.clone(),
        outcome: written.outcome.clone(),
        value: written.value.clone(),
        baseline: written.baseline.clone(),
        baseline_may_be_missing: written.baseline_may_be_missing.unwrap_or(false),
        arms: check.arms(written),
        visits: check.visits(written),
        outcomes: check.outcomes(written),
        covariates: check.covariates(written),
    };
    check.headings(written);
    if check.problems.is_empty() { Ok(columns) } else { Err(check.problems) }
}

/// Collects problems while the parts of a file are resolved.
#[derive(Default)]
struct Check {
    problems: Vec<ColumnsProblem>,
}

impl Check {
    fn problem(&mut self, code: &'static str, path: &[&str], message: impl Into<String>, help: impl Into<String>) {
        let path = path.iter().map(|&key| key.to_owned()).collect();
        self.problems.push(ColumnsProblem { code, path, message: message.into(), suggestion: None, help: help.into() });
    }

    fn separator(&mut self, written: &WrittenColumns) -> Option<char> {
        let text = written.separator.as_deref()?;
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) if character.is_ascii() && !"\"\n\r".contains(character) => Some(character),
            _ => {
                let message = format!("`{text}` cannot separate cells");
                self.problem(
                    codes::SEPARATOR,
                    &["separator"],
                    message,
                    r#"write one character, such as "," ";" "|" or "\t""#,
                );
                None
            }
        }
    }

    fn decimal_mark(&mut self, written: &WrittenColumns) -> char {
        match written.decimal_mark.as_deref() {
            None | Some(".") => '.',
            Some(",") => {
                if written.separator.as_deref() == Some(",") {
                    let message = "a comma cannot both separate cells and mark decimals";
                    self.problem(
                        codes::SEPARATOR,
                        &["decimal_mark"],
                        message,
                        r#"set another `separator`, such as ";""#,
                    );
                }
                ','
            }
            Some(other) => {
                self.problem(
                    codes::SEPARATOR,
                    &["decimal_mark"],
                    format!("`{other}` is not a decimal mark"),
                    r#"write "." or ",""#,
                );
                '.'
            }
        }
    }

    fn arms(&mut self, written: &WrittenColumns) -> Vec<ArmInFile> {
        let Some(written_arms) = &written.arms else { return Vec::new() };
        if written_arms.len() < 2 {
            let message = format!("{} arm is not enough: a trial has at least two", written_arms.len());
            self.problem(codes::ARMS, &["arms"], message, "name every arm, or leave out `arms` to take them as found");
        }
        if written_arms.len() > MAX_ARMS {
            let message = format!("{} arms are more than the {MAX_ARMS} that fit", written_arms.len());
            self.problem(codes::ARMS, &["arms"], message, "leave out arms that are not analysed");
        }
        let said: Vec<&String> =
            written_arms.iter().filter(|(_, arm)| arm.reference == Some(true)).map(|(name, _)| name).collect();
        for name in said.iter().skip(1) {
            let message = format!("a second reference: `{}` is one already", said[0]);
            self.problem(
                codes::REFERENCE,
                &["arms", name, "reference"],
                message,
                "mark exactly one arm with `reference = true`",
            );
        }
        let last_may_be = |arm: &super::WrittenArmInFile| arm.reference != Some(false);
        let reference = said
            .first()
            .map(|&name| name.clone())
            .or_else(|| written_arms.iter().rev().find(|(_, arm)| last_may_be(arm)).map(|(name, _)| name.clone()));
        if reference.is_none() && !written_arms.is_empty() {
            self.problem(
                codes::REFERENCE,
                &["arms"],
                "no arm is the reference",
                "mark exactly one arm with `reference = true`",
            );
        }
        let mut texts_taken = HashMap::new();
        let mut arms = Vec::with_capacity(written_arms.len());
        for (name, arm) in written_arms {
            let texts = self.texts(&["arms", name, "in_file"], arm.in_file.as_ref(), name, &mut texts_taken);
            let label = arm.label.clone().unwrap_or_else(|| name.clone());
            let is_reference = reference.as_ref() == Some(name);
            arms.push(ArmInFile {
                arm: Arm { name: name.clone(), label, reference: is_reference, sessions: Vec::new() },
                texts,
            });
        }
        arms
    }

    /// The spellings of an arm or outcome, each of which may belong to one only.
    fn texts(
        &mut self,
        path: &[&str],
        written: Option<&WrittenTexts>,
        name: &str,
        taken: &mut HashMap<String, String>,
    ) -> Vec<String> {
        let texts: Vec<String> = written.map_or_else(|| vec![name.to_owned()], WrittenTexts::all);
        let texts: Vec<String> = texts.iter().map(|text| text.trim().to_owned()).collect();
        if texts.is_empty() || texts.iter().any(String::is_empty) {
            self.problem(
                codes::COLUMNS,
                path,
                "an empty text never stands in the file",
                "write the text of the file, or leave out `in_file`",
            );
        }
        for text in &texts {
            match taken.insert(text.clone(), name.to_owned()) {
                Some(other) if other != name => {
                    self.problem(
                        codes::COLUMNS,
                        path,
                        format!("`{text}` already means `{other}`"),
                        "give every text one meaning",
                    );
                }
                _ => {}
            }
        }
        texts
    }

    fn visits(&mut self, written: &WrittenColumns) -> Vec<(String, f64)> {
        let Some(visits) = &written.visits else { return Vec::new() };
        if visits.is_empty() {
            self.problem(
                codes::WEEKS,
                &["visits"],
                "no visit is named",
                "name every visit, or leave out `visits` where the cells are weeks",
            );
        }
        for (text, &week) in visits {
            self.week(&["visits", text], week);
        }
        self.count_weeks(&["visits"], visits.values().copied());
        visits.iter().map(|(text, &week)| (text.trim().to_owned(), week)).collect()
    }

    fn week(&mut self, path: &[&str], week: f64) {
        if !(week.is_finite() && week >= 0.0) {
            let message = format!("{week} is not a week of a trial");
            self.problem(codes::WEEKS, path, message, "give weeks since randomisation, with the baseline at 0");
        }
    }

    fn count_weeks(&mut self, path: &[&str], weeks: impl Iterator<Item = f64>) {
        let mut weeks: Vec<f64> = weeks.collect();
        weeks.sort_by(f64::total_cmp);
        weeks.dedup();
        if weeks.len() > MAX_VISITS {
            let message = format!("{} visits are more than the {MAX_VISITS} that fit", weeks.len());
            self.problem(codes::WEEKS, path, message, "leave out visits that are not analysed");
        }
    }

    fn outcomes(&mut self, written: &WrittenColumns) -> Vec<OutcomeInFile> {
        let Some(written_outcomes) = &written.outcomes else { return Vec::new() };
        if written_outcomes.is_empty() {
            self.problem(
                codes::COLUMNS,
                &["outcomes"],
                "no outcome is named",
                "name every outcome, or leave out `outcomes` to take them as found",
            );
        }
        self.one_shape(written);
        let mut texts_taken = HashMap::new();
        let mut outcomes = Vec::with_capacity(written_outcomes.len());
        for (name, outcome) in written_outcomes {
            let source = self.source(name, outcome, &mut texts_taken);
            outcomes.push(OutcomeInFile {
                outcome: self.outcome(name, outcome),
                source,
                baseline_column: outcome.baseline_column.clone(),
            });
        }
        outcomes
    }

    /// All outcomes of a file stand in it in the same way.
    fn one_shape(&mut self, written: &WrittenColumns) {
        let written_outcomes = written.outcomes.iter().flatten();
        let mut shape: Option<(&str, &String)> = None;
        for (name, outcome) in written_outcomes {
            let keys = [
                ("in_file", outcome.in_file.is_some()),
                ("column", outcome.column.is_some()),
                ("columns", outcome.columns.is_some()),
            ];
            for (key, _) in keys.iter().filter(|(_, given)| *given) {
                match shape {
                    None => shape = Some((key, name)),
                    Some((first, _)) if first == *key => {}
                    Some((first, other)) => {
                        let message = format!("`{key}` does not go with `{first}` of `{other}`");
                        let help = "use `in_file` with one row per outcome, `column` with one row per visit, \
                                    `columns` with one row per participant";
                        self.problem(codes::COLUMNS, &["outcomes", name, key], message, help);
                    }
                }
            }
        }
        if let Some(("columns", _)) = shape {
            for (name, _) in written.outcomes.iter().flatten().filter(|(_, outcome)| outcome.columns.is_none()) {
                let message = format!("`{name}` does not say which columns hold it");
                self.problem(
                    codes::COLUMNS,
                    &["outcomes", name],
                    message,
                    "give its columns and weeks, e.g. `columns = { base = 0, y10 = 10 }`",
                );
            }
        }
    }

    fn source(
        &mut self,
        name: &str,
        outcome: &WrittenOutcomeInFile,
        taken: &mut HashMap<String, String>,
    ) -> OutcomeSource {
        if let Some(columns) = &outcome.columns {
            let path = ["outcomes", name, "columns"];
            let mut weeks = HashMap::new();
            for (heading, &week) in columns {
                self.week(&["outcomes", name, "columns", heading], week);
                if let Some(other) = weeks.insert(week.to_bits(), heading) {
                    let message = format!("`{heading}` and `{other}` are both week {week}");
                    self.problem(
                        codes::WEEKS,
                        &["outcomes", name, "columns", heading],
                        message,
                        "give each column a week of its own",
                    );
                }
            }
            if !columns.values().any(|&week| week == 0.0) {
                self.problem(codes::WEEKS, &path, "no column is the baseline", "give the baseline's column week 0");
            }
            self.count_weeks(&path, columns.values().copied());
            return OutcomeSource::ByVisit(columns.iter().map(|(heading, &week)| (heading.clone(), week)).collect());
        }
        if let Some(column) = &outcome.column {
            return OutcomeSource::Column(column.clone());
        }
        let path = ["outcomes", name, "in_file"];
        let texts = self.texts(&path, outcome.in_file.as_ref(), name, taken);
        if outcome.in_file.is_some() { OutcomeSource::Texts(texts) } else { OutcomeSource::ShortName }
    }

    /// The kind of an outcome, with the levels of an ordinal one.
    fn kind(&mut self, name: &str, written: &WrittenOutcomeInFile) -> OutcomeKind {
        let kind = written.kind.unwrap_or_default();
        match (kind, &written.levels) {
            (WrittenKind::Ordinal, Some(levels)) if levels.len() >= 2 => {
                OutcomeKind::Ordinal { levels: levels.clone() }
            }
            (WrittenKind::Ordinal, _) => {
                let help =
                    "write what readers see of each level, in their order: levels = [\"worse\", \"same\", \"better\"]";
                self.problem(
                    codes::KIND,
                    &["outcomes", name, "kind"],
                    "an ordinal outcome has `levels`, two or more",
                    help,
                );
                OutcomeKind::Score
            }
            (_, Some(_)) => {
                let help = "take it out, or write kind = \"ordinal\"";
                self.problem(codes::KIND, &["outcomes", name, "levels"], "only an ordinal outcome has `levels`", help);
                OutcomeKind::Score
            }
            (WrittenKind::Score, None) => OutcomeKind::Score,
            (WrittenKind::Binary, None) => OutcomeKind::Binary,
            (WrittenKind::Count, None) => OutcomeKind::Count,
        }
    }

    fn outcome(&mut self, name: &str, written: &WrittenOutcomeInFile) -> Outcome {
        let kind = self.kind(name, written);
        let usual_unit = match kind {
            OutcomeKind::Score => "points",
            OutcomeKind::Count => "days",
            OutcomeKind::Binary | OutcomeKind::Ordinal { .. } => "",
        };
        let range = match written.range.as_deref() {
            None => None,
            Some(&[low, high]) if low.is_finite() && high.is_finite() && low < high => Some([low, high]),
            Some(_) => {
                let help = "write the lowest and the highest score, e.g. `range = [0, 23]`";
                self.problem(codes::RANGE, &["outcomes", name, "range"], "this is not a range of scores", help);
                None
            }
        };
        let mut positive = |key: &str, number: Option<f64>, zero_is_fine: bool| match number {
            Some(number) if number.is_finite() && (number > 0.0 || zero_is_fine && number == 0.0) => Some(number),
            Some(number) => {
                self.problem(
                    if key == "step" { codes::RANGE } else { codes::MEANINGFUL },
                    &["outcomes", name, key],
                    format!("{number} cannot be"),
                    "write a number above 0",
                );
                None
            }
            None => None,
        };
        Outcome {
            name: name.to_owned(),
            label: written.label.clone().unwrap_or_else(|| name.to_owned()),
            range,
            step: positive("step", written.step, true).filter(|&step| step > 0.0),
            better: Some(written.better.unwrap_or_default()),
            meaningful: positive("meaningful", written.meaningful, false),
            meaningful_source: written.meaningful_source.clone(),
            unit: written.unit.clone().unwrap_or_else(|| usual_unit.to_owned()),
            kind,
            ..Outcome::default()
        }
    }

    fn covariates(&mut self, written: &WrittenColumns) -> Vec<CovariateInFile> {
        let mut covariates = Vec::new();
        for (name, covariate) in written.covariates.iter().flatten() {
            if written.outcomes.iter().flatten().any(|(outcome, _)| outcome == name) {
                let help = "give the covariate another name; plans name an outcome to use its baseline";
                self.problem(codes::COVARIATE, &["covariates", name], format!("`{name}` is an outcome already"), help);
            }
            let column = covariate.column.clone().unwrap_or_else(|| name.clone());
            covariates.push(CovariateInFile { name: name.clone(), column, kind: self.covariate_kind(name, covariate) });
        }
        covariates
    }

    fn covariate_kind(&mut self, name: &str, covariate: &WrittenCovariate) -> CovariateKind {
        if covariate.kind.unwrap_or_default() == WrittenCovariateKind::Numeric {
            for (key, given) in [("levels", covariate.levels.is_some()), ("reference", covariate.reference.is_some())] {
                if given {
                    self.problem(
                        codes::COVARIATE,
                        &["covariates", name, key],
                        "a numeric covariate has no levels",
                        r#"add `kind = "factor"`"#,
                    );
                }
            }
            return CovariateKind::Numeric;
        }
        let mut levels = covariate.levels.clone();
        if let Some(levels) = &mut levels {
            let mut sorted = levels.clone();
            sorted.sort();
            sorted.dedup();
            if sorted.len() < levels.len() || levels.is_empty() {
                self.problem(
                    codes::COVARIATE,
                    &["covariates", name, "levels"],
                    "levels are missing or named twice",
                    "name every level once",
                );
            }
            if let Some(reference) = &covariate.reference {
                match levels.iter().position(|level| level == reference) {
                    Some(position) => levels[..=position].rotate_right(1),
                    None => {
                        let message = format!("`{reference}` is not one of the levels");
                        let help = format!("choose one of {}", levels.join(", "));
                        let near = nearest(reference, levels.iter().map(String::as_str)).map(str::to_owned);
                        self.problem(codes::COVARIATE, &["covariates", name, "reference"], message, help);
                        if let Some(problem) = self.problems.last_mut() {
                            problem.suggestion = near;
                        }
                    }
                }
            }
        }
        CovariateKind::Factor { levels, reference: covariate.reference.clone() }
    }

    /// No heading has two roles.
    fn headings(&mut self, written: &WrittenColumns) {
        let roles = [
            ("participant", &written.participant),
            ("arm", &written.arm),
            ("visit", &written.visit),
            ("outcome", &written.outcome),
            ("value", &written.value),
            ("baseline", &written.baseline),
        ];
        let mut taken: HashMap<&str, &str> = HashMap::new();
        for (role, heading) in roles {
            let Some(heading) = heading else { continue };
            if let Some(other) = taken.insert(heading, role) {
                let message = format!("the column `{heading}` is `{other}` already");
                self.problem(codes::COLUMNS, &[role], message, "name another column");
            }
        }
    }
}
