//! Tests of the reader of imports itself, on made-up crates.

use crate::{
    graph::{circles, told},
    imports::{Import, imports},
    source::{Crate, Sources, read},
};

fn made_up(files: &[(&str, &str)]) -> Crate {
    let sources: Sources = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    read("made_up", &sources)
}

fn told_of(of: &Crate, imports: &[Import]) -> Vec<String> {
    let tell = |import: &Import| format!("{}:{} → {}", of.files[import.from].path, import.line, of.files[import.to].path);
    let mut told: Vec<String> = imports.iter().map(tell).collect();
    told.dedup();
    told
}

/// The imports of `door` in a made-up house with a door and a wall; the door has this text.
fn imports_of_door(text: &str) -> Vec<String> {
    let of = made_up(&[
        ("lib.rs", "pub mod house; pub mod garden; #[macro_use] mod tools;"),
        ("house.rs", "mod door; mod wall; pub use wall::{Wall, colour}; pub use crate::garden::Tree; pub fn key() {}"),
        ("house/door.rs", text),
        ("house/wall.rs", "pub struct Wall; pub trait Paint {} pub fn colour() {} pub const SIZE: usize = 1;"),
        ("garden.rs", "pub struct Tree; pub enum Season { Wet, Dry }"),
        ("tools.rs", "macro_rules! hammer { () => { $crate::garden::Tree } } written! { Nail } extern \"SQL\" { fn hammers(); }"),
    ]);
    let found = imports(&of);
    assert!(found.lost.is_empty(), "{:?}", found.lost);
    told_of(&of, &found.all).into_iter().filter(|told| told.starts_with("house/door.rs")).collect()
}

const WALL: &str = "house/door.rs:2 → house/wall.rs";
const GARDEN: &str = "house/door.rs:2 → garden.rs";
const HOUSE: &str = "house/door.rs:2 → house.rs";
const TOOLS: &str = "house/door.rs:2 → tools.rs";

#[test]
fn an_import_is_of_the_file_that_defines_the_item() {
    for (text, expected) in [
        ("//\nuse super::Wall;", vec![WALL]),
        ("//\nuse super::{self as home, wall::{Wall as Brick}};", vec![WALL]),
        ("//\nuse super::super::house::Tree;", vec![GARDEN]),
        ("//\nuse crate::{garden::Season::Wet, house::key};", vec![HOUSE, GARDEN]),
        ("use crate::garden;\nfn grow(_: garden::Tree) {}", vec![GARDEN]),
        ("use crate::garden as outside;\nfn grow() -> Vec<outside::Tree> { Vec::new() }", vec![GARDEN]),
        ("use super::*;\nfn lock() { key(); }", vec![HOUSE]),
        ("use super::*;\nstruct Frame(Wall);", vec![WALL]),
        ("//\nuse super::wall::*;", vec![WALL]),
        ("//\nuse crate::garden::Season::*;", vec![GARDEN]),
        ("fn lock() {\nuse crate::house::key; key(); }", vec![HOUSE]),
        ("fn lock() {\nlet size = [0; super::wall::SIZE]; }", vec![WALL]),
        ("mod inside {\npub use super::super::wall::SIZE; }", vec![WALL]),
        ("//\npub use crate::garden::Tree;", vec![GARDEN]),
        ("//\nimpl crate::house::wall::Paint for Door {} struct Door;", vec![WALL]),
        ("struct Door {\n#[graphql(complexity = \"crate::house::colour(first) * 2\")] handle: u8 }", vec![WALL]),
        ("struct Door {\n#[serde(with = \"super::wall\", default = \"super::key\")] handle: u8 }", vec![HOUSE]),
        ("fn paint() {\nformat!(\"{}\", crate::house::colour()); }", vec![WALL]),
        ("use super::*; fn paint() { written! { let painted =\n colour(); } }", vec![WALL]),
        ("written! {\nuse crate::{garden::Tree, house::key}; }", vec![HOUSE, GARDEN]),
        ("fn build() {\nhammer!(); }", vec![TOOLS]),
        ("//\nuse crate::tools::Nail;", vec![TOOLS]),
        ("//\nuse crate::tools::hammers;", vec![TOOLS]),
        ("written! {\nuse super::super::wall::Wall; use super::Frame; } struct Frame;", vec![WALL]),
    ] {
        assert_eq!(imports_of_door(text), expected, "{text}");
    }
}

