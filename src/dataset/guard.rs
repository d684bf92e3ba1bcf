//! Calls into polars: its errors and its panics become a message.

use polars::prelude::PolarsResult;

/// Runs a call into polars; see [`crate::guard::guarded`].
pub(super) fn guarded<T>(call: impl FnOnce() -> PolarsResult<T>) -> Result<T, String> {
    crate::guard::guarded(call)
}
