//! The command line: arguments, files, messages and exit codes; the only home of clap and of printing.
//!
//! Never here: a rule that a library user would miss.
//!
//! # Exit codes
//! 0 fine · 1 the result is there and is not what was required of it (`power --require`, `verify`, a failed comparison of `test`) · 2 what was
//! asked for cannot be done as it was asked: usage, an invalid scenario or data file, a file that cannot be read or written · 3 kept
//! results are missing or belong to something else (`test`) · 4 no case was chosen (`test`) · 5 a run is incomplete · 70 an internal
//! error · 130 broken off by the user.

mod analyse;
mod arguments;
mod ascii;
mod calibrate;
mod compare;
mod conduct;
pub mod diagnostics;
mod envelope;
mod evaluate;
mod explain;
mod explain_word;
mod explore;
mod flow;
mod forest;
mod generate;
mod guard;
mod init;
mod interim;
mod lesson;
mod merge;
mod output;
mod overview;
mod plot;
mod power;
mod progress;
mod recorded;
mod replay;
mod report;
mod schedule;
mod show;
mod simulate;
mod snapshot;
mod source;
mod sweep;
mod tables;
mod terminal;
mod test;
mod threads;
mod trial;
mod truth;
mod validate;
mod verify;

use std::ffi::OsString;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;

use crate::dataset::{IntakeProblem, IntakeProblems};
use crate::operating_characteristics::StoreError;
use crate::scenario::Problems;
use arguments::{Arguments, Verb};
use output::{Console, write_stderr};

/// Exit code for a result that is not what was required of it.
const NOT_MET: u8 = 1;
/// Exit code for a request that cannot be carried out as it stands.
const REFUSED: u8 = 2;
/// Exit code for kept results that are missing or belong to something else.
const NOT_COMPARED: u8 = 3;
/// Exit code for tests of which none was chosen.
const NOTHING_CHOSEN: u8 = 4;
/// Exit code for a run of which a part is still missing.
const INCOMPLETE: u8 = 5;
/// Exit code for an error inside the program.
const INTERNAL: u8 = 70;

/// What was required of a result and does not hold; the result itself has been written.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NotMet(String);

/// Runs the program with its arguments (the first is the program's name) and returns its exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.len() < 2 {
        write_stderr(&overview::text());
        return ExitCode::from(REFUSED);
    }
    progress::survive_full_files();
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // clap prints help to standard output and usage errors to standard error; a closed pipe is nobody's error.
            return ExitCode::from(match error.print() {
                Err(fault) if fault.kind() != ErrorKind::BrokenPipe => REFUSED,
                _ => u8::try_from(error.exit_code()).unwrap_or(REFUSED),
            });
        }
    };
    match catch_unwind(AssertUnwindSafe(|| run(arguments))) {
        Ok(code) => code,
        Err(_) => {
            write_stderr(
                "internal error: this is a fault of linger, not of your files; the message above says where it happened",
            );
            ExitCode::from(INTERNAL)
        }
    }
}

/// Runs a verb and turns its answer into an exit code.
fn run(arguments: Arguments) -> ExitCode {
    let console = Console::new(&arguments.shared);
    threads::make_pool(arguments.shared.jobs.map(usize::from));
    let settings = source::Settings::new(&arguments.shared);
    let result = match arguments.verb {
        Verb::Trial(verb) => trial::run(verb, &settings, &console),
        Verb::Simulate(verb) => simulate::run(verb, &settings, &console),
        Verb::Analyse(verb) => analyse::run(verb, &settings, &console),
        Verb::Compare(verb) => compare::run(verb, &settings, &console),
        Verb::Evaluate(verb) => return answer(evaluate::run(verb, &settings, &console), &console),
        Verb::Replay(verb) => replay::run(verb, &settings, &console),
        Verb::Merge(verb) => merge::run(verb, &settings, &console),
        Verb::Sweep(verb) => return answer(sweep::run(verb, &settings, &console), &console),
        Verb::Interim(verb) => interim::run(verb, &settings, &console),
        Verb::Calibrate(verb) => calibrate::run(verb, &settings, &console),
        Verb::Schedule(verb) => schedule::run(verb, &settings, &console),
        Verb::Truth(verb) => truth::run(verb, &settings, &console),
        Verb::Power(verb) => power::run(verb, &settings, &console),
        Verb::Plot(verb) => plot::run(verb, &settings, &console),
        Verb::Explore(verb) => explore::run(verb, &settings, &console),
        Verb::Lesson(verb) => lesson::run(verb, &settings, &console),
        Verb::Report(verb) => return answer(report::run(verb, &settings, &console), &console),
        Verb::Test(verb) => return answer(test::run(verb, &settings, &console), &console),
        Verb::Snapshot(verb) => return answer(snapshot::run(verb, &settings, &console), &console),
        Verb::Validate(verb) => validate::run(verb, &settings, &console),
        Verb::Show(verb) => show::run(verb, &settings, &console),
        Verb::Explain(verb) => explain::run(verb, &settings, &console),
        Verb::Init(verb) => init::run(verb, &settings, &console),
        Verb::Generate(verb) => generate::run(verb, &settings, &console),
        Verb::Verify(verb) => verify::run(verb, &settings, &console),
    };
    answer(result.map(|()| 0), &console)
}

/// The exit code of an answer; a refusal with its message.
fn answer(result: anyhow::Result<u8>, console: &Console) -> ExitCode {
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            console.tell(&message(&error, console));
            let incomplete = error.downcast_ref::<StoreError>().is_some_and(StoreError::is_incomplete);
            ExitCode::from(match (error.is::<NotMet>(), incomplete) {
                (true, _) => NOT_MET,
                (_, true) => INCOMPLETE,
                _ => REFUSED,
            })
        }
    }
}

/// The message for a request that was refused: all problems with their places, or the error with its causes.
fn message(error: &anyhow::Error, console: &Console) -> String {
    if let Some(problems) = error.downcast_ref::<Problems>() {
        return diagnostics::render(problems, console.drawing());
    }
    if let Some(problems) = error.downcast_ref::<IntakeProblems>() {
        return format!("{problems}{}", diagnostics::more(problems.problems.first().map(IntakeProblem::code)));
    }
    format!("error: {error:#}")
}
