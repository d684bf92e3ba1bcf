//! Jobs of a cluster: scripts run by a shell and manifests read by a YAML reader, with titles and paths full of signs that mean something
//! to either.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use saphyr::{LoadableYamlNode, YamlOwned};

use linger::report::cluster::{ClusterError, ClusterFile, Job, Runs, job_name, kubernetes, slurm};

use crate::program::Desk;

/// Whatever a title may hold that could end a comment, a quote or a line, or be taken for an instruction.
const NASTY: &str = "it's \"50 %\" $(touch pwned) `touch pwned` \\ {{ name }} {% raw %} #x: y\n#SBATCH --array=0-999\n---\nkind: Pod\r\u{85}a\u{2028}b\u{7}é";

fn job(title: &str, scenario: &str) -> Job {
    Job {
        name: job_name("my trial", "0123456789abcdef"),
        title: title.to_owned(),
        scenario_hash: "0123456789abcdef".to_owned(),
        scenario: scenario.to_owned(),
        replicates: 1_000,
        shards: 3,
    }
}

fn text<'a>(files: &'a [ClusterFile], name: &str) -> &'a str {
    &files.iter().find(|file| file.name == name).unwrap().text
}

/// A desk with a folder of stand-ins that write their arguments to `said`, one per line.
struct Stage {
    desk: Desk,
}

impl Stage {
    fn new() -> Self {
        let desk = Desk::new();
        std::fs::create_dir(desk.path("bin")).unwrap();
        Self { desk }
    }

