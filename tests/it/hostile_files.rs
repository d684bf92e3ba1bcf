//! Files and names that mean harm, or are merely strange: read as they are meant or refused in words, shown as text, never run.

use std::fmt::Write as _;
use std::io::Read as _;

use crate::program::{Desk, Said};

/// The rows of a plain trial: thirty participants of two arms, two visits.
fn rows() -> String {
    let mut text = String::new();
    for i in 0..30 {
        for week in [0, 10] {
            let _ = writeln!(text, "{},{},rdq,{week},{}", i + 1, ["usual", "massage"][i % 2], (i * 7 + week) % 13);
        }
    }
    text
}

fn table() -> String {
    format!("participant,arm,outcome,visit_week,value\n{}", rows())
}

fn analysed(bytes: &[u8]) -> Said {
    let desk = Desk::new();
    std::fs::write(desk.path("data.csv"), bytes).unwrap();
    desk.linger("analyse data.csv -q --format csv")
}

/// Refused with a code, in a message that nobody minds reading.
fn refused(bytes: &[u8], code: &str, words: &str) {
    let said = analysed(bytes);
    assert_eq!(said.code, 2, "{}", said.whole());
    assert!(said.stderr.contains(&format!("error[{code}]")) && said.stderr.contains(words), "{}", said.stderr);
    assert!(said.stderr.len() < 2000 && said.stdout.is_empty(), "{}", said.stderr);
    assert!(said.stderr.chars().all(|c| c == '\n' || !c.is_control()), "{:?}", said.stderr);
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(order).collect()
}

#[test]
fn the_same_table_in_other_dress_gives_the_same_numbers() {
    let table = table();
    let expected = analysed(table.as_bytes()).fine();
    assert!(expected.lines().count() > 1);
    for other in [
        format!("\u{feff}{table}"),
        table.replace('\n', "\r\n"),
        format!("\u{feff}{}", table.replace('\n', "\r\n")),
        table.replace('\n', "\r"),
        table.replace('\n', "\n\n"),
        table.replace(",usual,", ",\"usual\","),
        table.trim_end().to_owned(),
        table.replace(',', ";"),
        table.replace("visit_week,value", "visit_week,value,note").lines().fold(String::new(), |text, line| {
            text + line + if line.ends_with("note") { "\n" } else { ",\"a\nb, \"\"c\"\"\"\n" }
        }),
    ] {
        assert_eq!(analysed(other.as_bytes()).fine(), expected, "{other:.200}");
    }
}

#[test]
fn other_encodings_and_broken_tables_are_refused_by_name() {
    let table = table();
    let with = |row: &str| format!("{table}{row}\n").into_bytes();
    refused(&utf16(&table, u16::to_le_bytes), "L105", "UTF-16");
    refused(&utf16(&table, u16::to_be_bytes), "L105", "UTF-16");
    refused(&[table.as_bytes(), b"31,Caf\xe9,rdq,0,3\n"].concat(), "L105", "the byte 0xE9 is not UTF-8");
    refused(&[table.as_bytes(), b"31,\xff\xfe,rdq,0,3\n"].concat(), "L105", "line 62");
    refused(b"", "L102", "empty");
    refused(b"\n\n  \n", "L102", "empty");
    refused(b"participant,arm,outcome,visit_week,value\n", "L103", "no row");
    refused(&with("31,\"usual,rdq,0,3"), "L109", "line 62");
    refused(&with("31,usual,rdq,0"), "L108", "4 cells");
    refused(table.replacen("value", "arm", 1).as_bytes(), "L110", "two columns");
    refused(table.replacen(",usual,", ",us\0ual,", 1).as_bytes(), "L105", "not text at all");
    refused(&with("31,us\0ual,rdq,0,3"), "L123", "us\\u{0}ual");
    refused(&with("31,us\u{1b}[2Jual,rdq,0,3"), "L123", "us\\u{1b}[2Jual");
    for value in ["inf", "-Infinity", "1e309", "2020-01-31", "31/01/2020", "0x10", "1_000", "١٢", "--3"] {
        refused(&with(&format!("31,usual,rdq,0,3\n31,usual,rdq,10,{value}")), "L150", "is not a number");
    }
    refused(&with("31,usual,rdq,0,3\n31,usual,rdq,10,\"1,5\""), "L151", "decimal comma");
    // NaN is what R and Python write for a missing value, and 1e308 is a number.
    for value in ["NaN", "1e308", "-1e308", "1e-320"] {
        let numbers = analysed(&with(&format!("31,usual,rdq,0,3\n31,usual,rdq,10,{value}"))).fine();
        assert!(!numbers.contains("NaN") && !numbers.contains("inf"), "{numbers}");
    }
}

