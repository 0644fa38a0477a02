//! The kinds of section.

use serde::{Serialize, Serializer};

/// What a section of the contract is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SectionKind {
    /// Who the group is.
    Identity,
    /// What it is for.
    Purpose,
    /// What it holds to.
    Principles,
    /// How its people work together.
    Rules,
    /// What it wants to reach.
    Goals,
    /// Anything else.
    Other,
}

impl SectionKind {
    /// All six, in the order in which contracts usually have them.
    pub const ALL: [Self; 6] =
        [Self::Identity, Self::Purpose, Self::Principles, Self::Rules, Self::Goals, Self::Other];

    /// The word in the document, in JSON, and in `{#…}`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Purpose => "purpose",
            Self::Principles => "principles",
            Self::Rules => "rules",
            Self::Goals => "goals",
            Self::Other => "other",
        }
    }

    /// The kind of that word, exactly as [`Self::word`] has it.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The kind that a heading's words suggest. A suggestion only: somebody has to agree to it.
    #[must_use]
    pub fn suggested_by(heading: &str) -> Option<Self> {
        let words = heading.to_lowercase();
        let words = words.trim_matches(|c: char| !c.is_alphanumeric());
        let words = words.strip_prefix("our ").or(words.strip_prefix("the ")).unwrap_or(words);
        Some(match words {
            "identity" | "who we are" | "about us" | "about" | "us" => Self::Identity,
            "purpose" | "purposes" | "mission" | "aim" | "aims" | "why" | "why we are here"
            | "why we meet" | "what we are for" => Self::Purpose,
            "principles" | "values" | "what we believe" | "what we hold to" => Self::Principles,
            "rules" | "ground rules" | "agreements" | "how we work" | "how we work together" => {
                Self::Rules
            }
            "goals" | "objectives" | "targets" | "what we want to reach" => Self::Goals,
            _ => return None,
        })
    }
}

impl std::fmt::Display for SectionKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

impl Serialize for SectionKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}
