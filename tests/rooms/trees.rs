//! A `use` taken apart: each name that it brings in, with its full path.

use proc_macro2::Span;
use syn::{ItemUse, UseTree, Visibility};

#[derive(Clone)]
pub struct Leaf {
    pub path: Vec<String>,
    /// The name in the module; nothing for a glob.
    pub name: Option<String>,
    pub line: usize,
    /// Whether other modules may import it from here.
    pub is_reexport: bool,
    /// Whether it begins with `::`, and so names another crate.
    pub is_outside: bool,
}

pub fn leaves(item: &ItemUse) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    descend(&item.tree, &[], &mut |path, name, span| {
        leaves.push(Leaf {
            path,
            name,
            line: span.start().line,
            is_reexport: !matches!(item.vis, Visibility::Inherited),
            is_outside: item.leading_colon.is_some(),
        });
    });
    leaves
}

fn descend(tree: &UseTree, above: &[String], found: &mut impl FnMut(Vec<String>, Option<String>, Span)) {
    let with = |name: String| [above, &[name]].concat();
    match tree {
        UseTree::Path(tree) => descend(&tree.tree, &with(tree.ident.to_string()), found),
        UseTree::Group(group) => group.items.iter().for_each(|tree| descend(tree, above, found)),
        UseTree::Glob(glob) => found(above.to_vec(), None, glob.star_token.spans[0]),
        UseTree::Name(name) if name.ident == "self" => found(above.to_vec(), above.last().cloned(), name.ident.span()),
        UseTree::Name(name) => found(with(name.ident.to_string()), Some(name.ident.to_string()), name.ident.span()),
        UseTree::Rename(name) if name.ident == "self" => found(above.to_vec(), Some(name.rename.to_string()), name.ident.span()),
        UseTree::Rename(name) => found(with(name.ident.to_string()), Some(name.rename.to_string()), name.ident.span()),
    }
}
