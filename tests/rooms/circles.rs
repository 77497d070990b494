//! The crates as they are.

use crate::{
    graph::{circles, line, told},
    imports::imports,
    source::{crates, read},
};

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut found = Vec::new();
    for (folder, sources) in crates() {
        let read = read(&folder, &sources);
        let imports = imports(&read).all;
        found.extend(circles(&read, &imports).iter().map(|circle| told(&folder, &read, &imports, circle)));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// If a file or a name were missed, an import could be overlooked.
#[test]
fn every_file_is_read_and_every_name_is_found() {
    for (folder, sources) in crates() {
        let read = read(&folder, &sources);
        let is_read = |path: &String| read.test_files.contains(path) || read.files.iter().any(|file| file.path == *path);
        let unread: Vec<_> = sources.keys().filter(|path| !is_read(path)).collect();
        assert!(unread.is_empty(), "no module has these files of crates/{folder}/src: {unread:?}");
        let lost: Vec<_> = imports(&read).lost.iter().map(|import| line(&folder, &read, import)).collect();
        assert!(lost.is_empty(), "names that aren't found where their paths lead:\n{}", lost.join("\n"));
    }
}
