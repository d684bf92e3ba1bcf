//! What must hold of all problems, whichever door they come from.

use linger::scenario::{Place, Problems};

/// There is a reason, in words, and every place is a stretch of whole letters of the text.
pub fn check(problems: &Problems) {
    assert!(!problems.is_empty(), "refused without a reason");
    for problem in problems {
        assert!(!problem.message.is_empty(), "{problem:?}");
        if let Some(Place::Text { source, span }) = &problem.place {
            assert!(source.text().get(span.clone()).is_some(), "{problem:?}");
        }
    }
    assert!(!problems.to_string().is_empty());
}