#[test]
fn what_needs_no_other_file_is_no_import() {
    for text in [
        "use std::collections::BTreeMap; use ::garden::Tree; fn find(_: BTreeMap<u8, serde::Value>) {}",
        "pub(in crate::house) struct Door; pub(super) fn open() {}",
        "/// As [`super::Wall`] and `crate::garden::Tree` have it.\npub struct Door;",
        "#[cfg(test)] use super::Wall; #[cfg(test)] mod tests { use super::super::Wall; } #[cfg(all(test, unix))] fn open(_: super::Wall) {}",
        "use self::inside::Frame; mod inside { pub struct Frame; } fn open(_: Frame, _: self::inside::Frame) {}",
        "use super::*; struct Door { key: u8 } fn open(door: Door) -> u8 { door.key }",
        "use super::*; fn open() { written!(key = 1, colour: 2, door.key); }",
        "#[serde(rename = \"Wall\", key = \"a key\")] struct Door;",
    ] {
        assert_eq!(imports_of_door(text), [""; 0], "{text}");
    }
}

#[test]
fn a_circle_is_found_through_a_re_export() {
    let of = made_up(&[
        ("lib.rs", "pub mod house; mod garden;"),
        ("house/mod.rs", "mod door;\nmod wall;\npub use wall::Wall;\npub use door::*;"),
        ("house/door.rs", "use super::Wall;\npub struct Door;"),
        ("house/wall.rs", "pub struct Wall;\nfn open(_: crate::house::Door) {}"),
        ("garden.rs", "use crate::house::Wall;"),
    ]);
    let imports = imports(&of).all;
    let circles = circles(&of, &imports);
    let files: Vec<Vec<&str>> = circles.iter().map(|files| files.iter().map(|file| &*of.files[*file].path).collect()).collect();
    assert_eq!(files, [["house/door.rs", "house/wall.rs"]]);
    assert_eq!(
        told("made_up", &of, &imports, &circles[0]),
        "A circle of 2 files in crates/made_up/src:
  crates/made_up/src/house/door.rs:1: super::Wall is in house/wall.rs
  crates/made_up/src/house/wall.rs:2: crate::house::Door is in house/door.rs
"
    );
}

#[test]
fn parents_that_hand_on_and_files_that_line_up_are_no_circle() {
    let of = made_up(&[
        ("lib.rs", "pub mod house; pub use house::Wall;"),
        ("house.rs", "mod door; mod wall; pub use door::Door; pub use wall::Wall;"),
        ("house/door.rs", "use crate::Wall; pub struct Door;"),
        ("house/wall.rs", "pub struct Wall;"),
        ("main.rs", "use pamoja_made_up::Wall;"),
    ]);
    let imports = imports(&of).all;
    assert_eq!(circles(&of, &imports), Vec::<Vec<usize>>::new());
    assert_eq!(told_of(&of, &imports), ["house/door.rs:1 → house/wall.rs", "main.rs:1 → house/wall.rs"]);
}

#[test]
fn a_name_that_nobody_defines_is_told() {
    let of =
        made_up(&[("lib.rs", "mod door; mod wall;"), ("door.rs", "use crate::wall::Window;"), ("wall.rs", "pub struct Wall;")]);
    assert_eq!(told_of(&of, &imports(&of).lost), ["door.rs:1 → wall.rs"]);
}

#[test]
fn the_files_of_tests_are_told_apart_from_those_that_no_module_has() {
    let of = made_up(&[
        ("lib.rs", "mod door; #[cfg(test)] mod tests;"),
        ("door.rs", ""),
        ("tests.rs", "mod more;"),
        ("tests/more.rs", "use crate::door::Nothing;"),
        ("lost.rs", ""),
    ]);
    assert_eq!(of.files.iter().map(|file| &*file.path).collect::<Vec<_>>(), ["lib.rs", "door.rs"]);
    assert_eq!(of.test_files.iter().collect::<Vec<_>>(), ["tests.rs", "tests/more.rs"]);
}