#[test]
fn cells_of_any_length_and_columns_of_any_number_are_read_or_refused_in_few_words() {
    let table = table();
    let long = "x".repeat(300_000);
    refused(format!("{table}31,{long},rdq,0,3\n").as_bytes(), "L123", "xxx…xxx");
    refused(format!("{long}{table}").as_bytes(), "L111", "xxx…");
    refused("a".repeat(1_000_000).as_bytes(), "L103", "no row");
    refused(format!("{}\n{}\n", ",".repeat(200_000), ",".repeat(200_000)).as_bytes(), "L111", "no column");
    let commas = format!("{}\n", ",".repeat(4_000)).repeat(5_100);
    refused(commas.as_bytes(), "L113", "more than the 20000000 that are read");
    let many: String = (0..5000).map(|i| format!("{i},arm{i},rdq,0,3\n")).collect();
    refused(format!("participant,arm,outcome,visit_week,value\n{many}").as_bytes(), "L123", "5000 different arms");
    // Ten thousand columns beside those that are read change nothing.
    let mut lines = table.lines();
    let more: String = (0..10_000).map(|column| format!(",c{column}")).collect();
    let mut wide = format!("{}{more}\n", lines.next().unwrap());
    lines.for_each(|line| wide += &format!("{line}{}\n", ",1".repeat(10_000)));
    assert_eq!(analysed(wide.as_bytes()).fine(), analysed(table.as_bytes()).fine());
}

#[cfg(unix)]
#[test]
fn a_file_without_end_is_read_up_to_the_limit() {
    let desk = Desk::new();
    let said = desk.linger("analyse /dev/zero");
    assert!(
        said.code == 2 && said.stderr.contains("error[L113]: the table has more than the 256 MB that are read"),
        "{}",
        said.stderr
    );
    // A file that is too long by its own account is not read at all.
    std::fs::File::create(desk.path("large.csv")).unwrap().set_len(1_000_000_000).unwrap();
    let said = desk.linger("analyse large.csv");
    assert!(
        said.code == 2 && said.stderr.contains("error[L113]: the table has more than the 256 MB that are read"),
        "{}",
        said.stderr
    );
}

/// A scenario whose labels, title and sources hold a text, written as TOML writes it.
fn labelled(text: &str) -> String {
    let scenario = linger::scenario::built_in("plain").unwrap();
    let mut changed = scenario.text().to_string();
    for old in [
        "Roland disability",
        "Relaxation massage",
        "Usual care",
        "Ten weekly massages, told plainly",
        "Cherkin and others 2011",
    ] {
        assert!(changed.contains(old));
        changed = changed.replace(old, text);
    }
    changed.replace("story = \"", &format!("story = \"{text} "))
}

/// Attributes of all elements of a page outside scripts and styles, and values without quotation marks, by a reader of our own.
fn attributes(page: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(own) = ["script", "style"].into_iter().find(|own| rest.starts_with(own)) {
            rest = &rest[rest.find(&format!("</{own}")).unwrap_or(rest.len() - 1) + 1..];
            continue;
        }
        if !rest.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            continue;
        }
        let (mut name, mut quote) = (String::new(), None);
        let tag = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let mut end = rest.len();
        for (at, letter) in rest[tag..].char_indices() {
            match (quote, letter) {
                (Some(mark), _) if mark == letter => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(letter),
                (None, '>') => {
                    end = tag + at;
                    break;
                }
                (None, ' ' | '\n' | '=' | '/') => names.extend((!name.is_empty()).then(|| std::mem::take(&mut name))),
                (None, letter) => name.push(letter),
            }
        }
        names.extend((!name.is_empty()).then_some(name));
        rest = &rest[end..];
    }
    names
}

