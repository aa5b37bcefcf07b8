//! From words to a query.

use super::ast::{Condition, Operator, Statement, Word};
use super::lexer::{Token, tokens};
use crate::salesforce::error::Problem;

/// Reads a query.
///
/// # Errors
/// It is none, or has what is not understood.
pub(in crate::salesforce) fn parse(query: &str) -> Result<Statement, Problem> {
    let mut parser = Parser { tokens: tokens(query)?, at: 0 };
    let mut statement = Statement::default();
    parser.expect("SELECT")?;
    parser.fields(&mut statement)?;
    parser.expect("FROM")?;
    statement.object = parser.name()?;
    if parser.takes("WHERE") {
        statement.condition = Some(parser.any()?);
    }
    for (word, clause) in [("GROUP", "GROUP BY"), ("HAVING", "HAVING"), ("WITH", "WITH")] {
        if parser.is_at(word) {
            statement.foreign = Some(clause);
            return Ok(statement);
        }
    }
    if parser.takes("ORDER") {
        parser.expect("BY")?;
        parser.order(&mut statement)?;
    }
    if parser.takes("LIMIT") {
        let limit = parser.name()?;
        let limit = limit.parse().map_err(|_| unexpected(&Token::Bare(limit.clone())))?;
        statement.limit = Some(limit);
    }
    if parser.is_at("OFFSET") {
        statement.foreign = Some("OFFSET");
        return Ok(statement);
    }
    parser.tokens.get(parser.at).map_or(Ok(statement), |token| Err(unexpected(token)))
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

fn unexpected(token: &Token) -> Problem {
    let text = match token {
        Token::Bare(text) | Token::Quoted(text) => text,
        Token::Sign(sign) => *sign,
    };
    Problem::malformed(format!("unexpected token: '{text}'"))
}

impl Parser {
    fn next(&mut self) -> Result<Token, Problem> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token.ok_or_else(|| Problem::malformed("unexpected token: '<EOF>'"))
    }

    fn is_at(&self, keyword: &str) -> bool {
        let word = self.tokens.get(self.at);
        matches!(word, Some(Token::Bare(word)) if word.eq_ignore_ascii_case(keyword))
    }

    fn takes(&mut self, keyword: &str) -> bool {
        let is_at = self.is_at(keyword);
        self.at += usize::from(is_at);
        is_at
    }

    fn takes_sign(&mut self, sign: &str) -> bool {
        let is_at = matches!(self.tokens.get(self.at), Some(Token::Sign(one)) if *one == sign);
        self.at += usize::from(is_at);
        is_at
    }

    fn expect(&mut self, keyword: &str) -> Result<(), Problem> {
        if self.takes(keyword) { Ok(()) } else { Err(unexpected(&self.next()?)) }
    }

    fn expect_sign(&mut self, sign: &str) -> Result<(), Problem> {
        if self.takes_sign(sign) { Ok(()) } else { Err(unexpected(&self.next()?)) }
    }

    fn name(&mut self) -> Result<String, Problem> {
        match self.next()? {
            Token::Bare(name) => Ok(name),
            token => Err(unexpected(&token)),
        }
    }

    fn fields(&mut self, statement: &mut Statement) -> Result<(), Problem> {
        if self.takes("COUNT") {
            self.expect_sign("(")?;
            return self.expect_sign(")");
        }
        loop {
            let name = self.name()?;
            if name.eq_ignore_ascii_case("FROM") {
                return Err(unexpected(&Token::Bare(name)));
            }
            if self.takes_sign("(") {
                // A function, such as `MAX(Amount)`.
                while !self.takes_sign(")") {
                    self.next()?;
                }
                statement.foreign = Some("an aggregate function");
            }
            statement.fields.push(name);
            if !self.takes_sign(",") {
                return Ok(());
            }
        }
    }

    fn order(&mut self, statement: &mut Statement) -> Result<(), Problem> {
        loop {
            let name = self.name()?;
            let is_descending = self.takes("DESC");
            if !is_descending {
                self.takes("ASC");
            }
            if self.takes("NULLS") {
                self.expect("FIRST")?;
            }
            statement.order.push((name, is_descending));
            if !self.takes_sign(",") {
                return Ok(());
            }
        }
    }

    fn any(&mut self) -> Result<Condition, Problem> {
        let first = self.all()?;
        if !self.is_at("OR") {
            return Ok(first);
        }
        let mut any = vec![first];
        while self.takes("OR") {
            any.push(self.all()?);
        }
        Ok(Condition::Any(any))
    }

    fn all(&mut self) -> Result<Condition, Problem> {
        let first = self.one()?;
        if !self.is_at("AND") {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.takes("AND") {
            all.push(self.one()?);
        }
        Ok(Condition::All(all))
    }

    fn one(&mut self) -> Result<Condition, Problem> {
        if self.takes("NOT") {
            return Ok(Condition::Not(Box::new(self.one()?)));
        }
        if self.takes_sign("(") {
            let inner = self.any()?;
            self.expect_sign(")")?;
            return Ok(inner);
        }
        let name = self.name()?;
        if self.takes("NOT") {
            self.expect("IN")?;
            return Ok(Condition::Not(Box::new(Condition::In(name, self.words()?))));
        }
        if self.takes("IN") {
            return Ok(Condition::In(name, self.words()?));
        }
        let operator = match self.next()? {
            Token::Sign("=") => Operator::Equal,
            Token::Sign("!=" | "<>") => Operator::Unequal,
            Token::Sign("<") => Operator::Below,
            Token::Sign("<=") => Operator::AtMost,
            Token::Sign(">") => Operator::Above,
            Token::Sign(">=") => Operator::AtLeast,
            token => return Err(unexpected(&token)),
        };
        Ok(Condition::Compare(name, operator, self.word()?))
    }

    fn words(&mut self) -> Result<Vec<Word>, Problem> {
        self.expect_sign("(")?;
        let mut words = vec![self.word()?];
        while self.takes_sign(",") {
            words.push(self.word()?);
        }
        self.expect_sign(")")?;
        Ok(words)
    }

    fn word(&mut self) -> Result<Word, Problem> {
        match self.next()? {
            Token::Bare(word) => Ok(Word::Bare(word)),
            Token::Quoted(text) => Ok(Word::Quoted(text)),
            token => Err(unexpected(&token)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_with_its_conditions_and_order() {
        let query = "select Id, Name FROM Account WHERE (A >= 2026-01-01T00:00:00Z AND B = 'it\\'s') \
                     OR NOT C IN (1, null) ORDER BY A, Id DESC LIMIT 7";
        let statement = parse(query).unwrap();
        assert_eq!(statement.fields, ["Id", "Name"]);
        assert_eq!(statement.object, "Account");
        let bare = |text: &str| Word::Bare(text.to_owned());
        let name = |text: &str| text.to_owned();
        let all = Condition::All(vec![
            Condition::Compare(name("A"), Operator::AtLeast, bare("2026-01-01T00:00:00Z")),
            Condition::Compare(name("B"), Operator::Equal, Word::Quoted("it's".to_owned())),
        ]);
        let not = Condition::In(name("C"), vec![bare("1"), bare("null")]);
        let any = Condition::Any(vec![all, Condition::Not(Box::new(not))]);
        assert_eq!(statement.condition, Some(any));
        assert_eq!(statement.order, [(name("A"), false), (name("Id"), true)]);
        assert_eq!(statement.limit, Some(7));
        assert_eq!(parse("SELECT COUNT() FROM A").unwrap().fields, Vec::<String>::new());
    }

    #[test]
    fn what_is_no_query_is_told() {
        for (query, token) in [
            ("", "<EOF>"),
            ("SELECT FROM Account", "FROM"),
            ("SELECT * FROM Account", "*"),
            ("SELECT Id FROM Account WHERE Name LIKE 'x'", "LIKE"),
            ("SELECT Id FROM Account WHERE Name =", "<EOF>"),
            ("SELECT Id FROM Account LIMIT x", "x"),
            ("SELECT Id FROM Account Name", "Name"),
            ("SELECT Id FROM Account; DROP", ";"),
        ] {
            let problem = parse(query).unwrap_err();
            assert_eq!(problem.message, format!("unexpected token: '{token}'"), "{query}");
        }
        assert_eq!(parse("SELECT Id FROM A GROUP BY Id").unwrap().foreign, Some("GROUP BY"));
        assert_eq!(parse("SELECT Id FROM A LIMIT 1 OFFSET 5").unwrap().foreign, Some("OFFSET"));
        assert!(parse("SELECT Id FROM A WHERE B = 'x").is_err());
    }
}
