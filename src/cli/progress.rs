//! How far a long run is: a bar with the time that is left, and the user's wish to stop, with a bar or without one.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::{Console, is_dumb, write_stderr};
use crate::operating_characteristics::Progress;

/// Exit code of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// Whether the user has asked to stop.
static STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// The flag that Ctrl-C sets, and the signal by which clusters take a process off a node; a second one ends the program at once.
fn stop() -> &'static AtomicBool {
    STOP.get_or_init(|| {
        let flag = Arc::new(AtomicBool::new(false));
        // The order matters: the shutdown looks at the flag before the other sets it. Where a handler cannot be set, Ctrl-C ends the
        // program as it always does.
        let set = |signal| {
            signal_hook::flag::register_conditional_shutdown(signal, INTERRUPTED, Arc::clone(&flag))?;
            signal_hook::flag::register(signal, Arc::clone(&flag))
        };
        let _ = set(signal_hook::consts::SIGINT);
        let _ = set(signal_hook::consts::SIGTERM);
        flag
    })
}

/// Lets a file that grows past what the system allows (`ulimit -f`) be an error like a full disk, not the end of the program.
pub fn survive_full_files() {
    #[cfg(unix)]
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::new(AtomicBool::new(false)));
}

/// How often a run without a bar is asked whether to stop.
const LOOK: Duration = Duration::from_millis(50);

/// For a run that keeps nothing before its end: from here on Ctrl-C ends the program with a word on that.
pub fn stop_keeps_nothing() {
    stop();
    // Without a thread to spare, Ctrl-C ends the program at the second time.
    let _ = thread::Builder::new().spawn(|| {
        while !stop().load(Ordering::Relaxed) {
            thread::sleep(LOOK);
        }
        write_stderr("Stopped; nothing is kept.");
        std::process::exit(INTERRUPTED);
    });
}

/// A bar on standard error, where that is a terminal.
pub struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// A bar for so many replicates. From here on Ctrl-C asks to stop; a second time it stops at once.
    pub fn new(console: &Console, n_replicates: u64) -> Self {
        stop();
        let hidden = console.is_quiet() || is_dumb();
        let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(n_replicates), target);
        let (between, blocks) = if console.is_ascii() { (";", "##.") } else { ("·", "█▌░") };
        let template = format!("{{bar:30}} {{human_pos}} of {{human_len}} {between} {{eta}} left {between} {{msg}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.progress_chars(blocks));
        }
        Self { bar }
    }

    /// Shows how far it is, with a running estimate.
    pub fn tell(&self, progress: Progress, message: impl FnOnce() -> String) {
        if !self.bar.is_hidden() {
            self.bar.set_position(progress.done);
            self.bar.set_message(message());
        }
    }

    /// Whether to go on.
    pub fn go_on(&self) -> ControlFlow<()> {
        if stop().load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// A bar on standard error for steps that are counted and not asked whether to stop: Ctrl-C ends the program as it always does.
pub struct Steps {
    bar: ProgressBar,
}

impl Steps {
    /// A bar for so many steps; `noun` says what they are.
    pub fn new(console: &Console, n_steps: u64, noun: &'static str) -> Self {
        let target = if console.is_quiet() { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(n_steps), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {human_pos} of {human_len} {msg}") {
            bar.set_style(style.progress_chars("█▌░"));
        }
        bar.set_message(noun);
        Self { bar }
    }

    /// Says how many steps are done.
    pub fn tell(&self, done: u64) {
        self.bar.set_position(done);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
