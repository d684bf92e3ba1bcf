//! `linger analyse FOLDER`: other questions to the replicates of a kept run, by arithmetic where that is enough.

use std::path::Path;

use anyhow::{Result, bail};

use crate::cli::arguments::{Analyse, Format};
use crate::cli::evaluate::Shown;
use crate::cli::output::Console;
use crate::cli::source::{Settings, quoted, read_source};
use crate::cohort;
use crate::operating_characteristics::{
    Evaluation, Store, StoreError, StoredPlan, claimed_truth, evaluate_store, evaluate_until, record_columns,
};
use crate::scenario::{self, Loaded, Plan};

/// Participants of the large cohort where true values need one.
const TRUTH_PARTICIPANTS: u64 = 1_000_000;

/// Whether a path is the folder of a kept run.
pub fn is_run(path: &Path) -> bool {
    path.join("manifest.toml").is_file()
}

/// The records of a whole run, and the scenario they are of.
fn read(folder: &Path) -> Result<(Store, StoredPlan)> {
    let store = Store::read(folder)?;
    if let Some(shard) = store.shard() {
        let part = format!("{} is part {shard} alone; join all parts with linger merge", folder.display());
        return Err(StoreError::Gaps { gaps: vec![part] }.into());
    }
    let stored = StoredPlan::new(store.scenario()?);
    Ok((store, stored))
}

/// The same where nothing may be missing, and the records have to be those that this version makes.
pub fn open(folder: &Path) -> Result<(Store, StoredPlan)> {
    let (store, stored) = read(folder)?;
    store.check_complete()?;
    let own = &stored.loaded().scenario;
    if store.columns() != record_columns(&own.plan, &own.design.layout) {
        bail!("{}: its records were made by another version; evaluate the scenario again", folder.display());
    }
    Ok((store, stored))
}

/// Runs the verb on a kept run.
pub fn run(verb: &Analyse, settings: &Settings, console: &Console) -> Result<()> {
    settings.no_seed("the replicates of a run are there already")?;
    if verb.columns.is_some() {
        bail!("--columns does not apply here: a kept run has no headings of its own");
    }
    let format = console.format()?;
    let (store, stored) = read(&verb.data)?;
    let mut loaded = stored.loaded().clone();
    loaded.scenario.plan = plan(verb, &loaded, settings)?;
    let evaluation = evaluate(&store, &stored, &loaded, console)?;
    let shown = Shown { verb: "analyse", loaded: &loaded, evaluation: &evaluation };
    console.result(&shown.text(format)?)?;
    if matches!(format, Format::Table | Format::Md) {
        let folder = quoted(&verb.data.display().to_string());
        let words = shown.words();
        let path = verb.plan.as_ref().map(|path| format!(" --plan {}", quoted(&path.display().to_string())));
        let again = format!("{folder}{}{}", path.unwrap_or_default(), settings.as_arguments());
        console.note(&format!("\nIn words\n{words}Next\n  linger analyse {again} --format csv -o performance.csv\n"));
    }
    Ok(())
}

/// The plan: the user's file, or that of the run, with the user's changes.
fn plan(verb: &Analyse, loaded: &Loaded, settings: &Settings) -> Result<Plan> {
    let scenario = &loaded.scenario;
    match &verb.plan {
        Some(path) => {
            let covariates = cohort::generate(scenario, 0).covariates;
            let layout = &scenario.design.layout;
            Ok(scenario::read_plan(read_source(path)?, &settings.for_plan(), layout, &covariates)?)
        }
        None if settings.for_plan().is_empty() => Ok(scenario.plan.clone()),
        None => {
            let path = verb.data.join("scenario.toml");
            Ok(scenario::read(read_source(&path)?, &settings.for_analysis())?.scenario.plan)
        }
    }
}

/// By arithmetic, or where that cannot be by simulating the same participants again.
fn evaluate(store: &Store, stored: &StoredPlan, loaded: &Loaded, console: &Console) -> Result<Evaluation> {
    let scenario = &loaded.scenario;
    let truth = claimed_truth(scenario, TRUTH_PARTICIPANTS);
    Ok(match evaluate_store(store, stored, &scenario.plan, truth.clone())? {
        Ok(evaluation) => evaluation,
        Err(why) => {
            console.note(&format!("note: {why}; the same participants are simulated again"));
            let bar = crate::cli::progress::Bar::new(console, store.n_replicates());
            let hear = |progress, _: &_| {
                bar.tell(progress, String::new);
                bar.go_on()
            };
            let evaluation = evaluate_until(scenario, truth, store.n_replicates(), &[], hear)?;
            bar.finish();
            evaluation
        }
    })
}