    /// A program that notes its name and arguments, and answers with a text.
    fn stand_in(&self, name: &str, answer: &str) {
        let path = self.desk.path("bin").join(name);
        let script = format!("#!/bin/sh\nprintf '%s\\n' {name} \"$@\" >> \"$SAID\"\n{answer}\n");
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Runs a shell with the stand-ins before everything else on the path.
    fn shell(&self, folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        let path = format!("{}:{}", self.desk.path("bin").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command.args(arguments).current_dir(folder).env("PATH", path).env("SAID", self.desk.path("said"));
        command.envs(environment.iter().copied()).output().unwrap()
    }

    /// What the stand-ins were told since the last time.
    fn said(&self) -> Vec<String> {
        let lines = self.desk.read("said").lines().map(str::to_owned).collect();
        std::fs::remove_file(self.desk.path("said")).unwrap();
        lines
    }
}

fn fine(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The instructions that Slurm reads: lines that begin so, before the first command.
fn directives(script: &str) -> Vec<&str> {
    let before = script.lines().take_while(|line| line.starts_with('#'));
    before.filter_map(|line| line.strip_prefix("#SBATCH ")).collect()
}

#[test]
fn the_scripts_of_slurm_do_what_they_say_whatever_the_title() {
    let stage = Stage::new();
    let files = slurm(&job(NASTY, "seed = 1\n")).unwrap();
    assert_eq!(
        files.iter().map(|file| file.name).collect::<Vec<_>>(),
        ["scenario.toml", "array.sbatch", "merge.sbatch", "submit.sh"]
    );
    assert_eq!(text(&files, "scenario.toml"), "seed = 1\n");
    let array = [
        "--job-name=linger-my-trial-01234567",
        "--array=0-2",
        "--cpus-per-task=1",
        "--mem=1G",
        "--requeue",
        "--open-mode=append",
        "--output=logs/shard-%a.log",
    ];
    assert_eq!(directives(text(&files, "array.sbatch")), array);
    // A folder whose name a shell could take for something else.
    let folder = stage.desk.path("-r it's $HOME");
    std::fs::create_dir(&folder).unwrap();
    for file in &files {
        std::fs::write(folder.join(file.name), &file.text).unwrap();
    }
    stage.stand_in("linger", "");
    let place = folder.display().to_string();
    for (task, cpus) in [("0", None), ("2", Some("4"))] {
        let mut environment = vec![("SLURM_SUBMIT_DIR", place.as_str()), ("SLURM_ARRAY_TASK_ID", task)];
        environment.extend(cpus.map(|cpus| ("SLURM_CPUS_PER_TASK", cpus)));
        // As a node runs it: a copy elsewhere.
        let copy = stage.desk.path("slurm_script");
        std::fs::copy(folder.join("array.sbatch"), &copy).unwrap();
        fine(&stage.shell(&stage.desk.path("bin"), &[copy.to_str().unwrap()], &environment));
        let shard = task.parse::<u64>().unwrap() + 1;
        let (part, output) = (format!("{shard}/3"), format!("runs/shard-{shard}"));
        let expected = [
            "linger",
            "evaluate",
            "scenario.toml",
            "--replicates",
            "1000",
            "--shard",
            &part,
            "-o",
            &output,
            "-j",
            cpus.unwrap_or("1"),
        ];
        assert_eq!(stage.said(), expected);
    }
    for shard in 1..=3 {
        std::fs::create_dir_all(folder.join(format!("runs/shard-{shard}"))).unwrap();
    }
    fine(&stage.shell(&folder, &["merge.sbatch"], &[("SLURM_SUBMIT_DIR", &place)]));
    let expected = "linger merge runs/shard-1 runs/shard-2 runs/shard-3 -o runs/merged \
                    linger analyse runs/merged -o runs/performance.csv";
    assert_eq!(stage.said().join(" "), expected);
}

#[test]
fn submitting_to_slurm_makes_the_merge_wait_for_the_shards() {
    let stage = Stage::new();
    for file in slurm(&job(NASTY, "seed = 1\n")).unwrap() {
        stage.desk.write(file.name, &file.text);
    }
    stage.stand_in("sbatch", "case \"$*\" in *array.sbatch) echo '41;cluster' ;; *) echo 42 ;; esac");
    let submit = stage.desk.path("submit.sh");
    let told = fine(&stage.shell(Path::new("/"), &[submit.to_str().unwrap(), "--partition=a b", "--time=30"], &[]));
    let expected = [
        "sbatch",
        "--parsable",
        "--partition=a b",
        "--time=30",
        "array.sbatch",
        "sbatch",
        "--parsable",
        "--partition=a b",
        "--time=30",
        "--dependency=afterok:41",
        "--kill-on-invalid-dep=yes",
        "merge.sbatch",
    ];
    assert_eq!(stage.said(), expected);
    assert_eq!(
        told,
        format!(
            "{NASTY}\nsubmitted: 3 shards as job 41, their merge as job 42; logs in logs, the result in runs/merged and runs/performance.csv\n"
        )
    );
    assert_eq!(stage.desk.files("."), ["array.sbatch", "bin", "logs", "merge.sbatch", "scenario.toml", "submit.sh"]);
    // Where the first is refused, the second is not submitted.
    stage.stand_in("sbatch", "exit 1");
    assert!(!stage.shell(Path::new("/"), &[submit.to_str().unwrap()], &[]).status.success());
    assert_eq!(stage.said(), ["sbatch", "--parsable", "array.sbatch"]);
}

/// The documents of a YAML text.
fn documents(text: &str) -> Vec<YamlOwned> {
    YamlOwned::load_from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// What is at a path of keys and positions.
fn at<'a>(document: &'a YamlOwned, path: &str) -> &'a YamlOwned {
    path.split('/').fold(document, |node, step| match step.parse::<usize>() {
        Ok(position) => &node[position],
        Err(_) => &node[step],
    })
}

fn word<'a>(document: &'a YamlOwned, path: &str) -> &'a str {
    at(document, path).as_str().unwrap_or_else(|| panic!("{path}"))
}

