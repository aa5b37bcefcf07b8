//! From the text of an expression to what it means.

use serde_json::{Map, Value};

use super::expression::{Comparison, Expression, Hash, Literal};
use super::token::{Token, tokens};

/// How deep expressions may nest.
const MOST_DEPTH: usize = 32;

/// What an expression may speak of beside the record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surroundings<'a> {
    /// `__stream_name__`.
    pub(super) stream: &'a str,
    /// `config`: the setting `stream_map_config`.
    pub(super) config: &'a Map<String, Value>,
    /// `self`: the field that the expression makes.
    pub(super) own: Option<&'a str>,
}

/// Reads an expression, whose fields are named as it names them.
///
/// # Errors
/// What is not understood, and where; no text of the expression is quoted, which may be a secret.
pub(super) fn parse(text: &str, around: Surroundings<'_>) -> Result<Expression<String>, String> {
    let told = |(at, why): (usize, String)| format!("at character {at}: {why}");
    let tokens = tokens(text).map_err(told)?;
    let mut parser = Parser { tokens, at: 0, end: text.chars().count() + 1, depth: 0, around };
    let parsed = parser.either().and_then(|found| match parser.peek() {
        None => Ok(found),
        Some(_) => parser.fail("something follows that does not belong to it"),
    });
    parsed.map_err(told)
}

struct Parser<'a> {
    tokens: Vec<(usize, Token)>,
    at: usize,
    /// The place after the last character.
    end: usize,
    depth: usize,
    around: Surroundings<'a>,
}