#[test]
fn the_reader_of_attributes_sees_what_a_browser_would() {
    let page =
        "<p a=\"x\">1 < 2<img src=x onerror=alert(1)><b title='<i onclick=x>'></b><script>'<a onx>'</script><i c>";
    assert_eq!(attributes(page), ["a", "src", "x", "onerror", "alert(1)", "title", "c"]);
}

#[test]
fn markup_in_labels_is_text_on_every_page_and_in_every_picture() {
    let desk = Desk::new();
    let text = r#"<script>alert(1)</script></svg></title></style><img src=x onerror=alert(2)>\"' onload='x'>&amp;${x}{{ y }}]]>-->"#;
    desk.write("trial.toml", &labelled(text));
    desk.linger("evaluate trial.toml -q --replicates 5 -o run").fine();
    for command in ["report run -q -o a.html", "lesson trial.toml -q -o b.html", "explore trial.toml -q -o c.html"] {
        desk.linger(command).fine();
        let page = desk.read(command.rsplit(' ').next().unwrap());
        assert!(page.contains("alert(2)"), "{command}: the label is shown");
        for markup in ["<script>alert", "<img src=x", "</svg></title>", "</style><img"] {
            assert!(!page.contains(markup), "{command}: {markup}");
        }
        let harmful: Vec<String> = attributes(&page).into_iter().filter(|name| name.starts_with("on")).collect();
        assert!(harmful.is_empty(), "{command}: {harmful:?}");
        assert_eq!(page.matches("<script").count(), page.matches("</script>").count(), "{command}");
    }
    for picture in ["flow", "means", "dose", "fade"] {
        let svg = desk.linger(&format!("plot {picture} trial.toml -q -o -")).fine();
        let document = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{picture}: {error}"));
        let known = [
            "svg", "g", "path", "line", "rect", "circle", "polygon", "polyline", "text", "tspan", "title", "desc",
            "style", "defs", "marker", "clipPath", "ellipse", "use", "pattern",
        ];
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            assert!(known.contains(&node.tag_name().name()), "{picture}: {}", node.tag_name().name());
            assert!(node.attributes().all(|attribute| !attribute.name().starts_with("on")), "{picture}");
        }
    }
}

