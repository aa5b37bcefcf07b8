//! The tokens of a query.
//!
//! Source: <https://spec.graphql.org/October2021/#sec-Appendix-Grammar-Summary>.

use super::ast::At;
use super::problem::Problem;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// One of `! $ ( ) : = [ ] { } | & @`, or `...` as `.`.
    Mark(char),
    Name(String),
    Text(String),
    Number(serde_json::Number),
    End,
}

/// All tokens of a text, each with its place; the last one is the end.
pub(crate) fn tokens(text: &str) -> Result<Vec<(Token, At)>, Problem> {
    let mut lexer = Lexer { rest: text, at: At { line: 1, column: 1 } };
    let mut tokens = Vec::new();
    loop {
        lexer.blank();
        let at = lexer.at;
        let token = lexer.token()?;
        let is_end = token == Token::End;
        tokens.push((token, at));
        if is_end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    rest: &'a str,
    at: At,
}

impl<'a> Lexer<'a> {
    /// Goes on by some bytes.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        for letter in taken.chars() {
            match letter {
                '\n' => self.at = At { line: self.at.line + 1, column: 1 },
                _ => self.at.column += 1,
            }
        }
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|letter| !keep(letter)).unwrap_or(self.rest.len());
        self.take(end)
    }

    /// Passes white space, commas and comments.
    fn blank(&mut self) {
        loop {
            self.take_while(|letter| {
                letter.is_ascii_whitespace() || matches!(letter, ',' | '\u{feff}')
            });
            if !self.rest.starts_with('#') {
                return;
            }
            self.take_while(|letter| letter != '\n');
        }
    }

    fn token(&mut self) -> Result<Token, Problem> {
        let Some(first) = self.rest.chars().next() else { return Ok(Token::End) };
        match first {
            '!' | '$' | '(' | ')' | ':' | '=' | '[' | ']' | '{' | '}' | '|' | '&' | '@' => {
                self.take(1);
                Ok(Token::Mark(first))
            }
            '.' if self.rest.starts_with("...") => {
                self.take(3);
                Ok(Token::Mark('.'))
            }
            '"' => self.text(),
            '-' | '0'..='9' => {
                let at = self.at;
                let is_part =
                    |letter: char| matches!(letter, '-' | '+' | '.' | 'e' | 'E' | '0'..='9');
                let text = self.take_while(is_part);
                text.parse().map(Token::Number).map_err(|_| Problem::syntax(text, at))
            }
            letter if letter.is_ascii_alphabetic() || letter == '_' => {
                let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
                Ok(Token::Name(self.take_while(is_part).to_owned()))
            }
            _ => Err(Problem::syntax(&first.to_string(), self.at)),
        }
    }

    fn text(&mut self) -> Result<Token, Problem> {
        let at = self.at;
        let open = || Problem::syntax("\"", at);
        if self.rest.starts_with("\"\"\"") {
            self.take(3);
            let end = self.rest.find("\"\"\"").ok_or_else(open)?;
            let text = self.take(end).trim().to_owned();
            self.take(3);
            return Ok(Token::Text(text));
        }
        let mut end = 1;
        loop {
            match self.rest.as_bytes().get(end) {
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(b'\n') | None => return Err(open()),
                Some(_) => end += 1,
            }
        }
        // The escapes are those of JSON.
        let text = self.take(end + 1);
        serde_json::from_str(text).map(Token::Text).map_err(|_| open())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_their_places_and_blanks_none() {
        let found = tokens("{ a(b: -1.5, c: \"x\\\"y\") # d\n  ...E }").unwrap();
        let at = |line, column| At { line, column };
        let name = |text: &str| Token::Name(text.to_owned());
        let number = |text: &str| Token::Number(text.parse().unwrap());
        assert_eq!(
            found,
            [
                (Token::Mark('{'), at(1, 1)),
                (name("a"), at(1, 3)),
                (Token::Mark('('), at(1, 4)),
                (name("b"), at(1, 5)),
                (Token::Mark(':'), at(1, 6)),
                (number("-1.5"), at(1, 8)),
                (name("c"), at(1, 14)),
                (Token::Mark(':'), at(1, 15)),
                (Token::Text("x\"y".to_owned()), at(1, 17)),
                (Token::Mark(')'), at(1, 23)),
                (Token::Mark('.'), at(2, 3)),
                (name("E"), at(2, 6)),
                (Token::Mark('}'), at(2, 8)),
                (Token::End, at(2, 9)),
            ]
        );
        assert_eq!(
            tokens("\"\"\" a \"b\" \"\"\"").unwrap()[0].0,
            Token::Text("a \"b\"".to_owned())
        );
    }

    #[test]
    fn what_is_no_token_is_told_with_its_place() {
        for text in ["{ ? }", "\"a", "1.x.", "\"\"\"a", "{ a .. }"] {
            assert!(tokens(text).is_err(), "{text}");
        }
    }
}
