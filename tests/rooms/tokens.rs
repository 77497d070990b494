//! Paths among tokens without a known grammar: bodies of macros, attributes, and strings in attributes that are code.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// A path as the source writes it, and its line.
pub struct Written {
    pub path: Vec<String>,
    pub line: usize,
}

/// Every path of one or more names that isn't a field, a method or an argument's name.
pub fn paths(tokens: TokenStream) -> Vec<Written> {
    let mut scan = Scan::default();
    scan.tokens(tokens);
    scan.found
}

/// The same, with the paths in strings: `complexity = "crate::connection::cost(first)"`.
pub fn paths_and_strings(tokens: TokenStream) -> Vec<Written> {
    let mut scan = Scan { reads_strings: true, ..Scan::default() };
    scan.tokens(tokens);
    scan.found
}

#[derive(Default)]
struct Scan {
    found: Vec<Written>,
    reads_strings: bool,
}

impl Scan {
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) if self.reads_strings => self.string(literal),
                TokenTree::Ident(_) => {
                    at = self.path(&tokens, at);
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
    }

    fn string(&mut self, literal: &proc_macro2::Literal) {
        if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string())
            && let Ok(inner) = text.value().parse::<TokenStream>()
        {
            let line = literal.span().start().line;
            // A single word in a string is just a word.
            let inner = paths(inner).into_iter().filter(|written| written.path.len() > 1);
            self.found.extend(inner.map(|written| Written { line, ..written }));
        }
    }

    /// Reads the path that begins there, and returns where it ends.
    fn path(&mut self, tokens: &[TokenTree], begin: usize) -> usize {
        let (mut path, mut end) = (Vec::new(), begin);
        while let Some(TokenTree::Ident(name)) = tokens.get(end) {
            path.push(name.to_string());
            end += 1;
            if !(is_colons(tokens, end) && matches!(tokens.get(end + 2), Some(TokenTree::Ident(_)))) {
                break;
            }
            end += 2;
        }
        let line = tokens[begin].span().start().line;
        if is_colons(tokens, end)
            && let Some(TokenTree::Group(group)) = tokens.get(end + 2)
            && group.delimiter() == Delimiter::Brace
        {
            // A `use` with several names.
            let names = paths(group.stream()).into_iter();
            self.found.extend(names.map(|name| Written { path: [path.clone(), name.path].concat(), ..name }));
            return end + 3;
        }
        let continues = begin >= 2 && is_colons(tokens, begin - 2);
        let of_something = begin >= 1 && is(tokens, begin - 1, '.');
        let is_named = path.len() == 1 && (is_alone(tokens, end, ':') || is_alone(tokens, end, '='));
        if !continues && !of_something && !is_named {
            self.found.push(Written { path, line });
        }
        end
    }
}

fn is(tokens: &[TokenTree], at: usize, character: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

fn is_colons(tokens: &[TokenTree], at: usize) -> bool {
    is(tokens, at, ':') && is(tokens, at + 1, ':')
}

fn is_alone(tokens: &[TokenTree], at: usize, character: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == character && punct.spacing() == Spacing::Alone)
}
