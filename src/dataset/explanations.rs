//! Why each problem of a data file is one, and how it is put right: the longer text of every code.

use super::IntakeCode;

impl IntakeCode {
    /// Why this is a problem and how it is put right.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::NotReadable => {
                "The file does not exist or may not be opened. Check the path as seen from the current directory."
            }
            Self::Empty => "There is nothing in the file. Usually an export was broken off; write it again.",
            Self::NoRows => {
                "The headings are there, but no participant is. Usually a filter left nothing over when the file was written."
            }
            Self::NoHeader => {
                "Columns are found by their headings, so the first line of the file must hold them. Here it looks like a row of data."
            }
            Self::NotUtf8 => {
                "Letters beyond ASCII can only be read if it is known how they are stored. Save the file as \u{201c}CSV UTF-8\u{201d}; the \
                 message says at which line reading stopped."
            }
            Self::OtherFormat => {
                "The first bytes are those of another kind of file, such as a workbook or a compressed file, whatever its name ends in. \
                 Unpack it, or export the sheet as CSV (UTF-8)."
            }
            Self::Damaged => {
                "The file begins like a table but cannot be followed to its end, or a column that is needed is of a type that is not \
                 read. Write it again, with texts, whole numbers or floating-point numbers in that column."
            }
            Self::Ragged => {
                "With a cell too many or too few, everything after it would slip into the wrong column. Usual causes are a decimal comma \
                 or a separator inside a text: put such cells in quotation marks."
            }
            Self::OpenQuote => {
                "A quotation mark encloses a whole cell, from its first to its last character; one that belongs to the text is doubled. \
                 Left open, it would swallow the rows below."
            }
            Self::HeadingTwice => {
                "Which of two columns with the same heading is meant cannot be told, and they need not agree. Rename or remove one."
            }
            Self::ColumnMissing => {
                "Without a columns.toml the headings are those of the tidy form (participant, arm, outcome, visit_week, value) or of the \
                 ADaM-style one (USUBJID, TRT01P, PARAMCD, AVISITN, AVAL). Otherwise a columns.toml says which heading means what; \
                 `linger generate schema --for columns` lists its keys."
            }
            Self::Separator => {
                "The separator that columns.toml gives does not divide the header, while another one does. Correct `separator` or leave \
                 it out: the header then shows it."
            }
            Self::TooLarge => {
                "At most 256 MB and 20 million cells are read, so that no file can take more memory than a computer has. No randomised \
                 trial is larger: usually the file holds more than the trial. Leave out what the analysis does not need."
            }
            Self::NoParticipant => {
                "A value that belongs to nobody can be neither paired with its baseline nor counted. Write the identifier on every row."
            }
            Self::UnknownArm => {
                "Every participant is analysed in the arm of the randomisation, so none may be without one. Other spellings of an arm go \
                 under `in_file` of that arm in columns.toml."
            }
            Self::TwoArms => {
                "People are analysed as randomised, even if they changed over to other care, so one participant has one arm on all rows. \
                 Often two people were given the same identifier."
            }
            Self::ArmsFound => {
                "A trial has at least two arms with at least two participants each. A single arm, dozens of them, or an arm of one person \
                 points to a wrong column or a misspelt name."
            }
            Self::UnknownVisit => {
                "Visits are weeks since randomisation. Where the file names them otherwise, `[visits]` in columns.toml says which week \
                 each name stands for: \"6 months\" = 26."
            }
            Self::NoBaselineVisit => {
                "Analyses adjust for the value before treatment, so one visit must be week 0, or a column must repeat the baseline on \
                 every row."
            }
            Self::TooManyVisits => {
                "A trial has at most 32 different visits. More of them usually means that days or dates stand where weeks belong; bring \
                 measurements at odd times to the week of the planned visit."
            }
            Self::UnknownOutcome => {
                "A row does not say which outcome it holds, or says it in a spelling that is nearly, but not quite, that of an outcome. \
                 Spell each outcome in one way, or list its other spellings under `in_file` of the outcome in columns.toml."
            }
            Self::OutcomesFound => {
                "Where columns.toml names no outcomes, every text of the outcome column is one. A trial has a few; more than 64 usually \
                 means that the column holds something else, such as values or dates. Name the right column, or the outcomes."
            }
            Self::NotANumber => {
                "Scores are numbers, and a text among them is never guessed at. If it stands for a missing value, add it to the list \
                 `missing` in columns.toml."
            }
            Self::DecimalComma => {
                "Whether 1,5 is one and a half or two cells depends on the file. Write decimal points, or set `decimal_mark = \",\"` in \
                 columns.toml."
            }
            Self::OutOfRange => {
                "The value lies outside the `range` that columns.toml gives for the outcome. Correct the cell, or the range if it is \
                 wrong; values such as 99 often stand for missing and then belong into the list `missing`."
            }
            Self::Duplicate => {
                "One participant has two values of the same outcome at the same visit, and which one counts cannot be told. Keep one of \
                 the rows, or correct its participant or visit."
            }
            Self::NoBaseline => {
                "Analysis of covariance needs everybody's baseline. Fill it in, or set `baseline_may_be_missing = true` in columns.toml: \
                 participants without one are then left out by methods that need it."
            }
            Self::TwoBaselines => {
                "The baseline is measured once, before randomisation, so every row of a participant that repeats it holds the same value."
            }
            Self::CovariateChanges => {
                "Covariates are measured once, before randomisation, and are the same on all rows of a participant. What changes \
                 afterwards may be an effect of treatment and must not be adjusted for."
            }
            Self::UnknownLevel => {
                "The factor's `levels` in columns.toml do not contain this text, or its `reference` is a level that nobody has."
            }
        }
    }
}
