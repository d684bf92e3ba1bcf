//! Trials of every shape go the whole way: 2, 4 and 6 arms, 1 and 12 visits after baseline, one outcome and several, long names.

use super::program::Desk;

/// A scenario with so many arms, visits after baseline and outcomes.
fn scenario(n_arms: usize, n_follow_up: usize, n_outcomes: usize) -> String {
    let arms: Vec<String> = (1..=n_arms).map(|arm| format!("arm_{arm}")).collect();
    let per_arm: Vec<String> = arms.iter().map(|arm| format!("{arm} = 20")).collect();
    let weeks: Vec<String> = (0..=n_follow_up).map(|visit| (visit * 4).to_string()).collect();
    let mut text = format!(
        "schema_version = 1\ntitle = \"Shape\"\nseed = 3\n[trial]\nper_arm = {{ {} }}\nvisits_weeks = [{}]\n",
        per_arm.join(", "),
        weeks.join(", ")
    );
    for outcome in 1..=n_outcomes {
        text.push_str(&format!(
            "[outcomes.score_{outcome}]\nrange = [0, 20]\nmeaningful = 2\nbaseline = {{ mean = 10, sd = 4 }}\ncorrelation = {{ ar1 = 0.7 }}\n"
        ));
    }
    for (position, arm) in arms.iter().enumerate() {
        text.push_str(&format!("[arms.{arm}]\nlabel = \"An arm with a name of forty characters: {}\"\n", position + 1));
        if position + 1 < n_arms {
            text.push_str("sessions = 4\n");
            for outcome in 1..=n_outcomes {
                text.push_str(&format!("effect.score_{outcome} = {{ per_session = -1, half_life_weeks = 8 }}\n"));
            }
        }
    }
    let lost: Vec<String> = (1..=n_follow_up).map(|visit| format!("{:.2}", 0.02 * visit as f64)).collect();
    text.push_str(&format!("[dropout]\nevery_arm = [{}]\n", lost.join(", ")));
    text
}

#[test]
fn every_shape_goes_through_trial_analyse_and_plot() {
    for n_arms in [2, 4, 6] {
        for n_follow_up in [1, 12] {
            for n_outcomes in [1, 3] {
                let desk = Desk::new();
                desk.write("trial.toml", &scenario(n_arms, n_follow_up, n_outcomes));
                let rows = desk.linger("trial trial.toml -q --format csv").fine();
                assert_eq!(rows.lines().count(), 1 + n_arms * (n_arms - 1) / 2 * n_follow_up * n_outcomes);
                desk.linger("trial trial.toml -q").fine();
                desk.linger("trial trial.toml -q -o out/").fine();
                let file = "out/participants.parquet --columns out/columns.toml";
                let again = desk.linger(&format!("analyse {file} -q --format csv")).fine();
                assert_eq!(again, rows, "{n_arms} arms, {n_follow_up} visits, {n_outcomes} outcomes");
                desk.linger(&format!("analyse {file} -q")).fine();
                for picture in ["flow", "means", "fade"] {
                    let simulated = desk.linger(&format!("plot {picture} trial.toml -q")).fine();
                    assert!(simulated.contains("simulated"));
                    let real = desk.linger(&format!("plot {picture} {file} -q")).fine();
                    assert!(!real.contains(">simulated<"));
                    assert!(!simulated.contains("NaN") && !real.contains("NaN"));
                }
            }
        }
    }
}
