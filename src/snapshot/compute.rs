//! Computing a case: its scenario simulated and analysed, or its data analysed, into quantities and what they belong to.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use thiserror::Error;

use super::ids::tell_apart;
use super::quantity::Quantity;
use super::subject::{Kind, Subject};
use super::{of_many_trials, of_one_trial};
use crate::analysis::analyse;
use crate::cohort;
use crate::dataset::{self, IntakeProblems};
use crate::numeric::fnv::fnv_1a;
use crate::numeric::streams::GENERATOR;
use crate::operating_characteristics::{Ended, Progress, claimed_truth, evaluate_until};
use crate::scenario::{
    self, Loaded, Override, Plan, Problems, Scenario, Source, TestCase, TestKind, TestSubject, built_in,
};
use crate::trial::TrialData;

/// Participants of the large cohort where true values need one.
const TRUTH_PARTICIPANTS: u64 = 1_000_000;

/// How cases are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Run {
    /// The comparisons that are made; `None` for all.
    pub only: Option<TestKind>,
    /// Seed instead of that of the scenario.
    pub seed: Option<u64>,
    /// Number of replicates instead of that of the case.
    pub replicates: Option<u64>,
}

impl Run {
    /// Whether comparisons of a kind are made.
    pub fn makes(self, kind: TestKind) -> bool {
        self.only.is_none_or(|only| only == kind)
    }
}

/// What was computed of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Computed {
    /// What the quantities belong to.
    pub subject: Subject,
    /// Everything, whether a check asks for it or not, each with an id of its own.
    pub quantities: Vec<Quantity>,
}

