//! Columns of nested objects, put side by side.

use crate::flattening::Flattening;

use super::plan::{Column, Form};

/// The columns of a record with those of nested objects in their place.
pub(super) fn columns(flattening: &Flattening, columns: Vec<Column>) -> Vec<Column> {
    flat(flattening, columns, &mut Vec::new())
}

fn flat(flattening: &Flattening, columns: Vec<Column>, above: &mut Vec<String>) -> Vec<Column> {
    let flat_one = |column: Column| {
        above.push(column.name());
        let (lead, form) = match column.form {
            // The object's columns have leads of their own.
            Form::Object(inner) if above.len() <= flattening.max_depth => {
                (String::new(), Form::Inline(flat(flattening, inner, above)))
            }
            form @ (Form::Object(_) | Form::Map | Form::List(_)) => {
                (Column::lead(&flattening.name(above)), Form::Text(Box::new(form)))
            }
            form => (Column::lead(&flattening.name(above)), form),
        };
        above.pop();
        Column { lead, form, ..column }
    };
    columns.into_iter().map(flat_one).collect()
}
