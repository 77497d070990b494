//! The schema as a client sees it, and documents made from it: an addition to the schema is tested without being named.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::client::Client;

const QUERY: &str = "{ __schema {
    queryType { name } mutationType { name } subscriptionType { name }
    types { kind name description
        fields(includeDeprecated: true) { name description args { name description type { ...T } defaultValue } type { ...T } }
        inputFields { name description type { ...T } defaultValue }
        enumValues { name description } } } }
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// How many fields a document that is made here asks for at most, the root field among them: far fewer than may be.
const MOST_FIELDS: usize = 100;

/// The schema.
pub struct Schema(Value);

/// A root field and a way to call it.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The field's name.
    pub name: String,
    /// The document, with every argument as a variable.
    pub document: String,
    /// Well-formed values for the required variables.
    pub variables: Value,
    /// Where ids go: JSON pointers into the variables, each with whether a list is expected there.
    pub ids: Vec<(String, bool)>,
}

impl Schema {
    /// Asks the API for its schema.
    pub async fn of(client: &Client) -> Self {
        Self(client.data(QUERY, json!({})).await["__schema"].take())
    }

    /// All types of the API's own.
    pub fn types(&self) -> impl Iterator<Item = &Value> {
        self.0["types"].as_array().expect("types").iter().filter(|known| !name(known).starts_with("__"))
    }

    fn find(&self, wanted: &str) -> &Value {
        self.types().find(|known| name(known) == wanted).unwrap_or_else(|| panic!("no type {wanted}"))
    }

    /// Every query and mutation.
    pub fn operations(&self) -> Vec<Operation> {
        let mut operations = Vec::new();
        for (kind, root) in [("query", "queryType"), ("mutation", "mutationType")] {
            for field in array(&self.find(name(&self.0[root]))["fields"]) {
                operations.push(self.operation(kind, field));
            }
        }
        operations
    }

    /// Every position in an operation's variables that takes a value: the arguments, and the fields of input objects.
    pub fn places(&self, operation: &Operation) -> Vec<String> {
        let mut places = Vec::new();
        for root in ["queryType", "mutationType"] {
            let fields = array(&self.find(name(&self.0[root]))["fields"]);
            for argument in fields.filter(|field| name(field) == operation.name).flat_map(|field| array(&field["args"])) {
                self.collect_places(argument, "", 0, &mut places);
            }
        }
        places
    }

    fn collect_places(&self, of: &Value, path: &str, depth: usize, places: &mut Vec<String>) {
        let path = format!("{path}/{}", name(of));
        let inner = innermost(&of["type"]);
        if inner["kind"] == "INPUT_OBJECT" && depth < 3 {
            for field in array(&self.find(name(inner))["inputFields"]) {
                self.collect_places(field, &first_of(&of["type"], &path), depth + 1, places);
            }
        }
        places.push(path);
    }

    fn operation(&self, kind: &'static str, field: &Value) -> Operation {
        let mut variables = Map::new();
        let mut ids = Vec::new();
        for argument in array(&field["args"]) {
            let path = format!("/{}", name(argument));
            self.collect_ids(&argument["type"], &path, 0, &mut ids);
            if argument["type"]["kind"] == "NON_NULL" {
                variables.insert(name(argument).to_owned(), self.value(name(argument), &argument["type"]));
            }
        }
        let declared: Vec<String> =
            array(&field["args"]).map(|argument| format!("${}: {}", name(argument), written(&argument["type"]))).collect();
        let passed: Vec<String> = array(&field["args"]).map(|argument| format!("{0}: ${0}", name(argument))).collect();
        let list = |parts: &[String]| if parts.is_empty() { String::new() } else { format!("({})", parts.join(", ")) };
        let document = format!(
            "{kind} {} {{ {}{} {} }}",
            list(&declared),
            name(field),
            list(&passed),
            self.fitting_selection(innermost(&field["type"]))
        );
        Operation { name: name(field).to_owned(), document, variables: Value::Object(variables), ids }
    }

    fn collect_ids(&self, of: &Value, path: &str, depth: usize, ids: &mut Vec<(String, bool)>) {
        let inner = innermost(of);
        if inner["name"] == "ID" {
            ids.push((path.to_owned(), written(of).starts_with('[')));
        }
        if inner["kind"] == "INPUT_OBJECT" && depth < 3 {
            for field in array(&self.find(name(inner))["inputFields"]) {
                self.collect_ids(&field["type"], &format!("{}/{}", first_of(of, path), name(field)), depth + 1, ids);
            }
        }
    }

