//! A crate as its source defines it: its files, its modules, and the names in each module.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use syn::{Attribute, ForeignItem, Item, visit::Visit};

use crate::trees::{Leaf, leaves};

/// The sources of one crate, by their paths below `src`.
pub type Sources = BTreeMap<String, String>;

/// The modules of one crate, without those that are only for tests.
#[derive(Default)]
pub struct Crate {
    /// Its name in other crates.
    pub name: String,
    pub files: Vec<File>,
    pub modules: Vec<Module>,
    /// The files of modules that are only for tests.
    pub test_files: BTreeSet<String>,
    /// The file that defines each macro; macros are found by the order of the text, not by path.
    pub macros: BTreeMap<String, FileId>,
}

pub type FileId = usize;
pub type ModuleId = usize;

pub struct File {
    /// The path below `src`.
    pub path: String,
    pub module: ModuleId,
}

pub struct Module {
    pub file: FileId,
    pub parent: Option<ModuleId>,
    pub items: Vec<Item>,
    pub names: BTreeMap<String, Vec<Name>>,
    pub globs: Vec<Leaf>,
    pub traits: BTreeSet<String>,
    /// Whether a macro is called among the items: it may define names that are not read here.
    pub has_macros: bool,
}

/// What a name stands for in a module.
pub enum Name {
    Defined,
    Module(ModuleId),
    Imported(Leaf),
}

/// Every crate of the workspace: the name of its folder, and its sources.
pub fn crates() -> Vec<(String, Sources)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut crates: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of the crates")
        .map(|entry| entry.expect("a crate").path())
        .filter(|folder| folder.join("Cargo.toml").exists())
        .map(|folder| (folder.file_name().expect("a name").to_string_lossy().into_owned(), sources(&folder.join("src"))))
        .collect();
    crates.sort();
    assert!(crates.len() >= 3, "only {} crates were found", crates.len());
    crates
}

fn sources(root: &Path) -> Sources {
    let mut sources = Sources::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path: PathBuf = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path.strip_prefix(root).expect("a file below src").to_string_lossy().replace('\\', "/");
                sources.insert(below, std::fs::read_to_string(&path).expect("a source"));
            }
        }
    }
    sources
}

/// Reads a crate from its roots, `lib.rs` first.
pub fn read(name: &str, sources: &Sources) -> Crate {
    let mut found = Crate { name: format!("pamoja_{name}"), ..Crate::default() };
    for root in ["lib.rs", "main.rs"] {
        if let Some(text) = sources.get(root) {
            Reader { sources, found: &mut found }.file(root, "", text, None);
        }
    }
    found
}

struct Reader<'a> {
    sources: &'a Sources,
    found: &'a mut Crate,
}

impl Reader<'_> {
    /// Reads a file. `folder` holds the files of the module's children.
    fn file(&mut self, path: &str, folder: &str, text: &str, parent: Option<ModuleId>) -> ModuleId {
        let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let (file, module) = (self.found.files.len(), self.found.modules.len());
        self.found.files.push(File { path: path.to_owned(), module });
        self.module(parsed.items, folder, file, parent)
    }

    fn module(&mut self, items: Vec<Item>, folder: &str, file: FileId, parent: Option<ModuleId>) -> ModuleId {
        let this = self.found.modules.len();
        self.found.modules.push(Module {
            file,
            parent,
            items: Vec::new(),
            names: BTreeMap::new(),
            globs: Vec::new(),
            traits: BTreeSet::new(),
            has_macros: false,
        });
        for item in items {
            let tests = for_tests(attributes(&item));
            match item {
                Item::Mod(child) if tests => self.leave_out(child, folder),
                _ if tests => {}
                Item::Mod(child) => {
                    let (name, below) = (child.ident.to_string(), join(folder, &child.ident.to_string()));
                    let id = match child.content {
                        Some((_, items)) => self.module(items, &below, file, Some(this)),
                        None => {
                            let path = self.path_of(&below);
                            let text = &self.sources[&path];
                            self.file(&path, &below, text, Some(this))
                        }
                    };
                    self.found.modules[this].name(name, Name::Module(id));
                }
                item => self.item(this, item),
            }
        }
        this
    }

    fn item(&mut self, this: ModuleId, item: Item) {
        let file = self.found.modules[this].file;
        let module = &mut self.found.modules[this];
        if let Item::Trait(item) = &item {
            module.traits.insert(item.ident.to_string());
        }
        match &item {
            Item::Macro(item) => match &item.ident {
                Some(name) => {
                    module.name(name.to_string(), Name::Defined);
                    self.found.macros.insert(name.to_string(), file);
                }
                None => module.has_macros = true,
            },
            item => {
                for name in defined(item) {
                    module.name(name, Name::Defined);
                }
                // Imports inside functions count as the module's.
                let mut uses = Uses(Vec::new());
                uses.visit_item(item);
                for leaf in uses.0 {
                    match &leaf.name {
                        Some(name) => module.name(name.clone(), Name::Imported(leaf)),
                        None => module.globs.push(leaf),
                    }
                }
            }
        }
        self.found.modules[this].items.push(item);
    }

    /// Leaves out a module that is only for tests, and all files below it.
    fn leave_out(&mut self, module: syn::ItemMod, folder: &str) {
        let below = join(folder, &module.ident.to_string());
        let of_it = |path: &&String| **path == format!("{below}.rs") || path.starts_with(&format!("{below}/"));
        self.found.test_files.extend(self.sources.keys().filter(of_it).cloned());
    }

    fn path_of(&self, below: &str) -> String {
        [format!("{below}.rs"), format!("{below}/mod.rs")]
            .into_iter()
            .find(|path| self.sources.contains_key(path))
            .unwrap_or_else(|| panic!("there is no file for the module {below}"))
    }
}

impl Module {
    fn name(&mut self, name: String, stands_for: Name) {
        self.names.entry(name).or_default().push(stands_for);
    }
}

struct Uses(Vec<Leaf>);

impl<'a> Visit<'a> for Uses {
    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        if !for_tests(&item.attrs) {
            self.0.extend(leaves(item));
        }
    }
}

fn defined(item: &Item) -> Vec<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        // How PostgreSQL's functions are declared for diesel.
        Item::ForeignMod(block) => {
            let functions = block.items.iter().filter_map(|item| match item {
                ForeignItem::Fn(item) => Some(item.sig.ident.to_string()),
                _ => None,
            });
            return functions.collect();
        }
        _ => return Vec::new(),
    };
    vec![name.to_string()]
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Whether the attributes include `#[cfg(test)]`, alone or in an `all`.
pub fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let Ok(list) = attribute.meta.require_list() else { return false };
        let tokens: Vec<String> = list.tokens.to_string().split([' ', '(', ')', ',']).map(str::to_owned).collect();
        list.path.is_ident("cfg")
            && tokens.iter().any(|token| token == "test")
            && !tokens.iter().any(|token| token == "not" || token == "any")
    })
}

pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
