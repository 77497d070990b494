//! The committed figures, and what they are compared with.

use std::fmt::Write;
use std::fs;
use std::process::Command;

use crate::Failure;

/// The file of the figures.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/counts/figures.txt");
/// How far a count may be from the committed one, in hundredths.
const TOLERANCE: u64 = 10;
/// How the figures are committed anew.
const ANEW: &str = ".ci/counts --write";

/// What one kind of request takes.
pub struct Figure {
    /// The kind.
    pub kind: String,
    /// The instructions of the least of its requests.
    pub instructions: u64,
    /// Statements, with each begin and end.
    pub statements: usize,
    /// How often the program sent PostgreSQL something and waited.
    pub round_trips: usize,
    /// The length of the answer, in bytes.
    pub bytes: usize,
}

/// Prints the figures.
pub fn print(figures: &[Figure]) {
    println!("{:<24} {:>14} {:>11} {:>12} {:>7}", "", "instructions", "statements", "round trips", "bytes");
    for Figure { kind, instructions, statements, round_trips, bytes } in figures {
        println!("{kind:<24} {instructions:>14} {statements:>11} {round_trips:>12} {bytes:>7}");
    }
}

/// Writes the figures that are to be committed.
pub fn write(figures: &[Figure]) -> Result<(), Failure> {
    let mut text = format!("# Instructions a request: written by `{ANEW}`, compared by `.ci/counts`.\n# {}\n", compiler());
    for Figure { kind, instructions, .. } in figures {
        writeln!(text, "{instructions}\t{kind}")?;
    }
    Ok(fs::write(FILE, text)?)
}

/// Compares the figures with the committed ones.
///
/// # Errors
/// What is more or less than it was, and what to do then.
pub fn compare(figures: &[Figure]) -> Result<(), Failure> {
    let text = fs::read_to_string(FILE).unwrap_or_default();
    let committed: Vec<(u64, &str)> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(instructions, kind)| Some((instructions.parse().ok()?, kind)))
        .collect();
    let mut problems = Vec::new();
    for Figure { kind, instructions: now, .. } in figures {
        let Some((before, _)) = committed.iter().find(|(_, of)| of == kind) else {
            problems.push(format!("{kind} has no committed figure: {ANEW} writes it"));
            continue;
        };
        let hundredths = now * 100 / before.max(&1);
        if hundredths >= 100 + TOLERANCE {
            problems.push(format!(
                "{kind} takes {now} instructions, and took {before}: {} % more. Find out why, or commit a figure that is justified: {ANEW}",
                hundredths - 100
            ));
        } else if hundredths <= 100 - TOLERANCE {
            problems.push(format!(
                "{kind} takes {now} instructions, and took {before}: {} % less. The old figure guards nothing any more, commit the new one: {ANEW}",
                100 - hundredths
            ));
        }
    }
    for (_, kind) in committed.iter().filter(|(_, kind)| figures.iter().all(|figure| figure.kind != *kind)) {
        problems.push(format!("{kind} has a committed figure and isn't counted any more: {ANEW} leaves it out"));
    }
    if problems.is_empty() {
        return Ok(());
    }
    let compiler = compiler();
    if !text.contains(&compiler) {
        problems.push(format!(
            "The figures are of another compiler or machine than this ({compiler}), which may be all there is to it."
        ));
    }
    Err(problems.join("\n").into())
}

/// The compiler's version, and for what it compiles.
fn compiler() -> String {
    let told = Command::new("rustc").args(["--version", "--verbose"]).output().map(|output| output.stdout).unwrap_or_default();
    let told = String::from_utf8_lossy(&told);
    let lines = told.lines().filter(|line| line.starts_with("release: ") || line.starts_with("host: "));
    lines.collect::<Vec<_>>().join(", ")
}
