//! The guard around calls into polars: its errors and its panics become a message, and its panics print nothing.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use polars::prelude::PolarsResult;

/// Number of guarded calls under way, in any thread.
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);

/// Runs a call into polars; an error or a panic inside it comes back as its message.
///
/// polars panics on some files it has not been built for (Parquet with dictionary or struct columns) and on some damaged ones.
/// While such a call is under way, panics in polars' own source files are not reported on stderr; all others are, as before.
pub(super) fn guarded<T>(call: impl FnOnce() -> PolarsResult<T>) -> Result<T, String> {
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
            let in_polars = panic.location().is_some_and(|location| location.file().contains("polars"));
            if !(in_polars && UNDER_WAY.load(Ordering::SeqCst) > 0) {
                report(panic);
            }
        }));
    });
}

fn message_of(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a fault without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::polars_bail;

    #[test]
    fn errors_and_panics_become_messages() {
        assert_eq!(guarded(|| Ok(1)), Ok(1));
        assert_eq!(guarded::<i32>(|| polars_bail!(ComputeError: "no")), Err("no".to_owned()));
        assert_eq!(guarded::<i32>(|| panic!("a {}", "fault")), Err("a fault".to_owned()));
    }
}
