//! The tables `[characteristics.*]`: levels with their shares, and what they change.

use super::super::tree::KeyPath;
use super::super::{Characteristic, Level, WrittenCharacteristic, WrittenScenario, codes};
use super::shares::Within;
use super::{Check, Outline, count};

/// Largest number of characteristics.
const MAX_CHARACTERISTICS: usize = 16;

/// Largest number of levels: a level is kept in one byte per participant.
const MAX_LEVELS: usize = 255;

/// The name under which therapists stand beside characteristics in data.
const THERAPIST: &str = "therapist";

/// Headings of the columns in which participants' data are written.
const HEADINGS: [&str; 20] = [
    "study",
    "participant",
    "arm",
    "outcome",
    "visit",
    "visit_week",
    "value",
    "baseline",
    "change",
    "analysed",
    "STUDYID",
    "USUBJID",
    "TRT01P",
    "PARAMCD",
    "AVISIT",
    "AVISITN",
    "AVAL",
    "BASE",
    "CHG",
    "ANL01FL",
];

impl Check<'_> {
    /// Every characteristic that is named, in the order of the file.
    pub(super) fn characteristics(&mut self, written: &WrittenScenario, outline: &Outline) -> Vec<Characteristic> {
        let path = KeyPath::of(&["characteristics"]);
        self.usable_names(&path, "characteristic");
        self.at_most(MAX_CHARACTERISTICS, &path, "characteristics");
        let all = written.characteristics.clone().unwrap_or_default();
        let names = self.tree.keys(&path);
        let one = |name: String| {
            let here = path.key(&name);
            self.is_free(&name, &here, outline);
            self.characteristic(&name, &all.get(&name).cloned().unwrap_or_default(), &here, outline)
        };
        names.into_iter().map(one).collect()
    }

    /// Reports a name that stands for something else in plans or data.
    fn is_free(&mut self, name: &str, path: &KeyPath, outline: &Outline) {
        let taken = if outline.outcomes.iter().any(|outcome| outcome == name) {
            "an outcome has it, and a plan could mean either"
        } else if name == THERAPIST && self.tree.has(&KeyPath::of(&["therapists"])) {
            "it is that of the column of therapists"
        } else if HEADINGS.contains(&name) {
            "it is the heading of a column in written data"
        } else {
            return;
        };
        let message = format!("the name of characteristic `{name}` is taken: {taken}");
        self.report_key(codes::UNUSABLE_NAME, path, message, |problem| {
            problem.help("give another short name; readers see the `label`")
        });
    }

    fn characteristic(
        &mut self,
        name: &str,
        written: &WrittenCharacteristic,
        path: &KeyPath,
        outline: &Outline,
    ) -> Characteristic {
        let levels = self.levels(written, &path.key("levels"));
        Characteristic {
            name: name.to_owned(),
            label: written.label.clone().unwrap_or_else(|| name.to_owned()),
            change: self.level_changes(written, &path.key("change"), outline, &levels),
            levels,
        }
    }

    fn levels(&mut self, written: &WrittenCharacteristic, path: &KeyPath) -> Vec<Level> {
        self.require(path, "levels = { female = 0.6, male = 0.4 }");
        self.usable_words(path, "level");
        let n_written = self.tree.keys(path).len();
        if self.tree.has(path) && !(2..=MAX_LEVELS).contains(&n_written) {
            let message = format!("a characteristic has 2 to {MAX_LEVELS} levels, but here {}", are(n_written));
            self.report_key(codes::CHARACTERISTIC, path, message, |problem| problem);
        }
        let shares = written.levels.clone().unwrap_or_default();
        self.shares_of_a_whole(&shares, Within::ZeroToOne, path);
        shares.into_iter().map(|(name, share)| Level { name, share }).collect()
    }

    /// Change per outcome and level; what is not named changes nothing.
    fn level_changes(
        &mut self,
        written: &WrittenCharacteristic,
        path: &KeyPath,
        outline: &Outline,
        levels: &[Level],
    ) -> Vec<Vec<f64>> {
        self.keys_among(path, &outline.outcomes, "an outcome of this name");
        let names: Vec<String> = levels.iter().map(|level| level.name.clone()).collect();
        for outcome in self.tree.keys(path) {
            self.keys_among(&path.key(&outcome), &names, "a level of this name");
        }
        let change = |outcome: &String, level: &Level| {
            let of_outcome = written.change.as_ref().and_then(|change| change.get(outcome));
            of_outcome.and_then(|levels| levels.0.get(&level.name)).copied().unwrap_or(0.0)
        };
        let of_outcome = |outcome: &String| levels.iter().map(|level| change(outcome, level)).collect();
        outline.outcomes.iter().map(of_outcome).collect()
    }
}

fn are(n: usize) -> String {
    format!("{} {}", if n == 1 { "is" } else { "are" }, count(n, "level"))
}
