//! The words of an expression.

/// One word; texts are decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    /// A number as it is written in JSON.
    Number(String),
    Sign(&'static str),
}

/// Longer signs first, so that `<=` is not read as `<`.
const SIGNS: [&str; 16] =
    ["==", "!=", "<=", ">=", "<", ">", "+", "-", "(", ")", "[", "]", ",", ".", "{", "}"];

/// The words of a text, each with the number of its first character, counted from 1.
///
/// # Errors
/// The character where no word is, and why.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, (usize, String)> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let at = text[..text.len() - rest.len()].chars().count() + 1;
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let (token, length) = match first {
            '\'' | '"' => quoted(rest).map_err(|why| (at, why))?,
            '0'..='9' => number(rest).map_err(|why| (at, why))?,
            _ if first.is_alphabetic() || first == '_' => {
                let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                let name = &rest[..length.unwrap_or(rest.len())];
                (Token::Name(name.to_owned()), name.len())
            }
            _ => match SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
                Some(sign) => (Token::Sign(sign), sign.len()),
                None => return Err((at, format!("`{first}` is not understood"))),
            },
        };
        tokens.push((at, token));
        rest = &rest[length..];
    }
}

/// A text in single or double quotes, and its length in bytes.
fn quoted(rest: &str) -> Result<(Token, usize), String> {
    let mut letters = rest.char_indices();
    let quote = letters.next().map(|(_, quote)| quote);
    let mut text = String::new();
    while let Some((at, letter)) = letters.next() {
        match letter {
            _ if Some(letter) == quote => return Ok((Token::Text(text), at + letter.len_utf8())),
            '\\' => text.push(match letters.next() {
                Some((_, escaped @ ('\\' | '\'' | '"'))) => escaped,
                Some((_, 'n')) => '\n',
                Some((_, 't')) => '\t',
                _ => return Err("a text knows the escapes \\\\ \\' \\\" \\n \\t".to_owned()),
            }),
            _ => text.push(letter),
        }
    }
    Err("a text has no closing quote".to_owned())
}

/// A number without a sign, and its length.
fn number(rest: &str) -> Result<(Token, usize), String> {
    let ends = |c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_';
    let text = &rest[..rest.find(ends).unwrap_or(rest.len())];
    if crate::encoder::is_number(text) {
        Ok((Token::Number(text.to_owned()), text.len()))
    } else {
        Err("this is no decimal number".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[Token]) {
        let found = tokens(text).map(|tokens| tokens.into_iter().map(|(_, token)| token).collect());
        assert_eq!(found, Ok(expected.to_vec()), "{text}");
    }

    fn name(name: &str) -> Token {
        Token::Name(name.to_owned())
    }

    #[test]
    fn words_are_told_apart() {
        check("", &[]);
        check(" _a1 é", &[name("_a1"), name("é")]);
        check(r#"'it\'s "é"' "x""#, &[Token::Text("it's \"é\"".into()), Token::Text("x".into())]);
        check("1 1.50 1e3", &["1", "1.50", "1e3"].map(|n| Token::Number(n.to_owned())));
        check("a<=b", &[name("a"), Token::Sign("<="), name("b")]);
        check(
            "a.get(-1)",
            &[
                name("a"),
                Token::Sign("."),
                name("get"),
                Token::Sign("("),
                Token::Sign("-"),
                Token::Number("1".into()),
                Token::Sign(")"),
            ],
        );
    }

    #[test]
    fn what_is_no_word_is_told_with_its_place() {
        for (text, place) in
            [("a % b", 3), ("'open", 1), ("é = 1", 3), ("'\\x41'", 1), ("1_000", 1), ("x 01", 3)]
        {
            assert_eq!(tokens(text).unwrap_err().0, place, "{text}");
        }
    }
}
