//! Paths: which list, which object, whose.

use super::kind::Kind;
use super::resource::{Place, Resource};

/// What a path leads to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Route<'a> {
    pub(super) resource: &'static Resource,
    pub(super) place: &'static Place,
    /// The id of the parent, if the path has it.
    pub(super) parent: Option<&'a str>,
    /// The id of one object.
    pub(super) id: Option<&'a str>,
}

impl<'a> Route<'a> {
    /// What a path leads to; `None` for what is no list of objects and no object.
    pub(super) fn parse(path: &'a str) -> Option<Self> {
        let segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        let resources = Kind::ALL.iter().map(|kind| kind.resource());
        let mut places = resources.flat_map(|one| one.places.iter().map(move |place| (one, place)));
        places.find_map(|(resource, place)| {
            let mut parent = None;
            let mut rest = segments.iter();
            for expected in place.path[1..].split('/') {
                let segment = rest.next()?;
                match expected {
                    "{}" => parent = Some(*segment),
                    _ if expected == *segment => {}
                    _ => return None,
                }
            }
            let id = rest.next().copied();
            let is_route = rest.next().is_none() && id != Some("") && id != Some("search");
            is_route.then_some(Self { resource, place, parent, id })
        })
    }

    /// The path with `{id}` for what differs.
    pub(super) fn pattern(&self) -> String {
        let pattern = self.place.path.replace("{}", "{parent}");
        if self.id.is_some() { format!("{pattern}/{{id}}") } else { pattern }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_a_list_to_one_of_it_or_to_children() {
        for (path, expected) in [
            ("/v1/charges", Some(("charges", None, None))),
            ("/v1/charges/ch_1", Some(("charges", None, Some("ch_1")))),
            ("/v1/invoices/in_1/lines", Some(("invoice_line_items", Some("in_1"), None))),
            (
                "/v1/invoices/in_1/lines/il_1",
                Some(("invoice_line_items", Some("in_1"), Some("il_1"))),
            ),
            ("/v1/charges/", None),
            ("/v1/charges/search", None),
            ("/v1/wishes", None),
        ] {
            let route = Route::parse(path);
            let found = route.map(|route| (route.resource.kind.name(), route.parent, route.id));
            assert_eq!(found, expected, "{path}");
        }
    }
}