#[test]
fn the_manifests_of_kubernetes_hold_every_text_to_the_letter() {
    let scenarios = [
        "a = 1\n\n# x: \"y\"\n\tb = '''{{ c }}'''\n",
        "a = \"\u{85}\u{2028}\u{feff}\"\r\n",
        " a = 1\n",
        "a = 1",
        "a\n\n",
    ];
    for scenario in scenarios {
        let job = job(NASTY, scenario);
        let files =
            kubernetes(&job, "registry:5000/it's \"linger\": $(x) #1", &Runs::HostPath("/data/a: 'b' {c}".to_owned()))
                .unwrap();
        let shards = documents(text(&files, "shards.yaml"));
        assert_eq!(shards.len(), 2);
        let [config, indexed] = [&shards[0], &shards[1]];
        assert_eq!((word(config, "kind"), word(config, "apiVersion")), ("ConfigMap", "v1"));
        assert_eq!(word(config, "data/scenario.toml"), scenario);
        let merge = &documents(text(&files, "merge.yaml"))[0];
        for (document, name) in [(indexed, "linger-my-trial-01234567"), (merge, "linger-my-trial-01234567-merge")] {
            assert_eq!((word(document, "kind"), word(document, "apiVersion")), ("Job", "batch/v1"));
            assert_eq!(word(document, "metadata/name"), name);
            // Keys with a slash of their own are no steps of a path.
            assert_eq!(at(document, "metadata/annotations")["linger/title"].as_str(), Some(NASTY));
            assert_eq!(
                word(document, "spec/template/spec/containers/0/image"),
                "registry:5000/it's \"linger\": $(x) #1"
            );
            let volumes = at(document, "spec/template/spec/volumes").as_sequence().unwrap();
            assert_eq!(word(volumes.last().unwrap(), "hostPath/path"), "/data/a: 'b' {c}");
        }
    }
}

#[test]
fn an_indexed_job_has_a_completion_per_shard() {
    let files = kubernetes(&job("A trial", "seed = 1\n"), "linger:1", &Runs::NewClaim).unwrap();
    let shards = documents(text(&files, "shards.yaml"));
    assert_eq!(
        shards.iter().map(|own| word(own, "kind")).collect::<Vec<_>>(),
        ["ConfigMap", "PersistentVolumeClaim", "Job"]
    );
    let spec = &shards[2]["spec"];
    assert_eq!(word(spec, "completionMode"), "Indexed");
    assert_eq!((spec["completions"].as_integer(), spec["parallelism"].as_integer()), (Some(3), Some(3)));
    assert_eq!(spec["backoffLimitPerIndex"].as_integer(), Some(3));
    // Kubernetes requires the first of these with the second.
    assert_eq!(word(spec, "template/spec/restartPolicy"), "Never");
    assert_eq!(word(spec, "podFailurePolicy/rules/0/action"), "Ignore");
    let claim = word(&shards[1], "metadata/name");
    let volumes = at(spec, "template/spec/volumes");
    assert_eq!(word(volumes, "0/configMap/name"), word(&shards[0], "metadata/name"));
    assert_eq!(word(volumes, "1/persistentVolumeClaim/claimName"), claim);
    let names: Vec<&str> = (0..2).map(|position| word(&volumes[position], "name")).collect();
    let mounts = at(spec, "template/spec/containers/0/volumeMounts");
    assert_eq!((0..2).map(|position| word(&mounts[position], "name")).collect::<Vec<_>>(), names);
    let merge = &documents(text(&files, "merge.yaml"))[0];
    assert_eq!(word(merge, "spec/template/spec/volumes/0/persistentVolumeClaim/claimName"), claim);
    let folders = [spec, &merge["spec"]].map(|spec| {
        let mounts = at(spec, "template/spec/containers/0/volumeMounts").as_sequence().unwrap();
        (word(mounts.last().unwrap(), "mountPath").to_owned(), word(mounts.last().unwrap(), "subPath").to_owned())
    });
    assert_eq!(folders[0], folders[1]);
    // An existing claim is not made again.
    let files = kubernetes(&job("A trial", "seed = 1\n"), "linger:1", &Runs::Claim("shared".to_owned())).unwrap();
    let shards = documents(text(&files, "shards.yaml"));
    assert_eq!(shards.len(), 2);
    assert_eq!(word(&shards[1], "spec/template/spec/volumes/1/persistentVolumeClaim/claimName"), "shared");
}

