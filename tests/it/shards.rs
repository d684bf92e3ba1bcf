//! A job array run by hand: every shard by a process of its own, some killed and started again, merged into the run of one process.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::program::Desk;

/// Every file below a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let below = files(&path).into_iter();
            all.extend(below.map(|(name, bytes)| (Path::new(path.file_name().unwrap()).join(name), bytes)));
        } else {
            all.insert(PathBuf::from(path.file_name().unwrap()), std::fs::read(&path).unwrap());
        }
    }
    all
}

/// Sends a process the signal by which a cluster takes it off its node.
fn terminate(child: &Child) {
    let status = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// Starts a script of the job as Slurm does: with the program on the path, in the folder it was submitted from.
fn start(desk: &Desk, script: &str, task: u64) -> Child {
    let program = Path::new(env!("CARGO_BIN_EXE_linger")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("bash");
    command.arg(desk.path("job").join(script)).current_dir(desk.path("."));
    command.env("PATH", path).env("SLURM_SUBMIT_DIR", desk.path("job")).env("SLURM_ARRAY_TASK_ID", task.to_string());
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn end(child: Child) -> (Option<i32>, String) {
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_task_that_is_taken_off_its_node_keeps_what_it_has_done() {
    let desk = Desk::new();
    let count = 4_000_000;
    desk.linger(&format!("generate slurm plain --replicates {count} --shards 2 -o job/ -q")).fine();
    let manifest =
        |desk: &Desk| std::fs::read_to_string(desk.path("job/runs/shard-1/manifest.toml")).unwrap_or_default();
    let task = start(&desk, "array.sbatch", 0);
    // From when there is a manifest on, records are being computed; more of them than anybody waits for.
    while manifest(&desk).is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(200));
    terminate(&task);
    let (code, said) = end(task);
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("replicates of this part are missing; the same command goes on"), "{said}");
    assert!(manifest(&desk).contains("[[chunks]]"), "{}", manifest(&desk));
}

#[test]
fn the_shards_of_a_job_array_are_the_run_of_one_process() {
    const SHARDS: u64 = 5;
    let desk = Desk::new();
    // Of 14 blocks, shards have two or three; the last block is not whole.
    let scenario = "small-pilot -s arms.relaxation.sessions=5 --seed 7";
    desk.linger(&format!("generate slurm {scenario} --replicates 3400 --shards {SHARDS} -o job/ -q")).fine();
    // All at once, as on nodes of their own; two are killed on the way.
    let mut tasks: Vec<Child> = (0..SHARDS).map(|task| start(&desk, "array.sbatch", task)).collect();
    std::thread::sleep(Duration::from_millis(80));
    for task in [1, 3] {
        tasks[task].kill().unwrap();
    }
    let ended: Vec<(Option<i32>, String)> = tasks.into_iter().map(end).collect();
    for task in [0, 2, 4] {
        assert_eq!(ended[task].0, Some(0), "{}", ended[task].1);
    }
    // Before the killed ones have run again, they are missed, unless they were done when they were killed.
    if ended[1].0 != Some(0) || ended[3].0 != Some(0) {
        let (code, said) = end(start(&desk, "merge.sbatch", 0));
        assert!(matches!(code, Some(2 | 5)), "{code:?}: {said}");
        assert!(!desk.path("job/runs/performance.csv").exists());
    }
    for task in [1, 3] {
        let (code, said) = end(start(&desk, "array.sbatch", task));
        assert_eq!(code, Some(0), "{said}");
    }
    let (code, said) = end(start(&desk, "merge.sbatch", 0));
    assert_eq!(code, Some(0), "{said}");
    desk.linger(&format!("evaluate {scenario} --replicates 3400 -o alone/ -q")).fine();
    assert_eq!(files(&desk.path("job/runs/merged")), files(&desk.path("alone")));
    let performance = desk.linger(&format!("evaluate {scenario} --replicates 3400 -q --format csv")).fine();
    assert_eq!(desk.read("job/runs/performance.csv"), performance);
    // A requeued task of a job that is done does nothing, and merging again changes nothing.
    let before = files(&desk.path("job/runs"));
    for (script, task) in [("array.sbatch", 2), ("merge.sbatch", 0)] {
        let (code, said) = end(start(&desk, script, task));
        assert_eq!(code, Some(0), "{said}");
    }
    assert_eq!(files(&desk.path("job/runs")), before);
}
