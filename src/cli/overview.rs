//! What `linger` alone says: two examples, and every verb by what it is for.

use clap::CommandFactory;

use super::arguments::Arguments;

/// Verbs by what they are for; a verb that stands in no group is listed all the same.
const GROUPS: [(&str, &[&str]); 5] = [
    ("one trial", &["trial", "simulate", "analyse", "replay", "plot", "report"]),
    ("many trials", &["evaluate", "power", "sweep", "compare", "interim", "truth", "merge", "tip"]),
    ("why, and what if", &["explain", "lesson", "explore", "schedule", "calibrate", "tip"]),
    ("files", &["init", "validate", "show", "generate"]),
    ("checks", &["test", "snapshot", "verify"]),
];

/// The overview: at most half a page.
pub fn text() -> String {
    let command = Arguments::command();
    let verbs: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let mut text = "\
linger trial               the built-in trial: simulated, analysed, drawn and put into words
linger analyse data.csv    your own trial file

Simulate and analyse randomised trials over time: how a benefit builds, lingers and fades.

"
    .to_owned();
    let placed = |verb: &&str| GROUPS.iter().any(|(_, own)| own.contains(verb));
    let further: Vec<&str> = verbs.iter().copied().filter(|verb| !placed(verb)).collect();
    for (group, own) in GROUPS {
        let own: Vec<&str> = own.iter().copied().filter(|verb| verbs.contains(verb)).collect();
        text.push_str(&line(group, &own));
    }
    text.push_str(&line("further", &further));
    text.push_str("\nlinger VERB --help says more of a verb, linger --help a line of each.\n");
    text
}

fn line(group: &str, verbs: &[&str]) -> String {
    if verbs.is_empty() { String::new() } else { format!("{group:<18} {}\n", verbs.join(", ")) }
}