type Parsed<T = Expression<String>> = Result<T, (usize, String)>;

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn fail<T>(&self, why: impl Into<String>) -> Parsed<T> {
        Err((self.tokens.get(self.at).map_or(self.end, |(at, _)| *at), why.into()))
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(found)) if *found == sign);
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Name(found)) if found == word);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Parsed<()> {
        if self.take(sign) { Ok(()) } else { self.fail(format!("`{sign}` is missing")) }
    }

    fn either(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return self.fail("it nests too deep");
        }
        let mut them = vec![self.both()?];
        while self.take_word("or") {
            them.push(self.both()?);
        }
        self.depth -= 1;
        Ok(if them.len() == 1 { them.remove(0) } else { Expression::Any(them) })
    }

    fn both(&mut self) -> Parsed {
        let mut them = vec![self.negated()?];
        while self.take_word("and") {
            them.push(self.negated()?);
        }
        Ok(if them.len() == 1 { them.remove(0) } else { Expression::All(them) })
    }

    fn negated(&mut self) -> Parsed {
        let mut times = 0;
        while self.take_word("not") {
            times += 1;
        }
        let compared = self.compared()?;
        Ok((0..times).fold(compared, |it, _| Expression::Not(Box::new(it))))
    }

    fn compared(&mut self) -> Parsed {
        let left = self.joined()?;
        let found = if let Some(how) = self.comparison() {
            let right = self.joined()?;
            Expression::Compare(Box::new(left), how, Box::new(right))
        } else if self.take_word("in") {
            self.among(left)?
        } else if self.take_word("not") {
            if !self.take_word("in") {
                return self.fail("`in` follows `not` here");
            }
            Expression::Not(Box::new(self.among(left)?))
        } else if self.take_word("is") {
            let how = if self.take_word("not") { Comparison::Unequal } else { Comparison::Equal };
            if !self.take_word("None") {
                return self.fail("only `None` follows `is`");
            }
            let none = Box::new(Expression::Literal(Literal::Null));
            Expression::Compare(Box::new(left), how, none)
        } else {
            return Ok(left);
        };
        if self.comparison().is_some() {
            self.at -= 1;
            return self.fail("a comparison has two sides");
        }
        Ok(found)
    }

    fn comparison(&mut self) -> Option<Comparison> {
        [
            ("==", Comparison::Equal),
            ("!=", Comparison::Unequal),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ]
        .into_iter()
        .find_map(|(sign, how)| self.take(sign).then_some(how))
    }

    /// What follows `in`: a list of values, or a text.
    fn among(&mut self, left: Expression<String>) -> Parsed {
        let close = if self.take("[") {
            "]"
        } else if self.take("(") {
            ")"
        } else {
            let whole = self.joined()?;
            return Ok(Expression::Within(Box::new(left), Box::new(whole)));
        };
        let (mut them, mut is_list) = (Vec::new(), close == "]");
        while !self.take(close) {
            them.push(self.either()?);
            if !self.take(",") {
                self.expect(close)?;
                break;
            }
            is_list = true;
        }
        // `in ('x')` is what Python takes for `in 'x'`.
        match <[_; 1]>::try_from(them) {
            Ok([whole]) if !is_list => Ok(Expression::Within(Box::new(left), Box::new(whole))),
            Ok(one) => Ok(Expression::Among(Box::new(left), one.into())),
            Err(them) => Ok(Expression::Among(Box::new(left), them)),
        }
    }

    fn joined(&mut self) -> Parsed {
        let mut parts = vec![self.primary()?];
        while self.take("+") {
            parts.push(self.primary()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::Join(parts) })
    }

    fn primary(&mut self) -> Parsed {
        if self.take("(") {
            let inner = self.either()?;
            self.expect(")")?;
            return Ok(inner);
        }
        let minus = if self.take("-") { "-" } else { "" };
        match self.peek().cloned() {
            Some(Token::Number(text)) => {
                self.at += 1;
                Ok(Expression::Literal(Literal::Number(format!("{minus}{text}"))))
            }
            _ if !minus.is_empty() => self.fail("a number follows `-`"),
            Some(Token::Text(text)) => {
                self.at += 1;
                Ok(Expression::Literal(Literal::Text(text)))
            }
            Some(Token::Name(name)) => self.named(&name),
            _ => self.fail("a value is missing"),
        }
    }

    fn named(&mut self, name: &str) -> Parsed {
        if matches!(name, "and" | "or" | "not" | "in" | "is" | "if" | "else" | "lambda" | "for") {
            return self.fail("a value is missing");
        }
        self.at += 1;
        let is_called = matches!(self.peek(), Some(Token::Sign("(")));
        match name {
            "None" => Ok(Expression::Literal(Literal::Null)),
            "True" => Ok(Expression::Literal(Literal::Boolean(true))),
            "False" => Ok(Expression::Literal(Literal::Boolean(false))),
            "md5" if is_called => Ok(Expression::Hash(Hash::Md5, self.argument()?)),
            "sha256" if is_called => Ok(Expression::Hash(Hash::Sha256, self.argument()?)),
            "str" if is_called => Ok(Expression::Text(self.argument()?)),
            _ if is_called => {
                self.at -= 1;
                self.fail("there is no such function")
            }
            "record" | "_" => self.member(name).map(Expression::Field),
            "config" => {
                let member = self.member(name)?;
                match self.around.config.get(&member).and_then(literal) {
                    Some(literal) => Ok(Expression::Literal(literal)),
                    None => self.fail(format!(
                        "`stream_map_config` has no text, number or boolean `{member}`"
                    )),
                }
            }
            "__stream_name__" => {
                Ok(Expression::Literal(Literal::Text(self.around.stream.to_owned())))
            }
            "self" => match self.around.own {
                Some(own) => Ok(Expression::Field(own.to_owned())),
                None => self.fail("there is no `self` in a filter"),
            },
            field => Ok(Expression::Field(field.to_owned())),
        }
    }

    fn argument(&mut self) -> Parsed<Box<Expression<String>>> {
        self.expect("(")?;
        let inner = self.either()?;
        self.expect(")")?;
        Ok(Box::new(inner))
    }

    /// `['x']` or `.get('x')`.
    fn member(&mut self, of: &str) -> Parsed<String> {
        let is_indexed = self.take("[");
        let is_member = is_indexed || (self.take(".") && self.take_word("get") && self.take("("));
        if !is_member {
            return self.fail(format!("`{of}` is used as `{of}['x']` or `{of}.get('x')`"));
        }
        let Some(Token::Text(name)) = self.peek().cloned() else {
            return self.fail("a name in quotes is missing");
        };
        self.at += 1;
        self.expect(if is_indexed { "]" } else { ")" })?;
        Ok(name)
    }
}

fn literal(value: &Value) -> Option<Literal> {
    match value {
        Value::Bool(flag) => Some(Literal::Boolean(*flag)),
        Value::Number(number) => Some(Literal::Number(number.to_string())),
        Value::String(text) => Some(Literal::Text(text.clone())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