/// Why a case could not be computed.
#[derive(Debug, Error)]
pub enum CaseError {
    /// What is wrong with its scenario, columns or plan.
    #[error(transparent)]
    Problems(#[from] Problems),
    /// What is wrong with its data.
    #[error(transparent)]
    Data(#[from] IntakeProblems),
    /// A file cannot be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Somebody broke it off.
    #[error("broken off")]
    BrokenOff,
}

/// Computes a case. `hear` is told how many replicates are done, and may break off. Uses the current rayon thread pool; the result does not
/// depend on it.
///
/// # Errors
/// See [`CaseError`].
pub fn compute(
    case: &TestCase,
    run: Run,
    hear: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Computed, CaseError> {
    let mut computed = match &case.subject {
        TestSubject::Scenario { .. } => of_scenario(case, run, hear),
        TestSubject::Data { data, columns, plan } => of_data(data, columns.as_deref(), plan.as_deref()),
    }?;
    tell_apart(&mut computed.quantities);
    Ok(computed)
}

fn of_scenario(
    case: &TestCase,
    run: Run,
    mut hear: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Computed, CaseError> {
    let TestSubject::Scenario { name, file, plan, set } = &case.subject else { return Err(CaseError::BrokenOff) };
    let source = match file {
        Some(file) => scenario::source(file)?,
        None => built_in(name).unwrap_or_else(|| Source::new(name.clone(), String::new())),
    };
    let loaded = scenario::read(source.clone(), set)?;
    let own_seed = loaded.scenario.simulation.seed;
    let seed = run.seed.unwrap_or(own_seed);
    let mut scenario = if seed == own_seed {
        loaded.scenario.clone()
    } else {
        let with_seed: Vec<Override> = set.iter().cloned().chain([Override::new(format!("seed={seed}"))]).collect();
        scenario::read(source, &with_seed)?.scenario
    };
    let plan = plan.as_deref().map(read_text).transpose()?;
    if let Some(plan) = &plan {
        scenario.plan = plan_of(plan, &scenario)?;
    }
    let settings = settings(&loaded, plan.as_ref());
    let data = cohort::generate(&scenario, 0);
    let analysis = analyse(&scenario.plan, &data);
    let mut quantities = of_one_trial::quantities(&scenario.plan, &data, &analysis);
    let expects_more = case.expect.iter().any(|own| quantities.iter().all(|known| known.id != own.id));
    let is_repeated = case.checks.iter().any(|check| check.needs_replicates()) || expects_more;
    let n_replicates = run.replicates.or(case.replicates).unwrap_or(scenario.simulation.replicates);
    if is_repeated {
        let truth = claimed_truth(&scenario, TRUTH_PARTICIPANTS);
        let evaluation = evaluate_until(&scenario, truth, n_replicates, &[], |progress, _| hear(progress))?;
        if evaluation.ended == Ended::BrokenOff {
            return Err(CaseError::BrokenOff);
        }
        quantities.extend(of_many_trials::quantities(&scenario, &evaluation));
    }
    let subject = Subject {
        kind: Kind::Scenario,
        // Where the scenario has its own plan, the hash by which it is known everywhere else.
        hash: if plan.is_some() { hash(&settings) } else { loaded.scenario.hash.clone() },
        seed: Some(seed),
        replicates: is_repeated.then_some(n_replicates),
        generator: Some(GENERATOR.to_owned()),
        settings,
    };
    Ok(Computed { subject, quantities })
}

/// A plan of its own for a scenario.
fn plan_of(plan: &Source, scenario: &Scenario) -> Result<Plan, Problems> {
    let TrialData { covariates, .. } = cohort::generate(scenario, 0);
    scenario::read_plan(plan.clone(), &[], &scenario.design.layout, &covariates)
}

/// Every setting that can change a result; a plan of its own takes the place of the scenario's.
fn settings(loaded: &Loaded, plan: Option<&Source>) -> BTreeMap<String, String> {
    let mut settings: BTreeMap<String, String> = loaded
        .settings
        .iter()
        .filter(|setting| setting.matters())
        .map(|setting| (setting.path.to_string(), setting.value.clone()))
        .collect();
    if let Some(plan) = plan {
        settings.retain(|path, _| !(path.starts_with("analysis.") || path.starts_with("analysis[")));
        add_entries("plan", plan, &mut settings);
    }
    settings
}

fn of_data(data: &Path, columns: Option<&Path>, plan: Option<&Path>) -> Result<Computed, CaseError> {
    let mut settings = BTreeMap::new();
    let bytes = std::fs::read(data)
        .map_err(|error| std::io::Error::new(error.kind(), format!("{}: {error}", data.display())))?;
    settings.insert("data".to_owned(), format!("{:016x}", fnv_1a(&bytes)));
    let mapping = match columns {
        Some(path) => {
            let source = read_text(path)?;
            add_entries("columns", &source, &mut settings);
            Some(scenario::read_columns(source, &[])?)
        }
        None => None,
    };
    let intake = dataset::read(data, mapping.as_ref())?;
    let source = match plan {
        Some(path) => read_text(path)?,
        None => Source::new("(default plan)", ""),
    };
    add_entries("plan", &source, &mut settings);
    let own = scenario::read_plan(source, &[], &intake.data.layout, &intake.data.covariates)?;
    let analysis = analyse(&own, &intake.data);
    let subject =
        Subject { kind: Kind::Data, hash: hash(&settings), seed: None, replicates: None, generator: None, settings };
    Ok(Computed { subject, quantities: of_one_trial::quantities(&own, &intake.data, &analysis) })
}

fn read_text(path: &Path) -> Result<Source, Problems> {
    scenario::source(path)
}

/// The hash of settings: 64-bit FNV-1a over one line `path = value` each, in the order of the paths.
fn hash(settings: &BTreeMap<String, String>) -> String {
    let text: String = settings.iter().map(|(path, value)| format!("{path} = {value}\n")).collect();
    format!("{:016x}", fnv_1a(text.as_bytes()))
}

/// Adds every entry of a TOML text below a name, so that comments and layout do not count; a text that is no TOML is reported elsewhere.
fn add_entries(name: &str, source: &Source, settings: &mut BTreeMap<String, String>) {
    if let Ok(table) = source.text().parse::<toml::Table>() {
        add_value(name, &toml::Value::Table(table), settings);
    }
}

fn add_value(path: &str, value: &toml::Value, settings: &mut BTreeMap<String, String>) {
    match value {
        toml::Value::Table(table) => {
            table.iter().for_each(|(key, value)| add_value(&format!("{path}.{key}"), value, settings));
        }
        toml::Value::Array(list) if list.iter().any(toml::Value::is_table) => {
            let entries = list.iter().enumerate();
            entries.for_each(|(index, value)| add_value(&format!("{path}[{index}]"), value, settings));
        }
        value => {
            settings.insert(path.to_owned(), value.to_string());
        }
    }
}
