//! The words and signs of an expression.

use num_bigint::BigInt;

/// Digits that a number may have: it then fits 64 bits, and products of all that an expression can
/// hold stay small.
pub(super) const DIGITS: usize = 18;
/// Characters that a name may have.
pub(super) const NAME: usize = 64;

/// A word or sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Number(BigInt),
    Name(String),
    Sign(&'static str),
    End,
}

impl Token {
    /// What a reader is told of it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Number(number) => format!("`{number}`"),
            Self::Name(name) => format!("`{name}`"),
            Self::Sign(sign) => format!("`{sign}`"),
            Self::End => "the end".to_owned(),
        }
    }
}

/// A token, and from which byte to which it is.
pub(super) type Placed = (Token, usize, usize);

/// Why an expression has no tokens, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stray {
    Character(char),
    LongNumber,
    LongName,
}

/// Signs, the longer ones first.
const SIGNS: [&str; 13] = [">=", "<=", "≥", "≤", ">", "<", "=", "+", "-", "*", "/", "(", ")"];

/// The tokens of an expression, each with the bytes that it takes. The last one is the end.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, (Stray, usize)> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        let length = |part: fn(char) -> bool| rest.find(|one| !part(one)).unwrap_or(rest.len());
        let (token, length) = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if first.is_ascii_digit() {
            let digits = length(|one| one.is_ascii_digit());
            let number = rest.get(..digits).filter(|_| digits <= DIGITS);
            let number = number.and_then(|digits| digits.parse().ok());
            (Token::Number(number.ok_or((Stray::LongNumber, at))?), digits)
        } else if first.is_ascii_alphabetic() {
            let letters = length(|one| one.is_ascii_alphanumeric() || one == '_' || one == '.');
            let name = rest.get(..letters).filter(|_| letters <= NAME);
            (Token::Name(name.ok_or((Stray::LongName, at))?.to_owned()), letters)
        } else if let Some(comma) = rest.strip_prefix(',') {
            (Token::Sign(","), rest.len() - comma.len())
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
            let sign = sign.ok_or((Stray::Character(first), at))?;
            let same = match sign {
                "≥" => ">=",
                "≤" => "<=",
                other => other,
            };
            (Token::Sign(same), sign.len())
        };
        tokens.push((token, at, at + length));
        at += length;
    }
    tokens.push((Token::End, text.len(), text.len()));
    Ok(tokens)
}