#[test]
fn control_characters_in_labels_move_no_cursor_and_break_no_page() {
    let desk = Desk::new();
    desk.write("trial.toml", &labelled(r"a\u001b[2J\u001b]0;title\u0007\u0000\u009b1m\r\u202eb"));
    let is_harmful = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || c == '\u{202e}';
    for command in [
        "trial trial.toml",
        "trial trial.toml --format md",
        "show trial.toml",
        "explain relaxation --scenario trial.toml",
        "lesson trial.toml --terminal",
        "evaluate trial.toml --replicates 5",
    ] {
        let said = desk.linger(command);
        assert_eq!(said.code, 0, "{command}: {}", said.stderr);
        let all = format!("{}{}", said.stdout, said.stderr);
        assert!(!all.contains(is_harmful), "{command}: {all:?}");
    }
    for command in [
        "report trial.toml --replicates 5 -q -o a.html",
        "lesson trial.toml -q -o a.html",
        "explore trial.toml -q -o a.html",
    ] {
        desk.linger(command).fine();
        let page = desk.read("a.html");
        assert!(!page.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r')), "{command}");
    }
    for file in ["b.svg", "b.png", "b.pdf"] {
        desk.linger(&format!("plot means trial.toml -q -o {file}")).fine();
    }
    roxmltree::Document::parse(&desk.read("b.svg")).unwrap();
    // Programs get the letters as they are: JSON has a spelling of its own for them.
    let json: serde_json::Value =
        serde_json::from_str(&desk.linger("trial trial.toml --format json -q").fine()).unwrap();
    assert!(json.to_string().contains("\\u001b[2J"));
}

#[test]
fn cells_that_a_spreadsheet_would_run_are_marked_and_read_back_as_they_were() {
    let desk = Desk::new();
    let mut data = table()
        .replace("usual", "=cmd|' /C calc'!A0")
        .replace("massage", "-2+3")
        .replace("participant,arm", "patient,arm");
    data = data
        .lines()
        .enumerate()
        .map(|(i, line)| if i == 0 { format!("{line}\n") } else { format!("@{line}\n") })
        .collect();
    desk.write("data.csv", &data);
    let columns = "participant = \"patient\"\n[arms.usual]\nin_file = \"=cmd|' /C calc'!A0\"\nreference = true\n[arms.massage]\nin_file = \"-2+3\"\n[outcomes.rdq]\nbetter = \"lower\"\n";
    desk.write("columns.toml", columns);
    let told = desk.linger("analyse data.csv --columns columns.toml -q --format csv").fine();
    assert!(told.contains("massage - usual"), "{told}");
    // An arm of such a name, simulated: written marked, read as it was.
    let named = linger::scenario::built_in("plain").unwrap().text().to_string();
    let named = ["relaxation = 136", "[arms.relaxation]", "\"relaxation - usual_care\"", "\"relaxation - structural\""]
        .iter()
        .fold(named, |text, old| {
            text.replace(old, &old.replace("relaxation", if old.starts_with('"') { "=1+1" } else { "\"=1+1\"" }))
        });
    desk.write("named.toml", &named);
    desk.linger("simulate named.toml -q -o out.csv").fine();
    let written = desk.read("out.csv");
    assert!(written.contains(",'=1+1,") && !written.contains(",=1+1,"), "{written:.300}");
    // Numbers stay numbers, also those below zero.
    let results = desk.linger("trial named.toml -q --format csv").fine();
    assert!(results.contains("'=1+1 - usual_care") && results.contains(",-") && !results.contains("'-"), "{results}");
    let json = desk.linger("analyse out.csv -q --format json").fine();
    assert!(json.contains("\"=1+1\"") && !json.contains("'=1+1"), "{json}");
}

#[test]
fn names_lead_into_no_other_folder() {
    let desk = Desk::new();
    let plain = linger::scenario::built_in("plain").unwrap().text().to_string();
    let long = "x".repeat(300);
    for name in ["../up", "/etc/x", "a/../../up", &long] {
        let toml = plain
            .replace("[outcomes.bothersomeness]", &format!("[outcomes.\"{name}\"]"))
            .replace("effect.bothersomeness", &format!("effect.\"{name}\""))
            .replace("\"bothersomeness\"", &format!("\"{name}\""));
        desk.write("trial.toml", &toml);
        desk.linger("trial trial.toml -q -o below/out/").fine();
        assert_eq!(desk.files("below"), ["out"], "{name}");
        let pictures = desk.files("below/out").into_iter().filter(|file| file.ends_with(".svg")).count();
        assert_eq!(pictures, 5, "{name}: {:?}", desk.files("below/out"));
        std::fs::remove_dir_all(desk.path("below")).unwrap();
    }
    let name = "n".repeat(400);
    let said = desk.linger(&format!("plot dose plain -o {name}.svg"));
    assert!(said.code == 2 && said.stderr.contains("File name too long"), "{}", said.stderr);
}

#[cfg(unix)]
#[test]
fn names_with_blanks_and_of_any_bytes_are_read_and_written() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let desk = Desk::new();
    let name = |end: &[u8]| OsStr::from_bytes(&[b"a b \xff\xfe \x1b[2J".as_slice(), end].concat()).to_owned();
    let run = |words: &[&OsStr]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_linger"));
        let output = command.args(words).current_dir(desk.path("")).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words:?}: {said}");
        assert!(!said.contains('\u{1b}'), "{said:?}");
    };
    let of =
        |before: &'static str, file: &OsStr| run(&before.split(' ').map(OsStr::new).chain([file]).collect::<Vec<_>>());
    let (csv, svg, kept, html) = (name(b".csv"), name(b".svg"), name(b""), name(b".html"));
    of("simulate plain -o", &csv);
    of("analyse", &csv);
    of("plot dose plain -o", &svg);
    of("evaluate plain --replicates 5 -o", &kept);
    of("analyse", &kept);
    of("lesson -o", &html);
    for file in [csv, svg, kept, html] {
        assert!(desk.path("").join(file).exists());
    }
}

