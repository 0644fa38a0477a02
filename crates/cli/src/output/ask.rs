//! Questions, which are asked only on a terminal.

use std::io::{self, BufRead, Write};

use super::{Console, visible_line};
use crate::failure::Failure;

/// Answers that are neither yes nor no before copact takes it for a no.
const TRIES: usize = 3;

/// Asks the person at the terminal, or takes the answer from `--yes`.
#[derive(Clone, Debug)]
pub struct Asker {
    console: Console,
    rules: Rules,
}

#[derive(Clone, Copy, Debug)]
struct Rules {
    yes: bool,
    terminal: bool,
}

impl Asker {
    /// `yes` is the flag `--yes`.
    #[must_use]
    pub const fn new(yes: bool, console: Console) -> Self {
        let rules = Rules { yes, terminal: console.streams().terminal };
        Self { console, rules }
    }

    /// Asks a question that yes or no answers; an empty answer is no.
    ///
    /// # Errors
    /// There is nobody to ask, and `--yes` was not given; or the terminal fails.
    pub fn confirm(&self, question: &str) -> Result<bool, Failure> {
        // The question goes to standard error, so that standard output stays the answer's.
        self.rules.confirm_with(question, self.console.typed(), self.console.prompt())
    }

    /// Asks for one of `words`; an empty answer is `proposed`. `--yes` takes what is proposed.
    ///
    /// # Errors
    /// There is nobody to ask and `--yes` was not given, which gets the hint; or the terminal
    /// fails.
    pub fn choose<'a>(
        &self,
        question: &str,
        words: &[&'a str],
        proposed: &'a str,
        hint: &str,
    ) -> Result<&'a str, Failure> {
        let (from, to) = (self.console.typed(), self.console.prompt());
        self.rules.choose_with(question, words, proposed, hint, from, to)
    }
}

impl Rules {
    fn choose_with<'a>(
        self,
        question: &str,
        words: &[&'a str],
        proposed: &'a str,
        hint: &str,
        mut from: impl BufRead,
        mut to: impl Write,
    ) -> Result<&'a str, Failure> {
        let question = visible_line(question);
        if self.yes {
            return Ok(proposed);
        }
        if !self.terminal {
            return Err(nobody_to_ask(&question).hint(hint));
        }
        let all = words.join(", ");
        let failed = |error: io::Error| terminal_failed(&error).hint(hint);
        for _ in 0..TRIES {
            write!(to, "{question} ({all}) [{proposed}] ")
                .and_then(|()| to.flush())
                .map_err(failed)?;
            let mut answer = String::new();
            if from.read_line(&mut answer).map_err(failed)? == 0 {
                break;
            }
            let answer = answer.trim().to_lowercase();
            if answer.is_empty() {
                return Ok(proposed);
            }
            // The first letters are enough when only one word has them.
            let mut fitting = words.iter().filter(|word| word.starts_with(&answer));
            if let (Some(word), None) = (fitting.next(), fitting.next()) {
                return Ok(word);
            }
            writeln!(to, "Please answer one of: {all}.").map_err(failed)?;
        }
        Err(nobody_to_ask(&question).hint(hint))
    }

    fn confirm_with(
        self,
        question: &str,
        mut from: impl BufRead,
        mut to: impl Write,
    ) -> Result<bool, Failure> {
        let question = visible_line(question);
        if self.yes {
            return Ok(true);
        }
        if !self.terminal {
            return Err(nobody_to_ask(&question)
                .hint("there is no terminal to answer at; to say yes, add `--yes`"));
        }
        let failed = |error: io::Error| {
            terminal_failed(&error).hint("to answer yes without being asked, add `--yes`")
        };
        for _ in 0..TRIES {
            write!(to, "{question} [y/N] ").and_then(|()| to.flush()).map_err(failed)?;
            let mut answer = String::new();
            if from.read_line(&mut answer).map_err(failed)? == 0 {
                return Ok(false);
            }
            match answer.trim().to_lowercase().as_str() {
                "y" | "yes" => return Ok(true),
                "" | "n" | "no" => return Ok(false),
                _ => writeln!(to, "Please answer y or n.").map_err(failed)?,
            }
        }
        Ok(false)
    }
}

fn nobody_to_ask(question: &str) -> Failure {
    Failure::input("needs_answer", format_args!("this question needs an answer: {question}"))
}

fn terminal_failed(error: &io::Error) -> Failure {
    Failure::failed("terminal", format_args!("the terminal does not answer: {error}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn answered(typed: &str) -> (bool, String) {
        let mut shown = Vec::new();
        let asker = Rules { yes: false, terminal: true };
        let answer = asker.confirm_with("Erase it?", typed.as_bytes(), &mut shown).unwrap();
        (answer, String::from_utf8(shown).unwrap())
    }

    #[test]
    fn only_a_clear_yes_is_one() {
        assert_eq!(answered("y\n"), (true, "Erase it? [y/N] ".to_owned()));
        assert!(answered("hm\n YES \n").0);
        for no in ["", "\n", "n\n", "No\n", "hm\nja\nsi\nyes\n"] {
            assert!(!answered(no).0, "{no:?}");
        }
        assert_eq!(answered("hm\nn\n").1.matches("Please answer y or n.").count(), 1);
    }

    #[test]
    fn a_word_is_chosen_by_its_first_letters_and_nothing_typed_takes_the_proposed() {
        let words = ["principles", "purpose", "rules"];
        let choose = |yes, terminal, typed: &str| {
            let asker = Rules { yes, terminal };
            asker.choose_with("Kind?", &words, "rules", "add --yes", typed.as_bytes(), Vec::new())
        };
        assert_eq!(choose(false, true, "\n"), Ok("rules"));
        assert_eq!(choose(false, true, " PU\n"), Ok("purpose"));
        assert_eq!(choose(false, true, "p\nnone\nprinciples\n"), Ok("principles"));
        assert_eq!(choose(true, false, ""), Ok("rules"));
        for failure in [choose(false, true, ""), choose(false, true, "x\nx\nx\n")] {
            assert_eq!(failure.unwrap_err().code, "needs_answer");
        }
        assert_eq!(choose(false, false, "\n").unwrap_err().hint.unwrap(), "add --yes");
    }

    #[test]
    fn without_a_terminal_the_flag_answers_and_its_absence_names_it() {
        let ask = |yes| {
            let mut shown = Vec::new();
            let asker = Rules { yes, terminal: false };
            let answer = asker.confirm_with("Erase\nit?", "y\n".as_bytes(), &mut shown);
            assert!(shown.is_empty());
            answer
        };
        assert_eq!(ask(true), Ok(true));
        let failure = ask(false).unwrap_err();
        assert_eq!((failure.code, failure.exit), ("needs_answer", 2));
        assert!(failure.message.ends_with("Erase it?"), "{failure}");
        assert!(failure.hint.unwrap().contains("--yes"));
    }
}
