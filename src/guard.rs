//! The guard around calls into outside packages that may panic: their errors and their panics become a message, and their panics print nothing.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Number of guarded calls under way, in any thread.
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);

/// Runs a call into an outside package; an error or a panic inside it comes back as its message.
///
/// polars panics on some files it has not been built for (Parquet with dictionary or struct columns), on some damaged ones and where the system
/// gives it no thread; what packs a PDF panics where the system gives it no memory. While such a call is under way, panics outside our own
/// source files are not reported on stderr; all others are, as before.
///
/// # Errors
/// The message of the error or of the panic.
pub fn guarded<T, E: Display>(call: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    install_hook();
    UNDER_WAY.fetch_add(1, Ordering::SeqCst);
    let outcome = catch_unwind(AssertUnwindSafe(call));
    UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
    match outcome {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(error.to_string()),
        Err(payload) => Err(message_of(payload.as_ref())),
    }
}

/// Puts, once per process, a hook before the one that reports panics: polars works in threads of its own, so the choice
/// cannot be made where the call is.
fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let report = take_hook();
        set_hook(Box::new(move |panic| {
            let is_ours = panic.location().is_some_and(|location| is_ours(location.file()));
            if is_ours || UNDER_WAY.load(Ordering::SeqCst) == 0 {
                report(panic);
            }
        }));
    });
}

/// Whether a source file is of this crate: its path begins like the one of this file.
fn is_ours(file: &str) -> bool {
    file!().strip_suffix("guard.rs").is_some_and(|folder| file.starts_with(folder))
}

fn message_of(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a fault without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_panics_become_messages() {
        assert_eq!(guarded::<_, String>(|| Ok(1)), Ok(1));
        assert_eq!(guarded::<i32, _>(|| Err("no")), Err("no".to_owned()));
        assert_eq!(guarded::<i32, String>(|| panic!("a {}", "fault")), Err("a fault".to_owned()));
    }

    #[test]
    fn our_own_files_are_told_from_those_of_others() {
        assert!(is_ours(file!()));
        assert!(!is_ours("/home/somebody/.cargo/registry/src/polars-core/src/lib.rs"));
        assert!(!is_ours("/rustc/0000/library/std/src/thread/functions.rs"));
    }
}
