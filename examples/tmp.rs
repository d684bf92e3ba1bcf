use linger::{analysis::*, cohort::*, scenario::*, trial::*, operating_characteristics::evaluate};
use std::{sync::Arc, time::Instant, hint::black_box};
use rand::RngExt; use rand_distr::{Distribution, StandardNormal};
fn scen() -> Scenario {
    let arm = |n: &str, r| Arm { name: n.into(), label: n.into(), reference: r, sessions: vec![] };
    let outcome = Outcome { name: "score".into(), label: "Score".into(), range: Some([0.0, 23.0]), step: Some(1.0), better: Direction::Lower, meaningful: None, meaningful_source: None };
    let layout = Arc::new(Layout { arms: vec![arm("relaxation", false), arm("structural", false), arm("usual_care", true)],
        visits: [0.0, 10.0, 26.0, 52.0].map(|week| Visit { week }).to_vec(), outcomes: vec![outcome] });
    let corr = (0..4).map(|i| (0..4).map(|j| if i == j { 1.0 } else { 0.6 }).collect()).collect();
    Scenario { title: String::new(), story: String::new(), design: Design { layout, per_arm: vec![134; 3], entry: None, block_size: 6 },
        truth: Truth { outcomes: vec![OutcomeTruth { baseline_mean: 10.5, sd: vec![5.0; 4], correlation: corr, effect: EffectModel::VisitMeans { change: vec![vec![-4.5, -4.3, -4.0], vec![-4.2, -4.2, -3.9], vec![-2.0, -3.0, -3.5]] } }],
            between_outcomes: vec![vec![1.0]], dropout: vec![vec![0.05, 0.07, 0.10]; 3] },
        plan: Plan { estimator: Estimator::Ancova, outcomes: vec![0], covariates: vec![], contrasts: vec![Contrast { arm: 0, versus: 2 }, Contrast { arm: 1, versus: 2 }], alpha: 0.05, multiplicity: MultiplicityRule::FisherLsd },
        simulation: Simulation { seed: 1, replicates: 1000 }, hash: String::new() }
}
fn time(name: &str, mut f: impl FnMut(u64)) -> f64 {
    let mut best = f64::MAX;
    for rep in 0..20 { let t = Instant::now(); for i in 0..2000 { f(rep * 2000 + i); } best = best.min(t.elapsed().as_secs_f64() / 2000.0 * 1e6); }
    println!("{name:40} {best:.3} us"); best
}
fn main() {
    let s = scen();
    let mut z = vec![0.0; 1608]; let mut u = vec![0.0; 402];
    let floor = time("floor", |i| { let mut r = linger::numeric::streams::stream(1, 7, i); for x in z.iter_mut() { *x = StandardNormal.sample(&mut r); } for x in u.iter_mut() { *x = r.random::<f64>(); } black_box(&z); black_box(&u); });
    let g = Generator::new(&s); let mut w = g.workspace();
    let gen_t = time("generate", |i| { black_box(g.draw(i, &mut w)); });
    let trial = g.draw(5, &mut w).clone(); let mut aw = AnalysisWorkspace::new(&s.plan, &trial);
    let an = time("analyse", |_| { black_box(analyse_into(&s.plan, black_box(&trial), &mut aw)); });
    let both = time("both", |i| { let t = g.draw(i, &mut w); black_box(analyse_into(&s.plan, t, &mut aw)); });
    println!("ratios: gen {:.2} analyse {:.2} both {:.2}", gen_t / floor, an / floor, both / floor);
    let t = Instant::now();
    let p = evaluate(&s, 20000);
    println!("20000 in {:?}", t.elapsed());
    for v in &p.visits { for c in &v.contrasts { print!("{:.4} ({:.4}) ", c.rejected.share().unwrap(), c.estimate.mean().unwrap()); } } println!();
}
