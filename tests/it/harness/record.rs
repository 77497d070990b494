//! Recording what members' requests send, to print the list of statements anew.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use pamoja_persistence::listed;

/// The setting that names the folder into which statements are recorded.
const SETTING: &str = "RECORD_STATEMENTS";

/// Whether this run records statements. Then they are sent as they are, as the role that has the rights for them.
pub fn records() -> bool {
    static RECORDS: OnceLock<bool> = OnceLock::new();
    *RECORDS.get_or_init(|| {
        let Some(folder) = folder() else { return false };
        std::fs::create_dir_all(&folder).expect("a folder");
        let known = Mutex::new(HashSet::new());
        listed::record(Box::new(move |text, types| {
            if known.lock().expect("no panic").insert(text.to_owned()) {
                let mut hasher = DefaultHasher::new();
                text.hash(&mut hasher);
                let types: Vec<String> = types.iter().map(ToString::to_string).collect();
                std::fs::write(folder.join(format!("{:x}", hasher.finish())), format!("{}\n{text}", types.join(",")))
                    .expect("it is recorded");
            }
        }));
        true
    })
}

fn folder() -> Option<PathBuf> {
    std::env::var_os(SETTING).map(PathBuf::from)
}

/// What was recorded: each text, and the types of its parameters. None when nothing is to be recorded.
pub fn recorded() -> Option<Vec<(String, Vec<u32>)>> {
    let files = std::fs::read_dir(folder()?).expect("a folder");
    let read = |file: std::fs::DirEntry| {
        let text = std::fs::read_to_string(file.path()).expect("a text");
        let (types, text) = text.split_once('\n').expect("types and a text");
        (
            text.to_owned(),
            types.split(',').filter(|number| !number.is_empty()).map(|number| number.parse().expect("a number")).collect(),
        )
    };
    Some(files.map(|file| read(file.expect("a file"))).collect())
}