#[cfg(unix)]
#[test]
fn links_are_written_through_and_what_they_lead_to_is_never_lost() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let desk = Desk::new();
    let draw = |file: &str| desk.linger(&format!("plot dose plain -q -o {file}"));
    desk.write("real.svg", "old");
    std::fs::create_dir(desk.path("folder")).unwrap();
    let mode = |name: &str| std::fs::metadata(desk.path(name)).unwrap().permissions().mode() & 0o777;
    std::fs::set_permissions(desk.path("real.svg"), std::fs::Permissions::from_mode(0o640)).unwrap();
    for (to, name) in [
        ("real.svg", "link.svg"),
        ("new.svg", "dangling.svg"),
        ("folder/deep.svg", "deep.svg"),
        ("dangling2.svg", "second.svg"),
        ("new2.svg", "dangling2.svg"),
        ("circle.svg", "circle.svg"),
        ("folder", "folder.svg"),
        ("no/x.svg", "nowhere.svg"),
    ] {
        symlink(to, desk.path(name)).unwrap();
    }
    for (link, file) in [
        ("link.svg", "real.svg"),
        ("dangling.svg", "new.svg"),
        ("deep.svg", "folder/deep.svg"),
        ("second.svg", "new2.svg"),
    ] {
        draw(link).fine();
        assert!(std::fs::symlink_metadata(desk.path(link)).unwrap().is_symlink(), "{link}");
        assert!(desk.read(file).ends_with("</svg>\n"), "{file}");
    }
    assert_eq!(mode("real.svg"), 0o640, "who may read a file is its owner's choice");
    for (link, why) in [("circle.svg", "symbolic link"), ("folder.svg", "directory"), ("nowhere.svg", "No such file")] {
        let said = draw(link);
        assert!(said.code == 2 && said.stderr.contains(why), "{link}: {}", said.stderr);
        assert!(std::fs::symlink_metadata(desk.path(link)).unwrap().is_symlink(), "{link}");
    }
    assert!(desk.path("folder").is_dir());
    desk.write("kept.svg", "old");
    std::fs::set_permissions(desk.path("kept.svg"), std::fs::Permissions::from_mode(0o444)).unwrap();
    let said = draw("kept.svg");
    assert!(said.code == 2 && said.stderr.contains("the file is read-only"), "{}", said.stderr);
    assert_eq!(desk.read("kept.svg"), "old");
}

/// A number as Thrift's compact protocol writes it.
fn varint(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push((number as u8 & 0x7f) | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[test]
fn a_small_parquet_file_that_unpacks_to_a_huge_one_is_refused() {
    let desk = Desk::new();
    desk.linger("simulate plain -q -o data.parquet").fine();
    let mut bytes = Vec::new();
    std::fs::File::open(desk.path("data.parquet")).unwrap().read_to_end(&mut bytes).unwrap();
    // Wherever the number of rows stands in the footer (zigzag varint), the file now claims fifty million.
    let n_rows = desk.linger("simulate plain -q").fine().lines().count() as u64 - 1;
    let length = u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().unwrap()) as usize;
    let (start, end) = (bytes.len() - 8 - length, bytes.len() - 8);
    let (mut old, mut new) = (Vec::new(), Vec::new());
    varint(n_rows * 2, &mut old);
    varint(50_000_000 * 2, &mut new);
    let footer = &bytes[start..end];
    let (mut changed, mut at, mut found) = (Vec::new(), 0, 0);
    while at < footer.len() {
        if footer[at..].starts_with(&old) {
            changed.extend(&new);
            (at, found) = (at + old.len(), found + 1);
        } else {
            changed.push(footer[at]);
            at += 1;
        }
    }
    assert!(found >= 2, "{found}");
    let mut bomb = bytes[..start].to_vec();
    bomb.extend(&changed);
    bomb.extend((changed.len() as u32).to_le_bytes());
    bomb.extend(b"PAR1");
    std::fs::write(desk.path("bomb.parquet"), bomb).unwrap();
    let said = desk.linger("analyse bomb.parquet");
    assert_eq!(said.code, 2, "{}", said.whole());
    assert!(said.stderr.contains("error[L113]: the table has 50000000 rows"), "{}", said.stderr);
}
