//! How problems look in a terminal: the line they are on, a caret under the place, the remedy.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use crate::scenario::{Place, Problem, Problems, Source};

/// Number of problems that are drawn; the rest is counted. Whoever has more has brought another file, and each takes a walk through its text.
const DRAWN: usize = 100;

/// How to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawing {
    /// Whether to use colour: only in a terminal, and not if `NO_COLOR` is set.
    pub colour: bool,
    /// Whether to draw lines with characters beyond ASCII.
    pub unicode: bool,
    /// Width in columns.
    pub width: usize,
}

/// All problems as text, closing with how many there are, that nothing was run, and where to read more.
pub fn render(problems: &Problems, drawing: Drawing) -> String {
    let handler = GraphicalReportHandler::new_themed(theme(drawing)).with_width(drawing.width.max(40));
    let handler = handler.with_context_lines(ONE_LINE);
    let mut text = String::new();
    for problem in problems.iter().take(DRAWN) {
        let mut drawn = String::new();
        if handler.render_report(&mut drawn, &Drawn::new(problem)).is_err() {
            // The drawing failed; what is wrong must be said all the same.
            drawn = format!("{problem}\n");
        }
        text.push_str(&without_sign(&drawn, problem, drawing.colour));
    }
    let undrawn = problems.len().saturating_sub(DRAWN);
    if undrawn > 0 {
        text.push_str(&format!("and {undrawn} more\n"));
    }
    text.push_str(&format!("{}{}\n", problems.summary(), more(problems.iter().next().map(|problem| problem.code))));
    text
}

/// Where to read more about the first of some problems, to follow the closing line.
pub fn more(first: Option<&str>) -> String {
    first.map(|code| format!(" · more: linger explain {code}")).unwrap_or_default()
}

/// The drawing without the room for a sign in front of its message, and with the code in red where there is colour.
fn without_sign(drawn: &str, problem: &Problem, colour: bool) -> String {
    let code = format!("error[{}]", problem.code);
    let rest = drawn.find(&code).map_or(drawn, |at| &drawn[at + code.len()..]);
    if colour { format!("\u{1b}[31;1m{code}\u{1b}[0m{rest}") } else { format!("{code}{rest}") }
}

/// The number of lines of context the drawing asks for; see [`Lines`].
const ONE_LINE: usize = 1;

fn theme(drawing: Drawing) -> GraphicalTheme {
    let characters = if drawing.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    let styles = if drawing.colour { ThemeStyles::ansi() } else { ThemeStyles::none() };
    // The message begins with `error[L012]`, so that no sign of its own is needed in front of it.
    GraphicalTheme { characters: ThemeCharacters { error: String::new(), ..characters }, styles }
}

/// A problem with what the drawing needs.
#[derive(Debug)]
struct Drawn<'a> {
    problem: &'a Problem,
    source: Option<Lines>,
    span: Range<usize>,
}

impl<'a> Drawn<'a> {
    fn new(problem: &'a Problem) -> Self {
        match &problem.place {
            // An empty stretch at the very start means the file as a whole, of which no line is to be shown.
            Some(Place::Text { source, span }) if span.end > 0 => {
                Self { problem, source: Some(Lines(Arc::clone(source))), span: span.clone() }
            }
            _ => Self { problem, source: None, span: 0..0 },
        }
    }
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "error[{}]: ", self.problem.code)?;
        if let (None, Some(place)) = (&self.source, &self.problem.place) {
            write!(formatter, "{place}: ")?;
        }
        formatter.write_str(&self.problem.message)?;
        match (&self.source, &self.problem.label) {
            (None, Some(label)) => write!(formatter, ": {label}"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for Drawn<'_> {}

impl Diagnostic for Drawn<'_> {
    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.problem.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.source.as_ref()?;
        let label = LabeledSpan::new(self.problem.label.clone(), self.span.start, self.span.len());
        Some(Box::new(std::iter::once(label)))
    }
}

/// A text that is shown by whole lines. miette shows either nothing around a place or its neighbours too, so the request for
/// neighbours is answered with the line itself; the request without them serves the heading and is answered as it is.
#[derive(Debug)]
struct Lines(Arc<Source>);

impl SourceCode for Lines {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.0.text();
        let wanted = if before + after == 0 { *span } else { whole_lines(text, span) };
        let found = text.read_span(&wanted, 0, 0)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.0.name().to_owned(),
            found.data(),
            *found.span(),
            found.line(),
            found.column(),
            found.line_count(),
        )))
    }
}

fn whole_lines(text: &str, span: &SourceSpan) -> SourceSpan {
    let start = span.offset().min(text.len());
    let end = (span.offset() + span.len()).min(text.len());
    let from = text.as_bytes()[..start].iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    let to = text.as_bytes()[end..].iter().position(|&byte| byte == b'\n').map_or(text.len(), |newline| end + newline);
    (from..to).into()
}
