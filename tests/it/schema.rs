//! schema.graphql is what the program prints, describes everything, and keeps what outside clients rely on.

use std::collections::BTreeMap;

use async_graphql_parser::parse_schema;
use async_graphql_parser::types::{FieldDefinition, InputValueDefinition, TypeKind, TypeSystemDefinition};
use async_graphql_value::ConstValue;

const CONTRACT: &str = include_str!("contract.graphql");
const COMMITTED: &str = include_str!("../../schema.graphql");

/// One element of a schema, by its path such as `Query.node(id:)`.
#[derive(Debug, PartialEq)]
struct Thing {
    /// Its type and default value, its members, or its kind.
    form: String,
    description: Option<String>,
}

type Things = BTreeMap<String, Thing>;

/// Every element that a schema defines. Extensions count as part of what they extend.
fn things(sdl: &str) -> Things {
    let mut things = Things::new();
    for definition in parse_schema(sdl).expect("a schema").definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let definition = definition.node;
        let name = definition.name.node.to_string();
        let mut add = |path: String, form: String, description: Option<String>| {
            things.insert(path, Thing { form, description });
        };
        let description = definition.description.map(|description| description.node);
        let mut fields = Vec::new();
        let kind = match definition.kind {
            TypeKind::Scalar => "scalar".to_owned(),
            TypeKind::Object(object) => {
                fields = object.fields;
                let interfaces: Vec<String> = object.implements.iter().map(|name| name.node.to_string()).collect();
                format!("type {}", interfaces.join(" "))
            }
            TypeKind::Interface(interface) => {
                fields = interface.fields;
                "interface".to_owned()
            }
            TypeKind::Union(_) => "union".to_owned(),
            TypeKind::Enum(members) => {
                for member in members.values {
                    let member = member.node;
                    let description = member.description.map(|description| description.node);
                    add(format!("{name}.{}", member.value.node), "member".to_owned(), description);
                }
                "enum".to_owned()
            }
            TypeKind::InputObject(input) => {
                for field in input.fields {
                    let (path, form, description) = value(&name, field.node);
                    add(path, form, description);
                }
                "input".to_owned()
            }
        };
        for field in fields {
            let FieldDefinition { name: field, arguments, ty, description, .. } = field.node;
            let path = format!("{name}.{}", field.node);
            for argument in arguments {
                let (path, form, description) = value(&path, argument.node);
                add(path, form, description);
            }
            add(path, ty.node.to_string(), description.map(|description| description.node));
        }
        if !definition.extend {
            add(name, kind, description);
        }
    }
    things
}

fn value(owner: &str, value: InputValueDefinition) -> (String, String, Option<String>) {
    let default = value
        .default_value
        .map_or(String::new(), |default: async_graphql_parser::Positioned<ConstValue>| format!(" = {}", default.node));
    let description = value.description.map(|description| description.node);
    (format!("{owner}({}:)", value.name.node), format!("{}{default}", value.ty.node), description)
}

#[test]
fn the_committed_schema_is_what_the_program_prints() {
    assert!(
        COMMITTED == pamoja_api::schema::sdl(),
        "schema.graphql is out of date: write it anew with `cargo run -- schema > schema.graphql` and read the difference"
    );
}

#[test]
fn everything_in_the_schema_says_what_it_means() {
    let things = things(COMMITTED);
    assert!(things.len() > 300, "only {} things were found", things.len());
    let silent: Vec<&String> = things
        .iter()
        .filter(|(_, thing)| thing.description.as_deref().unwrap_or("").trim().len() < 3)
        .map(|(path, _)| path)
        .collect();
    assert!(silent.is_empty(), "say what these mean: {silent:#?}");
}

#[test]
fn what_outside_clients_rely_on_is_there_as_they_know_it() {
    let ours = things(COMMITTED);
    let contract = things(CONTRACT);
    assert!(contract.len() > 250, "only {} things were found", contract.len());
    let broken: Vec<String> = contract
        .iter()
        .filter_map(|(path, thing)| match ours.get(path) {
            None => Some(format!("{path} is missing")),
            Some(known) if known.form != thing.form => Some(format!("{path} is {} and must be {}", known.form, thing.form)),
            Some(_) => None,
        })
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
    // Outside clients may branch on these values, and send the ones that they know: no enum or input changes unnoticed.
    for (path, thing) in &ours {
        let Some((owner, _)) = path.split_once(['.', '(']) else { continue };
        let of_contract = contract.get(owner).is_some_and(|owner| owner.form == "enum" || owner.form == "input");
        let harmless = thing.form != "member" && !thing.form.ends_with('!');
        assert!(!of_contract || harmless || contract.contains_key(path), "{path} is new to those who know the contract");
    }
}

#[test]
fn nothing_in_the_schema_could_hold_who_somebody_is() {
    // PhoneLine alone is let through: it is an organisation's line, and what may be a person's is refused.
    let identifying =
        ["phone", "email", "birth", "latitude", "longitude", "address", "photo", "nationalId", "firstName", "lastName", "ward"];
    for path in things(COMMITTED).keys().filter(|path| *path != "PhoneLine") {
        let last = path.rsplit(['.', '(']).next().unwrap_or("").to_lowercase();
        assert!(!identifying.iter().any(|word| last.contains(&word.to_lowercase())), "{path}");
    }
}