#[test]
fn pods_run_the_shard_of_their_index() {
    let stage = Stage::new();
    let files = kubernetes(&job("A trial", "seed = 1\n"), "linger:1", &Runs::NewClaim).unwrap();
    stage.stand_in("linger", "");
    let container = |yaml: &str, document: usize| {
        let documents = documents(text(&files, yaml));
        let container = at(&documents[document], "spec/template/spec/containers/0").clone();
        assert_eq!((word(&container, "command/0"), word(&container, "command/1")), ("/bin/sh", "-c"));
        word(&container, "args/0").to_owned()
    };
    let evaluate = container("shards.yaml", 2);
    fine(&stage.shell(Path::new("/"), &["-c", &evaluate], &[("JOB_COMPLETION_INDEX", "2")]));
    let expected = [
        "linger",
        "evaluate",
        "/scenario/scenario.toml",
        "--replicates",
        "1000",
        "--shard",
        "3/3",
        "-o",
        "/runs/shard-3",
        "-j",
        "1",
    ];
    assert_eq!(stage.said(), expected);
    fine(&stage.shell(Path::new("/"), &["-c", &container("merge.yaml", 0)], &[]));
    let expected = "linger merge /runs/shard-* -o /runs/merged linger analyse /runs/merged -o /runs/performance.csv";
    assert_eq!(stage.said().join(" "), expected);
    // Where shards are missing, nothing is summarised.
    stage.stand_in("linger", "exit 5");
    assert_eq!(stage.shell(Path::new("/"), &["-c", &container("merge.yaml", 0)], &[]).status.code(), Some(5));
    assert_eq!(stage.said().join(" "), "linger merge /runs/shard-* -o /runs/merged");
}

