//! The page that `copact --help` shows: commands in the order in which people meet them.

use std::fmt::Write;

use anstyle::Style;
use clap::CommandFactory;
use clap::builder::Styles;

use super::Cli;

/// Columns of every help page: wide terminals do not make long lines easier to read.
const WIDTH: usize = 80;

const SECTIONS: [(&str, &[&str]); 8] = [
    ("Begin", &["demo", "group", "invite", "join", "admit"]),
    (
        "Decide together",
        &["contract", "propose", "proposals", "answer", "settle", "policy", "quarter"],
    ),
    ("Meet", &["meeting", "presence", "tap", "attest", "minutes"]),
    (
        "Work together",
        &["contribute", "confirm", "dispute", "refuse", "correct", "task", "goal", "note"],
    ),
    ("Show outsiders", &["evidence", "verify", "report", "credential", "anchor", "rules"]),
    ("People", &["member", "device", "profile", "permission", "erase"]),
    ("Look and check", &["status", "log", "set-aside", "doctor", "serve"]),
    ("Sync, carry, take over", &["sync", "peers", "bundle", "import"]),
];

const HEADING: Style = Style::new().bold();

/// The command line as clap knows it, with its help.
#[must_use]
pub fn command() -> clap::Command {
    let styles = Styles::styled()
        .header(HEADING)
        .usage(HEADING)
        .literal(anstyle::AnsiColor::Cyan.on_default())
        .placeholder(Style::new());
    let command = Cli::command().styles(styles).max_term_width(WIDTH);
    let command = command.mut_subcommands(one_help);
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{}{HEADING}Options:{HEADING:#}\n\
         {{options}}{{after-help}}",
        sections(&command)
    );
    command.help_template(template)
}

/// Makes `-h` and `--help` one page, since clap's long form spends three lines on every flag. What
/// a doc comment says beyond its first line stands below it.
fn one_help(command: clap::Command) -> clap::Command {
    let long = command.get_long_about().map(ToString::to_string).unwrap_or_default();
    let details = long.split_once("\n\n").map(|(_, details)| details.to_owned());
    // An empty one would still take lines.
    let command = details.into_iter().fold(command, clap::Command::before_help);
    command
        .long_about(None)
        .help_template(
            "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}",
        )
        .disable_help_subcommand(true)
        .mut_subcommands(one_help)
}

fn sections(command: &clap::Command) -> String {
    let literal = command.get_styles().get_literal();
    let width = SECTIONS.iter().flat_map(|(_, names)| *names).map(|name| name.len()).max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    for (heading, names) in SECTIONS {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{HEADING}{heading}:{HEADING:#}");
        for name in names {
            let about = command.find_subcommand(name).and_then(clap::Command::get_about);
            let about = about.map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "  {literal}{name:<width$}{literal:#}  {about}");
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Every command with its path, deepest too.
    fn all(command: clap::Command, path: &str, to: &mut Vec<(String, clap::Command)>) {
        let path = format!("{path} {}", command.get_name());
        let below: Vec<_> = command.get_subcommands().cloned().collect();
        for one in below.into_iter().filter(|one| one.get_name() != "help") {
            all(one, &path, to);
        }
        to.push((path.trim().to_owned(), command));
    }

    fn commands() -> Vec<(String, clap::Command)> {
        let mut built = command();
        built.build();
        let mut found = Vec::new();
        all(built, "", &mut found);
        found
    }

    #[test]
    fn clap_finds_no_contradiction() {
        command().debug_assert();
    }

    #[test]
    fn every_command_stands_in_one_section() {
        let mut listed: Vec<&str> =
            SECTIONS.iter().flat_map(|(_, names)| *names).copied().collect();
        let command = command();
        let known: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        assert_eq!(listed, known, "the help and the enum have one order");
        listed.sort_unstable();
        listed.dedup();
        assert_eq!(listed.len(), known.len());
    }

    #[test]
    fn every_command_has_a_summary_and_an_example_that_parses_and_fits_80_columns() {
        for (path, mut command) in commands() {
            let about = command.get_about().unwrap().to_string();
            assert!(!about.contains('\n') && about.len() < WIDTH, "{path}: {about}");
            let help = command.render_help().to_string();
            assert!(!help.contains("\n\n\n"), "{path}: {help}");
            for line in help.lines() {
                assert!(line.chars().count() <= WIDTH, "{path}: {line}");
            }
            if path == "copact" {
                continue;
            }
            let (_, examples) = help
                .split_once("Examples:\n")
                .unwrap_or_else(|| unreachable!("{path} has no Example"));
            for example in examples.lines().map(str::trim) {
                let words: Vec<String> = shell_words(example);
                let words = words.iter().skip_while(|word| word.contains('='));
                assert!(example.contains(&path), "{path}: {example}");
                super::command().try_get_matches_from(words).unwrap();
            }
        }
    }

    /// Splits at spaces outside double quotes, as far as the examples need it.
    fn shell_words(line: &str) -> Vec<String> {
        let (mut words, mut quoted) = (vec![String::new()], false);
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ' ' if !quoted => words.push(String::new()),
                c => words.last_mut().unwrap().push(c),
            }
        }
        words
    }

    #[test]
    fn the_overview_reads_well() {
        let help = command().term_width(WIDTH).render_help().to_string();
        insta::assert_snapshot!(help);
    }
}