    /// A well-formed value of that type.
    fn value(&self, called: &str, of: &Value) -> Value {
        let inner = innermost(of);
        if written(of).starts_with('[') {
            // A list of input objects gets one item, so that each of the item's fields has a position.
            return if inner["kind"] == "INPUT_OBJECT" { json!([self.item(inner)]) } else { json!([]) };
        }
        match (inner["kind"].as_str().unwrap_or(""), name(inner)) {
            ("ENUM", enumeration) => self.find(enumeration)["enumValues"][0]["name"].clone(),
            ("INPUT_OBJECT", input) => {
                let needed = |field: &&Value| field["type"]["kind"] == "NON_NULL" && field["defaultValue"].is_null();
                let required = array(&self.find(input)["inputFields"]).filter(needed);
                Value::Object(required.map(|field| (name(field).to_owned(), self.value(name(field), &field["type"]))).collect())
            }
            (_, "ID") => json!("nothing"),
            (_, "Boolean") => json!(true),
            (_, "Int") => json!(1),
            (_, "Float") => json!(1.5),
            (_, "Date") => json!((chrono::Utc::now() + chrono::Days::new(2)).format("%Y-%m-%d").to_string()),
            (_, "Month") => json!(pamoja_domain::month::Month::at(chrono::Utc::now()).to_string()),
            (_, "DateTime") => json!("2026-01-01T00:00:00Z"),
            (_, "SlipCode") => json!(pamoja_domain::referral::slip::SlipCode::from_bits(7).to_string()),
            (_, "Pseudonym") => json!(crate::referral::CLIENT),
            _ if called == "measure" => json!("CREATED"),
            _ if called == "countyCode" => json!("047"),
            _ => json!("A name"),
        }
    }

    /// The one item of a list. If the item takes a key it gets one, because the API looks at nothing else without it.
    fn item(&self, of: &Value) -> Value {
        let mut item = self.value("", of);
        if array(&self.find(name(of))["inputFields"]).any(|field| name(field) == "clientMutationId") {
            item["clientMutationId"] = json!(uuid::Uuid::new_v4());
        }
        item
    }

    /// All fields of the type, and of the types that it leads to as far as one document may ask for them all.
    fn fitting_selection(&self, of: &Value) -> String {
        let fields = |selection: &String| selection.split_whitespace().filter(|word| !["{", "}"].contains(word)).count();
        let mut selections = (0..=2).rev().map(|levels| self.selection(of, levels, &mut BTreeSet::new()));
        selections.find(|selection| fields(selection) < MOST_FIELDS).expect("one object has few enough fields")
    }

    /// What to select of a type: its plain fields, and so many levels of other types. What has an id is selected in full once.
    fn selection<'a>(&'a self, of: &'a Value, levels: usize, seen: &mut BTreeSet<&'a str>) -> String {
        match of["kind"].as_str().unwrap_or("") {
            "OBJECT" => {
                let known = array(&self.find(name(of))["fields"]).filter(|field| array(&field["args"]).next().is_none());
                let known: Vec<&Value> = known.collect();
                let has = |wanted: &str| known.iter().any(|field| name(field) == wanted);
                if !seen.insert(name(of)) && has("id") {
                    return "{ id }".to_owned();
                }
                let mut fields = Vec::new();
                for field in &known {
                    let inner = innermost(&field["type"]);
                    match inner["kind"].as_str().unwrap_or("") {
                        // The nodes are the same ones.
                        "OBJECT" if name(field) == "edges" && has("nodes") => fields.push("edges { cursor }".to_owned()),
                        "OBJECT" if levels > 0 => {
                            fields.push(format!("{} {}", name(field), self.selection(inner, levels - 1, seen)));
                        }
                        "OBJECT" | "INTERFACE" | "UNION" => {}
                        _ => fields.push(name(field).to_owned()),
                    }
                }
                if fields.is_empty() { "{ __typename }".to_owned() } else { format!("{{ {} }}", fields.join(" ")) }
            }
            "INTERFACE" | "UNION" => "{ __typename id }".to_owned(),
            _ => String::new(),
        }
    }
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap_or("")
}

fn innermost(of: &Value) -> &Value {
    if of["ofType"].is_object() { innermost(&of["ofType"]) } else { of }
}

fn written(of: &Value) -> String {
    match of["kind"].as_str().unwrap_or("") {
        "NON_NULL" => format!("{}!", written(&of["ofType"])),
        "LIST" => format!("[{}]", written(&of["ofType"])),
        _ => name(of).to_owned(),
    }
}

/// The path into a value of that type; for a list, into its first item.
fn first_of(of: &Value, path: &str) -> String {
    if written(of).starts_with('[') { format!("{path}/0") } else { path.to_owned() }
}

/// Puts a value where the pointer says, and makes the objects on the way.
pub fn put(variables: &mut Value, pointer: &str, value: Value) {
    let mut at = variables;
    for part in pointer.split('/').skip(1) {
        at = match part.parse::<usize>() {
            Ok(index) if at.is_array() => &mut at[index],
            _ => &mut at[part],
        };
    }
    *at = value;
}
