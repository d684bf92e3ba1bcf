//! The threads that replicates are shared out to: as many as are wanted, or as the system gives.

use std::sync::Mutex;
use std::thread;

/// Makes the pool of threads. Where the system gives fewer than are wanted (`ulimit -u`, a full container), there are fewer, down to
/// the one that runs already: results do not depend on it.
pub fn make_pool(wanted: Option<usize>) {
    let wanted = wanted.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let given = given(wanted);
    let builder = match given {
        0 => rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread(),
        _ => rayon::ThreadPoolBuilder::new().num_threads(given),
    };
    // Fails only if a pool exists already, as in tests that call this twice.
    let _ = builder.build_global();
}

/// Number of threads that can be had at once, at most as many as are wanted. A pool that was tried for and not had cannot be tried for
/// again, so that threads are counted before.
fn given(wanted: usize) -> usize {
    let door = Mutex::new(());
    let given = thread::scope(|scope| {
        let closed = door.lock();
        let wait = || drop(door.lock());
        let given = (0..wanted).take_while(|_| thread::Builder::new().spawn_scoped(scope, wait).is_ok()).count();
        drop(closed);
        given
    });
    // Where they are short, some room is left to others.
    if given == wanted { given } else { given / 2 }
}
