//! Words of which texts are made.

pub(super) const COMPANIES: [&str; 12] = [
    "Aalto",
    "Börse",
    "Cedar",
    "Dunmore",
    "Ember",
    "Fjord",
    "Granite",
    "Harbour",
    "Íslenska",
    "Juniper",
    "Kestrel",
    "Łódź",
];
pub(super) const BRANCHES: [&str; 8] = [
    "Foods",
    "Bicycles",
    "& Sons",
    "Labs, Inc.",
    "Logistics",
    "\"Best\" Tools",
    "Energy",
    "O'Hara",
];
pub(super) const FIRST_NAMES: [&str; 8] =
    ["Ada", "Grace", "Edsger", "Bärbel", "Donald", "Frances", "José", "Радія"];
pub(super) const LAST_NAMES: [&str; 8] =
    ["Lovelace", "Hopper", "van der Berg", "O'Neill", "Knuth", "Allen", "Núñez", "Perlman"];
pub(super) const WORDS: [&str; 10] = [
    "kettle",
    "lamp",
    "notebook",
    "chair",
    "bicycle bell",
    "blanket",
    "window",
    "ladder",
    "spoon",
    "map",
];
pub(super) const STREETS: [&str; 5] =
    ["Main St", "Rue de l'Église", "Hauptstraße", "Calle Mayor", "High Street\r\nSuite 200"];
pub(super) const CITIES: [(&str, &str, &str); 5] = [
    ("Utrecht", "UT", "Netherlands"),
    ("Porto", "Porto", "Portugal"),
    ("Gdańsk", "Pomerania", "Poland"),
    ("San Francisco", "CA", "United States"),
    ("Aarhus", "Midtjylland", "Denmark"),
];

/// Texts that are hard to pass on; what is empty is null, as the API has no empty texts.
pub(super) const HARD: [&str; 16] = [
    "A plain text.",
    "NA",
    "NULL",
    "null",
    "",
    " begins with a space",
    "ends with a space ",
    "two\nlines",
    "a \"quoted\" word, and a comma",
    "\"\"",
    "emoji 🦦 and ünï",
    "carriage\r\nreturn",
    "back\\slash and a tab\tinside",
    "1.0E7",
    "true",
    "=SUM(A1)",
];
