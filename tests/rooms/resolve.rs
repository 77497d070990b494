//! From a path to the file that defines what it names, through imports, re-exports and globs.

use crate::source::{Crate, FileId, ModuleId, Name};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    Module(ModuleId),
    Item(FileId),
    /// The module doesn't define this name in its source, but a macro may have; the module's file stands for it.
    Unseen(FileId),
    /// In another crate.
    Outside,
}

impl Crate {
    /// What a path names when it is written in this module.
    pub fn resolve(&self, from: ModuleId, path: &[String]) -> Vec<Found> {
        Resolver { of: self, under_way: Vec::new() }.walk(from, path)
    }

    /// Whether one module is the other, or an ancestor of it.
    pub fn is_above(&self, above: ModuleId, mut module: ModuleId) -> bool {
        loop {
            if module == above {
                return true;
            }
            match self.modules[module].parent {
                Some(parent) => module = parent,
                None => return false,
            }
        }
    }

    fn root(&self, mut module: ModuleId) -> ModuleId {
        while let Some(parent) = self.modules[module].parent {
            module = parent;
        }
        module
    }
}

struct Resolver<'a> {
    of: &'a Crate,
    /// The imports that are being followed, by the addresses of their paths, so that two imports that name each other end.
    under_way: Vec<*const Vec<String>>,
}

impl Resolver<'_> {
    fn walk(&mut self, from: ModuleId, path: &[String]) -> Vec<Found> {
        let Some((first, mut rest)) = path.split_first() else { return vec![Found::Outside] };
        let mut found = match first.as_str() {
            "crate" => vec![Found::Module(self.of.root(from))],
            "self" | "super" => {
                let above = |module: ModuleId| self.of.modules[module].parent.expect("a module above");
                let mut module = if first == "self" { from } else { above(from) };
                while let Some((next, further)) = rest.split_first()
                    && next == "super"
                {
                    module = above(module);
                    rest = further;
                }
                vec![Found::Module(module)]
            }
            name if *name == self.of.name => vec![Found::Module(0)],
            name => self.look_up(from, name),
        };
        for name in rest {
            // A function may have the same name as a module, but no path leads through a function.
            if found.iter().any(|one| matches!(one, Found::Module(_))) {
                found.retain(|one| matches!(one, Found::Module(_)));
            }
            let mut next: Vec<Found> = Vec::new();
            for one in &found {
                match *one {
                    Found::Module(module) => {
                        let inside = self.look_up(module, name);
                        if inside.is_empty() && found.len() == 1 {
                            next.push(Found::Unseen(self.of.modules[module].file));
                        }
                        next.extend(inside);
                    }
                    // A variant or an associated item is in the file of its type.
                    item => next.push(item),
                }
            }
            found = next;
        }
        found.dedup();
        found
    }

    fn look_up(&mut self, module: ModuleId, name: &str) -> Vec<Found> {
        let this = &self.of.modules[module];
        if let Some(names) = this.names.get(name) {
            let mut found = Vec::new();
            for stands_for in names {
                match stands_for {
                    Name::Defined => found.push(Found::Item(this.file)),
                    Name::Module(child) => found.push(Found::Module(*child)),
                    Name::Imported(leaf) if leaf.is_outside => found.push(Found::Outside),
                    Name::Imported(leaf) => {
                        let imported = self.follow(&leaf.path, |resolver| resolver.walk(module, &leaf.path));
                        found.extend(imported.unwrap_or_default());
                    }
                }
            }
            return if found.is_empty() { vec![Found::Outside] } else { found };
        }
        let globs = this.globs.iter().filter(|leaf| !leaf.is_outside);
        for leaf in globs {
            let through = self.follow(&leaf.path, |resolver| {
                let targets = resolver.walk(module, &leaf.path);
                let modules = targets.into_iter().filter_map(|found| match found {
                    Found::Module(target) => Some(target),
                    _ => None,
                });
                modules.flat_map(|target| resolver.look_up(target, name)).collect::<Vec<_>>()
            });
            if let Some(found) = through
                && !found.is_empty()
            {
                return found;
            }
        }
        Vec::new()
    }

    /// Follows an import; nothing when it is already being followed.
    fn follow<T>(&mut self, path: &Vec<String>, then: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let import: *const Vec<String> = path;
        if self.under_way.contains(&import) {
            return None;
        }
        self.under_way.push(import);
        let found = then(self);
        self.under_way.pop();
        Some(found)
    }
}
