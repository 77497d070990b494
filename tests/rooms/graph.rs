//! Circles of files: files that can each be reached from every other.

use std::collections::BTreeSet;

use crate::{
    imports::Import,
    source::{Crate, FileId},
};

/// The circles of more than one file, the largest first.
pub fn circles(of: &Crate, imports: &[Import]) -> Vec<Vec<FileId>> {
    let mut next = vec![BTreeSet::new(); of.files.len()];
    for import in imports {
        next[import.from].insert(import.to);
    }
    let reached: Vec<BTreeSet<FileId>> = (0..of.files.len()).map(|file| reached(&next, file)).collect();
    let mut circles: BTreeSet<Vec<FileId>> = BTreeSet::new();
    for (file, others) in reached.iter().enumerate() {
        let circle: Vec<FileId> = others.iter().copied().filter(|other| reached[*other].contains(&file)).collect();
        if circle.len() > 1 {
            circles.insert(circle);
        }
    }
    let mut circles: Vec<_> = circles.into_iter().collect();
    circles.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
    circles
}

fn reached(next: &[BTreeSet<FileId>], from: FileId) -> BTreeSet<FileId> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(file) = open.pop() {
        open.extend(next[file].iter().filter(|other| reached.insert(**other)));
    }
    reached
}

/// A circle as text: its files, and the imports that close it.
pub fn told(crate_folder: &str, of: &Crate, imports: &[Import], circle: &[FileId]) -> String {
    let mut told = format!("A circle of {} files in crates/{crate_folder}/src:\n", circle.len());
    for import in imports.iter().filter(|import| circle.contains(&import.from) && circle.contains(&import.to)) {
        told.push_str(&format!("  {}\n", line(crate_folder, of, import)));
    }
    told
}

/// An import as a line of text: where it is, its path, and the file that it needs.
pub fn line(crate_folder: &str, of: &Crate, import: &Import) -> String {
    let (from, to) = (&of.files[import.from].path, &of.files[import.to].path);
    format!("crates/{crate_folder}/src/{from}:{}: {} is in {to}", import.line, import.path)
}
