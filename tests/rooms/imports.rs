//! The imports of each file: which other file it needs, on which line and by which path.

use syn::{
    Attribute, ImplItem, Item, ItemUse, Macro, Path, VisRestricted,
    spanned::Spanned,
    visit::{self, Visit},
};

use crate::{
    resolve::Found,
    source::{Crate, FileId, ModuleId, Name, attributes, for_tests},
    tokens::{Written, paths, paths_and_strings},
    trees::{Leaf, leaves},
};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    pub from: FileId,
    pub to: FileId,
    pub line: usize,
    /// The path as the source writes it.
    pub path: String,
}

#[derive(Default)]
pub struct Imports {
    pub all: Vec<Import>,
    /// Names that could not be found in modules of the crate, where no macro could have defined them.
    pub lost: Vec<Import>,
}

pub fn imports(of: &Crate) -> Imports {
    let mut found = Imports::default();
    for (module, read) in of.modules.iter().enumerate() {
        let mut reader = Reader { of, module, found: &mut found, in_macro: false, in_rules: false };
        read.items.iter().for_each(|item| reader.visit_item(item));
    }
    for imports in [&mut found.all, &mut found.lost] {
        imports.sort();
        imports.dedup();
    }
    found
}

struct Reader<'a> {
    of: &'a Crate,
    module: ModuleId,
    found: &'a mut Imports,
    in_macro: bool,
    /// Inside `macro_rules!`: its names are resolved where the macro is called, except those that begin with `$crate`.
    in_rules: bool,
}

impl Reader<'_> {
    fn add(&mut self, to: FileId, path: &[String], line: usize) {
        let from = self.of.modules[self.module].file;
        if from != to {
            self.found.all.push(Import { from, to, line, path: path.join("::") });
        }
    }

    fn add_all(&mut self, targets: Vec<Found>, path: &[String], line: usize) {
        for target in targets {
            match target {
                Found::Item(file) => self.add(file, path, line),
                Found::Unseen(file) => {
                    self.add(file, path, line);
                    let modules = self.of.modules.iter().filter(|module| module.file == file);
                    if !modules.into_iter().any(|module| module.has_macros) {
                        let from = self.of.modules[self.module].file;
                        self.found.lost.push(Import { from, to: file, line, path: path.join("::") });
                    }
                }
                Found::Module(_) | Found::Outside => {}
            }
        }
    }

    fn written(&mut self, path: &[String], line: usize) {
        if path.is_empty() || self.in_rules && path[0] != "crate" || self.is_told_by_a_use(&path[0]) {
            return;
        }
        let mut found = self.of.resolve(self.module, path);
        if self.in_macro && path[0] == "super" && found.iter().any(|found| matches!(found, Found::Unseen(_))) {
            // The macro puts this into a module of its own, as diesel's `table!` does.
            found = self.of.resolve(self.module, &[&["self".to_owned()], &path[1..]].concat());
        }
        self.add_all(found, path, line);
    }

    /// Whether the name's own `use` is already an import of the file that defines it.
    fn is_told_by_a_use(&self, name: &str) -> bool {
        let is_private = |stands_for: &Name| matches!(stands_for, Name::Imported(leaf) if !leaf.is_reexport);
        let names = self.of.modules[self.module].names.get(name);
        names.is_some_and(|names| names.iter().all(is_private))
            && !self.of.resolve(self.module, &[name.to_owned()]).iter().any(|found| matches!(found, Found::Module(_)))
    }

    fn tokens(&mut self, written: Vec<Written>) {
        written.iter().for_each(|written| self.written(&written.path, written.line));
    }

    fn import(&mut self, leaf: &Leaf) {
        let mut targets = self.of.resolve(self.module, &leaf.path);
        if leaf.is_reexport {
            // A parent may re-export what its children define.
            targets.retain(|found| match found {
                Found::Item(file) | Found::Unseen(file) => !self.of.is_above(self.module, self.of.files[*file].module),
                Found::Module(module) => leaf.name.is_none() && !self.of.is_above(self.module, *module),
                Found::Outside => false,
            });
        }
        if leaf.name.is_none() {
            self.glob(&targets, leaf);
        }
        self.add_all(targets, &leaf.path, leaf.line);
    }

    /// Adds what a glob may bring in unseen: traits, whose methods are called without the trait's name, names from macros, and
    /// re-exports.
    fn glob(&mut self, targets: &[Found], leaf: &Leaf) {
        for found in targets {
            if let Found::Module(target) = found {
                let target = &self.of.modules[*target];
                if leaf.is_reexport || target.has_macros || !target.traits.is_empty() {
                    self.add(target.file, &leaf.path, leaf.line);
                }
            }
        }
    }

    fn macro_by_name(&mut self, path: &Path) {
        if let Some(name) = path.get_ident().map(ToString::to_string)
            && self.of.resolve(self.module, std::slice::from_ref(&name)).is_empty()
            && let Some(file) = self.of.macros.get(&name)
        {
            self.add(*file, &[format!("{name}!")], path.span().start().line);
        }
    }
}

impl<'a> Visit<'a> for Reader<'_> {
    fn visit_item(&mut self, item: &'a Item) {
        if !for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'a ImplItem) {
        if !matches!(item, ImplItem::Fn(function) if for_tests(&function.attrs)) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'a ItemUse) {
        leaves(item).iter().filter(|leaf| !leaf.is_outside).for_each(|leaf| self.import(leaf));
    }

    fn visit_path(&mut self, path: &'a Path) {
        if path.leading_colon.is_none() {
            let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.written(&names, path.span().start().line);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'a Macro) {
        self.macro_by_name(&call.path);
        self.in_rules = call.path.is_ident("macro_rules");
        self.visit_path(&call.path);
        self.in_macro = true;
        self.tokens(paths(call.tokens.clone()));
        self.in_macro = false;
        self.in_rules = false;
    }

    fn visit_attribute(&mut self, attribute: &'a Attribute) {
        if !attribute.path().is_ident("doc")
            && let Ok(list) = attribute.meta.require_list()
        {
            self.tokens(paths_and_strings(list.tokens.clone()));
        }
    }

    fn visit_vis_restricted(&mut self, _: &'a VisRestricted) {}
}