#[test]
fn submitting_to_kubernetes_merges_when_the_shards_are_complete() {
    let stage = Stage::new();
    for file in kubernetes(&job(NASTY, "seed = 1\n"), "linger:1", &Runs::NewClaim).unwrap() {
        stage.desk.write(file.name, &file.text);
    }
    let submit = stage.desk.path("submit.sh");
    let submit = submit.to_str().unwrap();
    stage.stand_in("kubectl", "");
    let told = fine(&stage.shell(Path::new("/"), &[submit, "--namespace=trials"], &[]));
    assert!(
        told.ends_with(&format!("{NASTY}\non the storage of the runs: linger-my-trial-01234567/merged and linger-my-trial-01234567/performance.csv\n")),
        "{told}"
    );
    let name = "job/linger-my-trial-01234567";
    let merge = format!("{name}-merge");
    let expected = [
        "kubectl",
        "apply",
        "--namespace=trials",
        "-f",
        "shards.yaml",
        "kubectl",
        "wait",
        "--namespace=trials",
        "--for=condition=complete",
        "--timeout=60s",
        name,
        "kubectl",
        "apply",
        "--namespace=trials",
        "-f",
        "merge.yaml",
        "kubectl",
        "wait",
        "--namespace=trials",
        "--for=condition=complete",
        "--timeout=3600s",
        &merge,
    ];
    assert_eq!(stage.said(), expected);
    // Shards that failed for good end the waiting, and nothing is merged.
    stage.stand_in("kubectl", "case \"$*\" in *condition=complete*) exit 1 ;; esac");
    let output = stage.shell(Path::new("/"), &[submit], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the shards failed"));
    assert!(!stage.said().contains(&"merge.yaml".to_owned()));
    // A cluster that no longer answers ends it too.
    stage.stand_in("kubectl", "case \"$1\" in apply) ;; *) exit 1 ;; esac");
    assert!(!stage.shell(Path::new("/"), &[submit], &[]).status.success());
}

#[test]
fn empty_shards_are_refused() {
    let job = |replicates, shards| Job { replicates, shards, ..job("A trial", "seed = 1\n") };
    for (replicates, shards, most) in [(256, 2, 1), (257, 3, 2), (1_000, 5, 4), (10, 0, 1)] {
        match slurm(&job(replicates, shards)) {
            Err(ClusterError::TooManyShards { most: told, .. }) => assert_eq!(told, most),
            other => panic!("{other:?}"),
        }
        assert!(kubernetes(&job(replicates, shards), "linger:1", &Runs::NewClaim).is_err());
    }
    assert!(slurm(&job(257, 2)).is_ok());
}

#[test]
fn the_command_writes_a_folder_and_leaves_other_files_alone() {
    let desk = Desk::new();
    let said = desk.linger("generate slurm small-pilot --replicates 1000 --shards 4 -s arms.relaxation.sessions=5");
    assert_eq!((said.code, said.stdout.as_str()), (0, ""), "{}", said.stderr);
    let hash = desk.linger("validate small-pilot -s arms.relaxation.sessions=5").fine();
    let hash = hash.trim().rsplit(' ').next().unwrap().to_owned();
    let folder = format!("linger-small-pilot-{}", &hash[..8]);
    assert!(said.stderr.contains(&format!("Next, where Slurm is: sh {folder}/submit.sh")), "{}", said.stderr);
    assert_eq!(desk.files(&folder), ["array.sbatch", "merge.sbatch", "scenario.toml", "submit.sh"]);
    assert!(desk.linger(&format!("validate {folder}/scenario.toml")).fine().contains(&hash));
    // The same again is fine; another number of shards is not, unless it is forced.
    let again = "generate slurm small-pilot --replicates 1000 -s arms.relaxation.sessions=5 -q";
    desk.linger(&format!("{again} --shards 4")).fine();
    let before = desk.read(&format!("{folder}/array.sbatch"));
    let said = desk.linger(&format!("{again} --shards 2"));
    assert_eq!(said.code, 2);
    assert!(
        said.stderr.contains("other files of these names exist (array.sbatch, merge.sbatch, submit.sh)"),
        "{}",
        said.stderr
    );
    assert_eq!(desk.read(&format!("{folder}/array.sbatch")), before);
    desk.linger(&format!("{again} --shards 2 --force")).fine();
    assert_ne!(desk.read(&format!("{folder}/array.sbatch")), before);
}

#[test]
fn the_command_refuses_what_makes_no_job() {
    let desk = Desk::new();
    for (arguments, message) in [
        ("slurm --replicates 1000", "--shards <NUMBER>"),
        (
            "slurm --replicates 1000 --shards 5",
            "5 shards of 1000 replicates: a shard is made of whole blocks of 256 replicates",
        ),
        ("slurm --shards 2 --format json", "--format does not apply here"),
        ("slurm no-such-trial --shards 2", "there is no such file and no built-in scenario of that name"),
        ("kubernetes --shards 2", "--image <IMAGE>"),
        ("kubernetes --shards 2 --image ' '", "--image is empty"),
        ("kubernetes --shards 2 --image a --claim b --host-path c", "cannot be used with"),
    ] {
        let said = desk.linger(&format!("generate {arguments}"));
        assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{arguments}");
        assert!(said.stderr.contains(message), "{arguments}: {}", said.stderr);
    }
    assert!(desk.files(".").is_empty());
    desk.linger("generate kubernetes small-pilot --shards 2 --image linger:1 -o k8s/ -q").fine();
    assert_eq!(desk.files("k8s"), ["merge.yaml", "shards.yaml", "submit.sh"]);
}
