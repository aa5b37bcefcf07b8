//! From a text to its words.

use crate::salesforce::error::Problem;

/// One word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A name, a keyword, a number, an instant: whatever has no quotes.
    Bare(String),
    /// A text, without its quotes and escapes.
    Quoted(String),
    /// `,`, `(`, `)`, or an operator.
    Sign(&'static str),
}

const SIGNS: [&str; 11] = ["<=", ">=", "!=", "<>", "=", "<", ">", ",", "(", ")", "*"];

/// The words of a query.
///
/// # Errors
/// A letter that begins no word, or a text that does not end.
pub(super) fn tokens(query: &str) -> Result<Vec<Token>, Problem> {
    let mut tokens = Vec::new();
    let mut rest = query.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first == '\'' {
            let (text, length) = quoted(rest)?;
            tokens.push(Token::Quoted(text));
            length
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            tokens.push(Token::Sign(sign));
            sign.len()
        } else {
            let is_in = |letter: char| letter.is_alphanumeric() || "_.:+-%".contains(letter);
            let length = rest.find(|letter| !is_in(letter)).unwrap_or(rest.len());
            if length == 0 {
                return Err(Problem::malformed(format!("unexpected token: '{first}'")));
            }
            tokens.push(Token::Bare(rest[..length].to_owned()));
            length
        };
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// A text that begins with a quote: without it and its escapes, and how long it was with them.
fn quoted(text: &str) -> Result<(String, usize), Problem> {
    let mut content = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\'' => return Ok((content, at + 1)),
            '\\' => match letters.next() {
                Some((_, 'n')) => content.push('\n'),
                Some((_, 'r')) => content.push('\r'),
                Some((_, 't')) => content.push('\t'),
                Some((_, escaped @ ('\'' | '"' | '\\' | '_' | '%'))) => content.push(escaped),
                _ => return Err(Problem::malformed("illegal escape sequence in a string")),
            },
            _ => content.push(letter),
        }
    }
    Err(Problem::malformed("a string is not terminated"))
}
