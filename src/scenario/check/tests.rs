//! A `linger-tests.toml`: cases that say what they run, files that are there, tolerances with reasons, bounds in order.

use std::path::{Path, PathBuf};

use super::super::tree::KeyPath;
use super::super::{
    Expectation, MonteCarloBand, Override, TestCase, TestCheck, TestKind, TestProfile, TestSeed, TestSubject, Tests,
    Tolerance, ToleranceOf, WrittenBand, WrittenCase, WrittenExpectation, WrittenProfile, WrittenTests,
    WrittenTolerance, WrittenToleranceOf, codes, nearest,
};
use super::{Check, show};

/// What is compared of a case that does not say: of data, and of scenarios.
const USUAL: [TestCheck; 3] = [TestCheck::Estimates, TestCheck::StandardErrors, TestCheck::FlowCounts];
/// What is compared beside that of many simulated trials.
const USUAL_OF_MANY: [TestCheck; 3] = [TestCheck::MeanEstimates, TestCheck::Power, TestCheck::Coverage];

/// Folder of the kept results.
const SNAPSHOTS: &str = "snapshots";

impl Check<'_> {
    /// Checks all of a file; paths in it are looked for from a folder, and scenarios that are no files among the built-in ones.
    pub fn tests(&mut self, written: &WrittenTests, folder: &Path, built_in: &[&str]) -> Tests {
        let defaults = written.defaults.clone().unwrap_or_default();
        let path = KeyPath::of(&["defaults"]);
        let usual = Usual {
            exact: self.tolerance(defaults.exact.as_ref(), &path.key("exact"), &Tolerance::default()),
            band: self.band(defaults.monte_carlo.as_ref(), &path.key("monte_carlo"), MonteCarloBand::default()),
            replicates: self.at_least_one(defaults.replicates, &path.key("replicates")),
            checks: defaults.checks.map(|checks| self.each_once(checks, &path.key("checks"))),
            folder: folder.to_owned(),
            built_in: built_in.iter().map(|&name| name.to_owned()).collect(),
        };
        let rows = KeyPath::of(&["case"]);
        self.require(&rows, "[[case]] with name = \"plain\" and scenario = \"plain\"");
        let list = written.case.clone().unwrap_or_default();
        if written.case.is_some() && list.is_empty() {
            self.report(codes::TEST_CASE, &rows, "there is no case", |problem| {
                problem.help("write a row [[case]] for each scenario or data file")
            });
        }
        let mut cases: Vec<TestCase> = Vec::new();
        for (index, case) in list.iter().enumerate() {
            let checked = self.case(case, &rows.index(index), &usual, &cases);
            cases.extend(checked);
        }
        let profiles = self.profiles(written, &cases);
        Tests { snapshots: folder.join(written.snapshots.as_deref().unwrap_or(SNAPSHOTS)), profiles, cases }
    }

    fn case(&mut self, written: &WrittenCase, path: &KeyPath, usual: &Usual, before: &[TestCase]) -> Option<TestCase> {
        self.require(&path.key("name"), "name = \"plain\"");
        let name = written.name.as_ref().filter(|name| self.case_name(name, &path.key("name"), before));
        let subject = self.subject(written, path, usual);
        let replicates = self.at_least_one(written.replicates, &path.key("replicates"));
        if written.replicates.is_some() && written.data.is_some() {
            self.belongs_to_scenarios(&path.key("replicates"), "data are analysed once");
        }
        // With both, that is the one mistake to tell.
        let of_data = written.data.is_some() && written.scenario.is_none();
        let expect: Vec<Option<Expectation>> = written
            .expect
            .iter()
            .flatten()
            .enumerate()
            .map(|(index, own)| self.expectation(own, &path.key("expect").index(index)))
            .collect();
        let checks = self.checks(written, path, usual, of_data);
        if checks.is_empty() && expect.is_empty() {
            self.report_key(codes::TEST_CASE, path, "the case compares nothing", |problem| {
                problem.help("give it `checks`, or rows in `expect`")
            });
        }
        let exact = self.tolerance(written.exact.as_ref(), &path.key("exact"), &usual.exact);
        let monte_carlo = self.band(written.monte_carlo.as_ref(), &path.key("monte_carlo"), usual.band);
        let tolerances: Vec<Option<ToleranceOf>> = written
            .tolerance
            .iter()
            .flatten()
            .enumerate()
            .map(|(index, own)| self.tolerance_of(own, &path.key("tolerance").index(index)))
            .collect();
        Some(TestCase {
            name: name?.clone(),
            subject: subject?,
            replicates: replicates.or(if of_data { None } else { usual.replicates }),
            checks,
            exact,
            tolerances: tolerances.into_iter().flatten().collect(),
            monte_carlo,
            expect: expect.into_iter().flatten().collect(),
            place: self.tree.place(&path.key("name")),
        })
    }

    /// Whether a name can be that of a file and is no other case's.
    fn case_name(&mut self, name: &str, path: &KeyPath, before: &[TestCase]) -> bool {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
            let message = format!("the name of a case cannot be `{name}`: it is also the name of a file");
            self.report(codes::UNUSABLE_NAME, path, message, |problem| {
                problem.help("use letters, digits, `-`, `_` and `.`, and no `.` in front")
            });
            return false;
        }
        if before.iter().any(|case| case.name.eq_ignore_ascii_case(name)) {
            self.report(codes::LISTED_TWICE, path, format!("there are two cases `{name}`"), |problem| {
                problem.help(
                    "give every case a name of its own; large and small letters do not tell files apart everywhere",
                )
            });
            return false;
        }
        true
    }

    fn subject(&mut self, written: &WrittenCase, path: &KeyPath, usual: &Usual) -> Option<TestSubject> {
        let plan = self.file(written.plan.as_ref(), &path.key("plan"), &usual.folder);
        let columns = self.file(written.columns.as_ref(), &path.key("columns"), &usual.folder);
        match (&written.scenario, &written.data) {
            (Some(_), Some(_)) => {
                self.report_key(
                    codes::TEST_CASE,
                    &path.key("data"),
                    "a case has a scenario or data, not both",
                    |problem| problem.help("make two cases of it"),
                );
                None
            }
            (Some(name), None) => {
                if written.columns.is_some() {
                    let message = "`columns` is about a data file, and this case has a scenario";
                    self.report_key(codes::TEST_CASE, &path.key("columns"), message, |problem| {
                        problem.label("take it out")
                    });
                }
                let file = self.scenario_of_case(name, &path.key("scenario"), usual)?;
                let set = self.set_of_case(written, path);
                Some(TestSubject::Scenario { name: name.clone(), file, plan: plan.ok()?, set })
            }
            (None, Some(data)) => {
                if written.set.is_some() {
                    self.belongs_to_scenarios(
                        &path.key("set"),
                        "the settings of an analysis of data stand in its plan",
                    );
                }
                let data = self.file(Some(data), &path.key("data"), &usual.folder).ok()??;
                Some(TestSubject::Data { data, columns: columns.ok()?, plan: plan.ok()? })
            }
            (None, None) => {
                if self.tree.lacks(&path.key("scenario")) && self.tree.lacks(&path.key("data")) {
                    self.report_key(codes::TEST_CASE, path, "the case has neither a scenario nor data", |problem| {
                        problem.help("give scenario = \"trial.toml\", or data = \"data.csv\" with columns and plan")
                    });
                }
                None
            }
        }
    }

    /// The file of a scenario, or `None` inside where it is built in.
    fn scenario_of_case(&mut self, name: &str, path: &KeyPath, usual: &Usual) -> Option<Option<PathBuf>> {
        let found = TestSubject::built_in_or_file(name, &usual.folder);
        if found.is_none() {
            let message = format!("there is no scenario `{name}`: neither a file nor built in");
            let near = nearest(name, usual.built_in.iter().map(String::as_str)).map(str::to_owned);
            let help = format!(
                "a file is looked for from the folder of this one; built-in scenarios: {}",
                usual.built_in.join(", ")
            );
            self.report(codes::UNKNOWN_NAME, path, message, |problem| problem.suggest(near).help(help));
        }
        found
    }

    fn set_of_case(&mut self, written: &WrittenCase, path: &KeyPath) -> Vec<Override> {
        let path = path.key("set");
        for (index, set) in written.set.iter().flatten().enumerate() {
            let here = path.index(index);
            if !set.contains('=') {
                self.report(codes::BAD_OVERRIDE, &here, format!("`{set}` is not of the form path=value"), |problem| {
                    problem.help("for example: \"arms.relaxation.sessions=20\"")
                });
            } else if set.starts_with("seed=") || set.starts_with("simulation.replicates=") {
                let key = set.split('=').next().unwrap_or_default();
                self.report(codes::TEST_CASE, &here, format!("a case does not set `{key}`"), |problem| {
                    problem
                        .help("the seed is that of the scenario; the number of replicates is `replicates` of the case")
                });
            } else if written.plan.is_some() && set.starts_with("analysis.") {
                self.report(codes::TEST_CASE, &here, "the plan of this case is a file of its own", |problem| {
                    problem.help("change the file that `plan` names")
                });
            }
        }
        written.set.iter().flatten().map(Override::new).collect()
    }

    /// A file that must be there.
    fn file(&mut self, name: Option<&String>, path: &KeyPath, folder: &Path) -> Result<Option<PathBuf>, ()> {
        let Some(name) = name else { return Ok(None) };
        let file = folder.join(name);
        if file.is_file() {
            return Ok(Some(file));
        }
        self.report(codes::UNREADABLE_FILE, path, format!("there is no file `{name}`"), |problem| {
            problem.help(format!("it is looked for from the folder of this file: {}", file.display()))
        });
        Err(())
    }

    fn belongs_to_scenarios(&mut self, path: &KeyPath, why: &str) {
        let key = path.last_key().unwrap_or_default().to_owned();
        self.report_key(
            codes::TEST_CASE,
            path,
            format!("`{key}` belongs to cases with a scenario: {why}"),
            |problem| problem.label("take it out"),
        );
    }

    fn checks(&mut self, written: &WrittenCase, path: &KeyPath, usual: &Usual, of_data: bool) -> Vec<TestCheck> {
        if let Some(checks) = &written.checks {
            let here = path.key("checks");
            for (index, check) in checks.iter().enumerate().filter(|(_, check)| of_data && check.needs_replicates()) {
                let message = format!("`{}` is about many simulated trials, and this case has data", check.name());
                self.report(codes::TEST_CASE, &here.index(index), message, |problem| problem.label("take it out"));
            }
            return self.each_once(checks.clone(), &here);
        }
        let fits = |check: &TestCheck| !(of_data && check.needs_replicates());
        match &usual.checks {
            Some(checks) => checks.iter().copied().filter(fits).collect(),
            None if written.expect.is_some() => Vec::new(),
            None => USUAL.into_iter().chain(USUAL_OF_MANY).filter(fits).collect(),
        }
    }

    fn each_once(&mut self, checks: Vec<TestCheck>, path: &KeyPath) -> Vec<TestCheck> {
        let mut kept: Vec<TestCheck> = Vec::new();
        for (index, check) in checks.into_iter().enumerate() {
            if kept.contains(&check) {
                let message = format!("`{}` is listed twice", check.name());
                self.report(codes::LISTED_TWICE, &path.index(index), message, |problem| problem.label("take it out"));
            } else {
                kept.push(check);
            }
        }
        kept
    }

    fn tolerance(&mut self, written: Option<&WrittenTolerance>, path: &KeyPath, usual: &Tolerance) -> Tolerance {
        let Some(own) = written else { return usual.clone() };
        let tolerance = self.numbers_of_tolerance((own.rtol, own.atol), path);
        let why = own.why.as_deref().map(str::trim).filter(|why| !why.is_empty());
        let default = Tolerance::default();
        if why.is_none() && (tolerance.rtol, tolerance.atol) != (default.rtol, default.atol) {
            self.no_reason(path);
        }
        Tolerance { why: why.map_or(default.why, str::to_owned), ..tolerance }
    }

    fn tolerance_of(&mut self, own: &WrittenToleranceOf, path: &KeyPath) -> Option<ToleranceOf> {
        self.require(&path.key("ids"), "ids = \"rdq.*.std_error\"");
        let why = own.why.as_deref().map(str::trim).filter(|why| !why.is_empty());
        if why.is_none() {
            self.no_reason(path);
        }
        if own.rtol.is_none() && own.atol.is_none() && self.tree.lacks(&path.key("rtol")) {
            self.report_key(codes::TOLERANCE, path, "the row has no tolerance", |problem| {
                problem.help("give `rtol`, as a share of the kept number, or `atol`, in its unit")
            });
        }
        let tolerance = self.numbers_of_tolerance((own.rtol, own.atol), path);
        Some(ToleranceOf { ids: own.ids.clone()?, tolerance: Tolerance { why: why?.to_owned(), ..tolerance } })
    }

    fn numbers_of_tolerance(&mut self, (rtol, atol): (Option<f64>, Option<f64>), path: &KeyPath) -> Tolerance {
        let usual = Tolerance::default();
        for (key, value) in [("rtol", rtol), ("atol", atol)] {
            if let Some(value) = value.filter(|value| *value < 0.0) {
                let message = format!("`{key}` must not be negative, but is {}", show(value));
                self.report(codes::TOLERANCE, &path.key(key), message, |problem| {
                    problem.help("0 asks for the very same number")
                });
            }
        }
        if let Some(rtol) = rtol.filter(|rtol| *rtol >= 1.0) {
            let message = format!("`rtol` is a share of the kept number, and {} is all of it", show(rtol));
            self.report(codes::TOLERANCE, &path.key("rtol"), message, |problem| problem.help("1 % is written 0.01"));
        }
        Tolerance { rtol: rtol.unwrap_or(usual.rtol), atol: atol.unwrap_or(usual.atol), why: usual.why }
    }

    fn no_reason(&mut self, path: &KeyPath) {
        let why = path.key("why");
        if self.tree.has(&why) {
            self.report(codes::TOLERANCE, &why, "the reason is empty", |problem| {
                problem.help("say why numbers may be that far apart")
            });
        } else if self.tree.lacks(&why) {
            self.report_key(codes::TOLERANCE, path, "a tolerance needs its reason", |problem| {
                problem.help("say why numbers may be that far apart: why = \"the optimiser stops at 1e-8\"")
            });
        }
    }

    fn band(&mut self, written: Option<&WrittenBand>, path: &KeyPath, usual: MonteCarloBand) -> MonteCarloBand {
        let Some(own) = written else { return usual };
        let band = MonteCarloBand {
            z_warn: own.z_warn.unwrap_or(usual.z_warn),
            z_error: own.z_error.unwrap_or(usual.z_error),
        };
        if band.z_warn <= 0.0 || band.z_error <= 0.0 {
            self.report_key(codes::TOLERANCE, path, "a number of standard errors must be above 0", |problem| {
                problem.help("usual are z_warn = 3 and z_error = 5")
            });
        } else if band.z_warn > band.z_error {
            let message = format!("`z_warn` ({}) is above `z_error` ({})", show(band.z_warn), show(band.z_error));
            self.report_key(codes::TOLERANCE, path, message, |problem| {
                problem.help("a warning comes before a failure")
            });
        }
        band
    }

    fn expectation(&mut self, own: &WrittenExpectation, path: &KeyPath) -> Option<Expectation> {
        self.require(&path.key("id"), "id = \"rdq.wk10.relaxation-usual_care.mean_estimate\"");
        self.require(&path.key("between"), "between = [-2.95, -2.85]");
        let why = own.why.as_deref().map(str::trim).filter(|why| !why.is_empty());
        if why.is_none() && !(self.tree.lacks(&path.key("why")) && self.tree.lacks(path)) {
            self.report_key(codes::EXPECTATION, path, "an expectation needs its reason", |problem| {
                problem.help("say where the bounds come from: why = \"published contrast -2.9\"")
            });
        }
        let between = own.between?;
        if between[0] > between[1] {
            let message = format!("{} is above {}", show(between[0]), show(between[1]));
            self.report(codes::EXPECTATION, &path.key("between"), message, |problem| {
                problem.help("the lowest value comes first: between = [-2.95, -2.85]")
            });
        }
        Some(Expectation {
            id: own.id.clone()?,
            between,
            why: why?.to_owned(),
            place: self.tree.place(&path.key("id")),
        })
    }

    fn at_least_one(&mut self, number: Option<u64>, path: &KeyPath) -> Option<u64> {
        if number == Some(0) {
            let key = path.last_key().unwrap_or_default().to_owned();
            self.report(codes::NOT_A_USABLE_NUMBER, path, format!("`{key}` must be at least 1"), |problem| {
                problem.help("leave it out for the usual number")
            });
        }
        number
    }

    fn profiles(&mut self, written: &WrittenTests, cases: &[TestCase]) -> Vec<(String, TestProfile)> {
        let nightly = TestProfile { only: Some(TestKind::MonteCarlo), seed: TestSeed::Fresh, ..TestProfile::default() };
        let mut profiles = vec![
            ("default".to_owned(), TestProfile::default()),
            ("ci".to_owned(), TestProfile::default()),
            ("nightly".to_owned(), nightly),
        ];
        for (name, own) in written.profile.iter().flatten() {
            let path = KeyPath::of(&["profile"]).key(name);
            let base = profiles.iter().find(|(known, _)| known == name).map(|(_, profile)| profile.clone());
            let profile = self.profile(own, &path, base.unwrap_or_default(), cases);
            profiles.retain(|(known, _)| known != name);
            profiles.push((name.clone(), profile));
        }
        profiles
    }

    fn profile(&mut self, own: &WrittenProfile, path: &KeyPath, base: TestProfile, cases: &[TestCase]) -> TestProfile {
        for (index, name) in own.cases.iter().flatten().enumerate() {
            let known = name.contains('*') || cases.iter().any(|case| case.name == *name);
            if !known && !cases.is_empty() {
                let near = nearest(name, cases.iter().map(|case| case.name.as_str())).map(str::to_owned);
                self.report(
                    codes::UNKNOWN_NAME,
                    &path.key("cases").index(index),
                    format!("there is no case `{name}`"),
                    |problem| problem.suggest(near),
                );
            }
        }
        let profile = TestProfile {
            cases: own.cases.clone().unwrap_or(base.cases),
            only: own.only.or(base.only),
            seed: own.seed.unwrap_or(base.seed),
            replicates: self.at_least_one(own.replicates, &path.key("replicates")).or(base.replicates),
        };
        if own.replicates.is_some() && profile.only != Some(TestKind::MonteCarlo) {
            let message = "kept numbers belong to the number of replicates of their case";
            self.report_key(codes::TEST_CASE, &path.key("replicates"), message, |problem| {
                problem.help("add only = \"monte_carlo\" to the profile, or change `replicates` of the cases")
            });
        }
        profile
    }
}

/// What holds for every case that does not say otherwise.
struct Usual {
    exact: Tolerance,
    band: MonteCarloBand,
    replicates: Option<u64>,
    checks: Option<Vec<TestCheck>>,
    folder: PathBuf,
    built_in: Vec<String>,
}
