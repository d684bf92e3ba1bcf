//! The qualification report as a page: verdict, identity, methods, every quantity, tolerances with reasons, room for signatures.

use serde::Serialize;

use super::{DOES_NOT_MEAN, MEANS, Qualification, both_numbers, failures_of, size, thousands, tolerance, verdict};
use crate::page::{Document, TemplateError, Templates};
use crate::snapshot::verify::{CheckResult, MethodResult, Quantity};

const BODY: &str = include_str!("body.html");
const STYLE: &str = include_str!("style.css");
const TITLE: &str = "Installation qualification of linger";

#[derive(Serialize)]
struct Body<'a> {
    title: &'static str,
    holds: bool,
    sentence: String,
    means: &'static str,
    does_not_mean: &'static str,
    facts: Vec<(&'static str, String)>,
    failures: Vec<Failures<'a>>,
    methods: Vec<Method<'a>>,
    n: String,
}

#[derive(Serialize)]
struct Failures<'a> {
    title: &'a str,
    lines: Vec<String>,
}

#[derive(Serialize)]
struct Method<'a> {
    name: &'a str,
    title: &'a str,
    source: &'a str,
    covers: String,
    n: String,
    worst: Option<Worst>,
    verdict: String,
    holds: bool,
    checks: Vec<Check<'a>>,
    tolerances: Vec<(String, &'a str)>,
}

#[derive(Serialize)]
struct Worst {
    size: String,
    tolerance: String,
    line: usize,
    both: String,
}

#[derive(Serialize)]
struct Check<'a> {
    file: &'a str,
    recomputed: &'a str,
    quantities: Vec<Line<'a>>,
    problem: Option<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    n: String,
    worst: Option<Worst>,
    holds: bool,
    verdict: String,
}

impl Qualification<'_> {
    /// The report as one offline page.
    ///
    /// # Errors
    /// None that an input brings about.
    pub fn html(&self) -> Result<String, TemplateError> {
        let failures = self.results.iter().filter(|result| !result.holds());
        let body = Body {
            title: TITLE,
            holds: self.holds(),
            sentence: self.sentence(),
            means: MEANS,
            does_not_mean: DOES_NOT_MEAN,
            facts: self.facts(),
            failures: failures.map(failures_in).collect(),
            methods: self.results.iter().map(method).collect(),
            n: thousands(self.n()),
        };
        let body = Templates::html(&[("body.html", BODY)])?.render("body.html", &body)?;
        let description = self.sentence();
        Document { title: TITLE, description: &description, style: STYLE.to_owned(), body, ..Document::default() }
            .html()
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let own = self.installation;
        let mut facts = vec![
            ("Program", format!("linger {}", own.version)),
            ("Target", format!("{}, {} build", own.target, own.build)),
            ("Operating system", own.operating_system.clone()),
            ("Architecture", own.architecture.to_owned()),
        ];
        if let Some(program) = &own.program {
            facts.push(("File", format!("{} ({} bytes)", program.path.display(), thousands(program.bytes))));
            facts.push(("SHA-256", program.sha256.clone()));
        }
        facts.extend([
            ("Date", self.date_in_words()),
            ("Reference numbers", self.source_of_references()),
            ("Methods", format!("{} of {}", self.results.len(), self.n_methods)),
            ("Comparisons", thousands(self.n())),
        ]);
        facts
    }
}

fn failures_in(result: &MethodResult) -> Failures<'_> {
    Failures { title: result.method.title, lines: result.checks.iter().flat_map(failures_of).collect() }
}

fn method(result: &MethodResult) -> Method<'_> {
    let own = result.method;
    let mut tolerances: Vec<(String, &str)> = Vec::new();
    for quantity in result.quantities() {
        let told = (tolerance(&quantity.tolerance), quantity.tolerance.reason);
        if !tolerances.contains(&told) {
            tolerances.push(told);
        }
    }
    Method {
        name: own.name,
        title: own.title,
        source: own.source,
        covers: own.covers.join("; "),
        n: thousands(result.n()),
        worst: result.worst().and_then(worst),
        verdict: verdict(result),
        holds: result.holds(),
        checks: result.checks.iter().map(check).collect(),
        tolerances,
    }
}

fn check(result: &CheckResult) -> Check<'_> {
    Check {
        file: result.check.file.name,
        recomputed: result.check.recomputed,
        quantities: result.quantities.iter().map(line).collect(),
        problem: result.problem.as_ref().map(ToString::to_string),
    }
}

fn line(quantity: &Quantity) -> Line<'_> {
    Line {
        name: &quantity.name,
        n: thousands(quantity.n),
        worst: worst(quantity),
        holds: quantity.holds(),
        verdict: if quantity.holds() { "holds".to_owned() } else { format!("{} fail", thousands(quantity.n_failed)) },
    }
}

fn worst(quantity: &Quantity) -> Option<Worst> {
    quantity.worst.as_ref().map(|difference| Worst {
        size: size(difference.size),
        tolerance: tolerance(&quantity.tolerance),
        line: difference.line,
        both: both_numbers(difference),
    })
}
