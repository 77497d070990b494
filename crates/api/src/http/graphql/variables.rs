//! The values of variables: checked against the types that the document declares, before anything is executed, as the
//! specification's CoerceVariableValues does. What is wrong is told by its path and its type and never by its value, which can be
//! anything that was typed into the wrong place.

use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;
use async_graphql::parser::types::{BaseType, OperationDefinition, Type as Declared, VariableDefinition};
use async_graphql::{Value, Variables};

use crate::error_code::ErrorCode;
use crate::http::code::Rejection;

/// Checks that the variables are there and of their types, and adds the defaults of those that are missing: the library that
/// executes ignores defaults when it evaluates `@skip` and `@include`.
///
/// # Errors
/// BAD_REQUEST that names the variable; with `explain` also the place inside it and the type that belongs there.
pub(crate) fn check(
    operation: &OperationDefinition,
    variables: &mut Variables,
    schema: &Schema,
    explain: bool,
) -> Result<(), Rejection> {
    for definition in &operation.variable_definitions {
        let VariableDefinition { name, var_type, default_value, .. } = &definition.node;
        let refused = |message: String| Rejection { locations: vec![name.pos], ..Rejection::new(ErrorCode::BadRequest, message) };
        match (variables.get(&name.node), default_value) {
            (None, Some(default)) => {
                variables.insert(name.node.clone(), default.node.clone());
            }
            (None | Some(Value::Null), _) if !var_type.node.nullable => {
                return Err(refused(format!("The variable ${} is required.", name.node)));
            }
            (None, None) => {}
            (Some(value), _) => {
                let mut path = format!("${}", name.node);
                check_declared(schema, &var_type.node, value, &mut path).map_err(|wrong| {
                    refused(if explain {
                        format!("The variable ${} is not of its type: {wrong}", name.node)
                    } else {
                        format!("The variable ${} is not of its type: check it against the schema.", name.node)
                    })
                })?;
            }
        }
    }
    Ok(())
}

/// What is wrong, in a sentence that begins with the path.
type Wrong = String;

fn check_declared(schema: &Schema, ty: &Declared, value: &Value, path: &mut String) -> Result<(), Wrong> {
    match &ty.base {
        _ if *value == Value::Null => {
            if ty.nullable {
                Ok(())
            } else {
                Err(format!("`{path}` must not be null: it is {ty}."))
            }
        }
        BaseType::List(item) => each(value, path, |value, path| check_declared(schema, item, value, path)),
        BaseType::Named(name) => check_named(schema, name, value, path),
    }
}

fn check_field(schema: &Schema, ty: &apollo_compiler::ast::Type, value: &Value, path: &mut String) -> Result<(), Wrong> {
    if *value == Value::Null {
        return if ty.is_non_null() { Err(format!("`{path}` must not be null: it is {ty}.")) } else { Ok(()) };
    }
    if ty.is_list() {
        let item = ty.item_type();
        return each(value, path, |value, path| check_field(schema, item, value, path));
    }
    check_named(schema, ty.inner_named_type(), value, path)
}

/// Checks the elements of a list. What is no list counts as a list of it alone.
fn each(value: &Value, path: &mut String, mut check: impl FnMut(&Value, &mut String) -> Result<(), Wrong>) -> Result<(), Wrong> {
    let Value::List(elements) = value else { return check(value, path) };
    let length = path.len();
    for (index, element) in elements.iter().enumerate() {
        path.push_str(&format!("[{index}]"));
        check(element, path)?;
        path.truncate(length);
    }
    Ok(())
}

fn check_named(schema: &Schema, name: &str, value: &Value, path: &mut String) -> Result<(), Wrong> {
    let fits = match schema.types.get(name) {
        Some(ExtendedType::InputObject(object)) => return check_object(schema, object, value, path),
        Some(ExtendedType::Enum(definition)) => match value {
            Value::String(text) => definition.values.contains_key(text.as_str()),
            _ => false,
        },
        // A scalar of the specification that the schema itself doesn't use isn't among its types. That the type is one of an input
        // the validator has seen to.
        _ => fits_scalar(name, value),
    };
    if fits { Ok(()) } else { Err(format!("`{path}` must be a value of {name}.")) }
}

/// Whether the value is one of a scalar of the specification. Scalars of the schema's own check their values themselves.
fn fits_scalar(name: &str, value: &Value) -> bool {
    match name {
        "Int" => matches!(value, Value::Number(number) if number.as_i64().is_some_and(|number| i32::try_from(number).is_ok())),
        "Float" => matches!(value, Value::Number(_)),
        "String" => matches!(value, Value::String(_)),
        "Boolean" => matches!(value, Value::Boolean(_)),
        "ID" => matches!(value, Value::String(_)) || matches!(value, Value::Number(number) if !number.is_f64()),
        _ => true,
    }
}

fn check_object(
    schema: &Schema,
    object: &apollo_compiler::schema::InputObjectType,
    value: &Value,
    path: &mut String,
) -> Result<(), Wrong> {
    let Value::Object(fields) = value else { return Err(format!("`{path}` must be an object: it is {}.", object.name)) };
    let length = path.len();
    for definition in object.fields.values() {
        path.push('.');
        path.push_str(&definition.name);
        match fields.get(definition.name.as_str()) {
            Some(value) => check_field(schema, &definition.ty, value, path)?,
            None if definition.ty.is_non_null() && definition.default_value.is_none() => {
                return Err(format!("`{path}` is required: it is {}.", definition.ty));
            }
            None => {}
        }
        path.truncate(length);
    }
    // A name that the schema doesn't have is the client's own text, so it isn't repeated.
    if fields.keys().any(|name| !object.fields.contains_key(name.as_str())) {
        return Err(format!("`{path}` has a field that {} doesn't have.", object.name));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
