//! From tokens to a query.

use serde_json::Value;

use super::ast::{At, Document, Field, Fragment, Input, Operation, Selection, Variable};
use super::lexer::{Token, tokens};
use super::problem::Problem;

/// How deep selections and values may nest.
const MOST_DEPTH: usize = 50;

/// Parses the text of a query.
pub(crate) fn parse(text: &str) -> Result<Document, Problem> {
    let mut parser = Parser { tokens: tokens(text)?, next: 0, depth: 0 };
    let mut document = Document::default();
    while parser.peek() != &Token::End {
        parser.definition(&mut document)?;
    }
    match document.operations.is_empty() {
        true => Err(Problem::plain("A query attribute must be specified and must be a string.")),
        false => Ok(document),
    }
}

struct Parser {
    tokens: Vec<(Token, At)>,
    next: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.next].0
    }

    fn at(&self) -> At {
        self.tokens[self.next].1
    }

    fn advance(&mut self) -> Token {
        let token = self.peek().clone();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    fn is(&mut self, mark: char) -> bool {
        let is = self.peek() == &Token::Mark(mark);
        if is {
            self.advance();
        }
        is
    }

    fn expect(&mut self, mark: char) -> Result<(), Problem> {
        if self.is(mark) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn unexpected(&self) -> Problem {
        let text = match self.peek() {
            Token::Mark('.') => "...".to_owned(),
            Token::Mark(mark) => mark.to_string(),
            Token::Name(text) | Token::Text(text) => text.clone(),
            Token::Number(number) => number.to_string(),
            Token::End => return Problem::at("Unexpected end of document", self.at()),
        };
        Problem::syntax(&text, self.at())
    }

    fn name(&mut self) -> Result<String, Problem> {
        match self.peek().clone() {
            Token::Name(name) => {
                self.advance();
                Ok(name)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn definition(&mut self, document: &mut Document) -> Result<(), Problem> {
        let at = self.at();
        if self.peek() == &Token::Mark('{') {
            let selections = self.selections()?;
            document.operations.push(Operation { selections, at, ..Operation::default() });
            return Ok(());
        }
        let is_known =
            matches!(self.peek(), Token::Name(word) if word == "query" || word == "fragment");
        if !is_known {
            return Err(self.unexpected());
        }
        if self.name()? == "fragment" {
            let name = self.name()?;
            let on = self.condition()?.ok_or_else(|| self.unexpected())?;
            let selections = self.selections()?;
            document.fragments.push(Fragment { name, on, selections });
            return Ok(());
        }
        let name = if matches!(self.peek(), Token::Name(_)) { Some(self.name()?) } else { None };
        let mut variables = Vec::new();
        if self.is('(') {
            while !self.is(')') {
                variables.push(self.variable()?);
            }
        }
        let selections = self.selections()?;
        document.operations.push(Operation { name, variables, selections, at });
        Ok(())
    }

    fn variable(&mut self) -> Result<Variable, Problem> {
        let at = self.at();
        self.expect('$')?;
        let name = self.name()?;
        self.expect(':')?;
        let kind = self.kind()?;
        let default = if self.is('=') { Some(self.input()?) } else { None };
        Ok(Variable { name, kind, default, at })
    }

    fn kind(&mut self) -> Result<String, Problem> {
        let mut kind = if self.is('[') {
            let inner = self.nested(Self::kind)?;
            self.expect(']')?;
            format!("[{inner}]")
        } else {
            self.name()?
        };
        if self.is('!') {
            kind.push('!');
        }
        Ok(kind)
    }

    fn condition(&mut self) -> Result<Option<String>, Problem> {
        if matches!(self.peek(), Token::Name(word) if word == "on") {
            self.advance();
            return self.name().map(Some);
        }
        Ok(None)
    }

    fn selections(&mut self) -> Result<Vec<Selection>, Problem> {
        self.expect('{')?;
        let mut selections = Vec::new();
        while !self.is('}') {
            selections.push(self.nested(Self::selection)?);
        }
        if selections.is_empty() { Err(self.unexpected()) } else { Ok(selections) }
    }

    fn selection(&mut self) -> Result<Selection, Problem> {
        let at = self.at();
        if !self.is('.') {
            return self.field().map(Selection::Field);
        }
        match self.condition()? {
            Some(on) => Ok(Selection::Inline { on: Some(on), selections: self.selections()? }),
            None if self.peek() == &Token::Mark('{') => {
                Ok(Selection::Inline { on: None, selections: self.selections()? })
            }
            None => Ok(Selection::Spread(self.name()?, at)),
        }
    }

    fn field(&mut self) -> Result<Field, Problem> {
        let at = self.at();
        let first = self.name()?;
        let (alias, name) = if self.is(':') { (Some(first), self.name()?) } else { (None, first) };
        let mut arguments = Vec::new();
        if self.is('(') {
            while !self.is(')') {
                let name = self.name()?;
                self.expect(':')?;
                arguments.push((name, self.input()?));
            }
        }
        let has_more = self.peek() == &Token::Mark('{');
        let selections = if has_more { self.selections()? } else { Vec::new() };
        Ok(Field { alias, name, arguments, selections, at })
    }

    fn input(&mut self) -> Result<Input, Problem> {
        if self.is('$') {
            return self.name().map(Input::Variable);
        }
        if self.is('[') {
            let mut items = Vec::new();
            while !self.is(']') {
                items.push(self.nested(Self::input)?);
            }
            return Ok(Input::List(items));
        }
        if self.is('{') {
            let mut members = Vec::new();
            while !self.is('}') {
                let name = self.name()?;
                self.expect(':')?;
                members.push((name, self.nested(Self::input)?));
            }
            return Ok(Input::Object(members));
        }
        let value = match self.peek().clone() {
            Token::Name(word) if word == "true" || word == "false" => Value::Bool(word == "true"),
            Token::Name(word) if word == "null" => Value::Null,
            Token::Name(text) | Token::Text(text) => Value::String(text),
            Token::Number(number) => Value::Number(number),
            Token::Mark(_) | Token::End => return Err(self.unexpected()),
        };
        self.advance();
        Ok(Input::Plain(value))
    }

    fn nested<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        if self.depth == MOST_DEPTH {
            return Err(Problem::at("Query has depth that exceeds the limit", self.at()));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_query_is_taken_apart() {
        let text = r#"query Q($id: [ID!]!, $n: Int = 5) {
            me: user(login: "x", by: {order: DESC, list: [1, $n, null]}) { ...F ... on User { id } ... { a } }
        } fragment F on User { login }"#;
        let document = parse(text).unwrap();
        let query = &document.operations[0];
        let declared: Vec<_> = query.variables.iter().map(|it| (&*it.name, &*it.kind)).collect();
        assert_eq!(declared, [("id", "[ID!]!"), ("n", "Int")]);
        let Selection::Field(field) = &query.selections[0] else { panic!("it is a field") };
        assert_eq!((field.key(), field.name.as_str(), field.at.line), ("me", "user", 2));
        let variables = json!({"n": 7}).as_object().unwrap().clone();
        assert_eq!(
            Value::Object(field.arguments(&variables)),
            json!({"login": "x", "by": {"order": "DESC", "list": [1, 7, null]}})
        );
        assert_eq!(field.selections.len(), 3);
        assert_eq!(document.fragments[0].on, "User");
    }

    #[test]
    fn what_breaks_the_grammar_is_told_with_its_place() {
        for (text, message) in [
            ("{ a", "Unexpected end of document"),
            ("{ a } }", "Parse error on \"}\""),
            ("{ }", "Unexpected end"),
            ("mutation { a }", "Parse error on \"mutation\""),
            ("{ a(b: ) }", "Parse error on \")\""),
            ("", "A query attribute must be specified"),
        ] {
            let problem = parse(text).unwrap_err();
            assert!(problem.message.starts_with(message), "{text}: {}", problem.message);
        }
        let deep = "{a".repeat(100);
        assert!(parse(&deep).unwrap_err().message.contains("depth"));
    }
}
