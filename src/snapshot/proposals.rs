//! What waits to be accepted: computed values that differ from the kept ones, taken over or turned down one by one.

use super::kept::{Acceptance, KeptQuantity, Snapshot};

/// Takes the computed value of a quantity over, with the reason; one that is no longer computed goes. False where neither has it.
pub fn accept(kept: &mut Snapshot, now: &Snapshot, id: &str, reason: &str) -> bool {
    match now.quantities.get(id) {
        Some(own) => {
            let accepted = Acceptance { reason: reason.to_owned(), ..now.made.clone() };
            let own = KeptQuantity { value: own.value.clone(), accepted: Some(accepted), line: None };
            kept.quantities.insert(id.to_owned(), own);
            true
        }
        None => kept.quantities.remove(id).is_some(),
    }
}

/// Turns the computed value of a quantity down: what waits is as what is kept, until it is computed again.
pub fn reject(kept: &Snapshot, now: &mut Snapshot, id: &str) {
    match kept.quantities.get(id) {
        Some(own) => now.quantities.insert(id.to_owned(), own.clone()),
        None => now.quantities.remove(id),
    };
}

/// Whether anything still waits.
pub fn is_open(kept: &Snapshot, now: &Snapshot) -> bool {
    let values = |own: &Snapshot| -> Vec<(String, super::Value)> {
        own.quantities.iter().map(|(id, own)| (id.clone(), own.value.clone())).collect()
    };
    values(kept) != values(now)
}
