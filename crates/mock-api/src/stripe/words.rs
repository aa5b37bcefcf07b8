//! Words for names, places and descriptions.

pub(super) const CURRENCIES: [&str; 24] = [
    "usd", "eur", "gbp", "jpy", "cad", "aud", "chf", "sek", "nok", "dkk", "pln", "czk", "huf",
    "nzd", "sgd", "hkd", "brl", "mxn", "inr", "krw", "zar", "thb", "ron", "bgn",
];
pub(super) const COUNTRIES: [&str; 8] = ["US", "US", "GB", "DE", "NL", "PL", "JP", "BR"];
pub(super) const NAMES: [&str; 12] = [
    "Ada Byron",
    "Grace Murray",
    "Edsger Wybe",
    "Barbara Huberman",
    "Zoë Müller",
    "Jürgen Groß",
    "O'Neil \"Tip\" Shea",
    "村上 さくら",
    "Łukasz Żak",
    "Renée Côté",
    "Ana María Peña",
    "Ken Lane",
];
pub(super) const CITIES: [&str; 8] =
    ["Utrecht", "Porto", "Gdańsk", "Aarhus", "San José", "Leeds", "Kraków", "Austin"];
pub(super) const STREETS: [&str; 6] =
    ["Main Street", "Harbour Road", "Rua do Sol", "Lange Gasse", "5th Avenue", "Mill Lane"];
pub(super) const TEXTS: [&str; 10] = [
    "Annual plan, billed once",
    "Order of spare parts",
    "Seats for the team",
    "Support hours",
    "Übergröße, naïve café ✓ 🦦",
    "Line one\nline two",
    "5% off, \"as agreed\"",
    "Usage of the last month",
    "Path C:\\bills\\2026",
    "Delivery & handling <express>",
];
