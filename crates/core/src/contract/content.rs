//! What the contract says, read from its Automerge document.

use automerge::iter::MapRange;
use automerge::{ChangeHash as Hash, Cursor, ObjId, ObjType, ROOT, ReadDoc, Value, ValueRef};
use serde::{Serialize, Serializer};

use super::digest::ContractDigest;
use super::kind::SectionKind;
use super::{render, schema, written};
use crate::day::Day;
use crate::entry::GoalState;
use crate::ids::{ChangeHash, PartId};

/// The contract at one moment: of the draft, or of a version.
///
/// The texts are those of the document, scalar for scalar, so that the places in
/// [`super::BlameSpan`] fit them; print [`Self::text`], in which nothing can hide.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ContractContent {
    /// The title.
    pub title: String,
    /// In their order.
    pub sections: Vec<Section>,
    /// In their order.
    pub goals: Vec<Goal>,
}

/// A section of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The key in the document.
    pub id: PartId,
    /// What it is about.
    pub kind: SectionKind,
    /// One line.
    pub heading: String,
    /// The text below it.
    pub body: String,
}

/// A goal of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Goal {
    /// The key in the document.
    pub id: PartId,
    /// One line.
    pub text: String,
    /// How people will know that it is reached.
    pub measure: Option<String>,
    /// By when.
    pub due: Option<Day>,
    /// Where it stands, as the contract has it.
    #[serde(serialize_with = "state_word")]
    pub state: GoalState,
}

fn state_word<S: Serializer>(state: &GoalState, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(state.word())
}

impl ContractContent {
    /// Reads the document as it is. Conflicts are read as Automerge decides them; what is missing
    /// or of a wrong type is read as empty, and a goal without text is left out.
    #[must_use]
    pub fn read<D: ReadDoc>(doc: &D) -> Self {
        Self::from_parts(&Reading::now(doc))
    }

    /// Reads the document as it was at those heads. Heads that it does not have are as if unsaid.
    #[must_use]
    pub fn read_at<D: ReadDoc>(doc: &D, heads: &[ChangeHash]) -> Self {
        Self::from_parts(&Reading::at(doc, heads))
    }

    fn from_parts<D: ReadDoc>(reading: &Reading<'_, D>) -> Self {
        Self {
            title: reading.title(),
            sections: reading.sections().into_iter().map(|placed| placed.part).collect(),
            goals: reading.goals().into_iter().map(|placed| placed.part).collect(),
        }
    }

    /// The contract as Markdown, as people read it and sign it.
    #[must_use]
    pub fn text(&self) -> String {
        render::render(self)
    }

    /// The digest of [`Self::text`].
    #[must_use]
    pub fn digest(&self) -> ContractDigest {
        ContractDigest::of(&self.text())
    }

    /// The digest in the form that people read out loud.
    #[must_use]
    pub fn digest_words(&self) -> String {
        self.digest().words()
    }
}

/// A section or goal, its place among the others, and its map in the document.
pub(super) struct Placed<T> {
    pub order: String,
    pub object: ObjId,
    pub part: T,
}

/// A document as it is or was.
pub(super) struct Reading<'a, D> {
    doc: &'a D,
    heads: Option<Vec<Hash>>,
}

impl<'a, D: ReadDoc> Reading<'a, D> {
    pub(super) const fn now(doc: &'a D) -> Self {
        Self { doc, heads: None }
    }

    pub(super) fn at(doc: &'a D, heads: &[ChangeHash]) -> Self {
        Self { doc, heads: Some(heads.iter().map(|head| Hash(*head.as_bytes())).collect()) }
    }

    fn get(&self, object: &ObjId, key: &str) -> Option<(Value<'_>, ObjId)> {
        match &self.heads {
            None => self.doc.get(object, key),
            Some(heads) => self.doc.get_at(object, key, heads),
        }
        .ok()
        .flatten()
    }

    /// The object of that type there, if there is one.
    pub(super) fn object(&self, object: &ObjId, key: &str, wanted: ObjType) -> Option<ObjId> {
        match self.get(object, key)? {
            (Value::Object(found), id) if found == wanted => Some(id),
            _ => None,
        }
    }

    fn string(&self, object: &ObjId, key: &str) -> Option<String> {
        self.get(object, key)?.0.into_string().ok()
    }

    /// The text object there, if it is one.
    pub(super) fn text_object(&self, object: &ObjId, key: &str) -> Option<ObjId> {
        self.object(object, key, ObjType::Text)
    }

    fn text(&self, object: &ObjId, key: &str) -> String {
        self.text_object(object, key).map(|text| self.text_of(&text)).unwrap_or_default()
    }

    pub(super) fn text_of(&self, text: &ObjId) -> String {
        match &self.heads {
            None => self.doc.text(text),
            Some(heads) => self.doc.text_at(text, heads),
        }
        .unwrap_or_default()
    }

    /// What names the element at a UTF-16 code unit of a text.
    pub(super) fn cursor(&self, text: &ObjId, unit: usize) -> Option<Cursor> {
        self.doc.get_cursor(text, unit, self.heads.as_deref()).ok()
    }

    pub(super) fn title(&self) -> String {
        self.text(&ROOT, schema::TITLE)
    }

    /// The elements of a text, marks included, with the operations that inserted them.
    pub(super) fn elements(&self, text: &ObjId) -> automerge::iter::ListRange<'a> {
        match &self.heads {
            None => self.doc.list_range(text, ..),
            Some(heads) => self.doc.list_range_at(text, .., heads),
        }
    }

    fn map(&self, object: &ObjId) -> MapRange<'a> {
        match &self.heads {
            None => self.doc.map_range(object, ..),
            Some(heads) => self.doc.map_range_at(object, .., heads),
        }
    }

    /// The root map of that key, and its children that are maps under a part's id, in their order.
    fn parts<T>(
        &self,
        key: &str,
        read: impl Fn(PartId, &ObjId) -> Option<T>,
        id: impl Fn(&T) -> PartId,
    ) -> Vec<Placed<T>> {
        let Some(map) = self.object(&ROOT, key, ObjType::Map) else {
            return Vec::new();
        };
        let mut parts: Vec<Placed<T>> = self
            .map(&map)
            .filter(|item| matches!(item.value, ValueRef::Object(ObjType::Map)))
            .filter_map(|item| {
                let object = item.id();
                Some(Placed {
                    part: read(PartId::from_hex(&item.key)?, &object)?,
                    order: self.string(&object, schema::ORDER).unwrap_or_default(),
                    object,
                })
            })
            .collect();
        parts.sort_by(|a, b| (&a.order, id(&a.part)).cmp(&(&b.order, id(&b.part))));
        parts
    }

    pub(super) fn sections(&self) -> Vec<Placed<Section>> {
        let read = |id, object: &ObjId| {
            let kind = self.string(object, schema::KIND);
            Some(Section {
                id,
                kind: kind.and_then(|w| SectionKind::from_word(&w)).unwrap_or(SectionKind::Other),
                heading: self.text(object, schema::HEADING),
                body: self.text(object, schema::BODY),
            })
        };
        self.parts(schema::SECTIONS, read, |section| section.id)
    }

    pub(super) fn goals(&self) -> Vec<Placed<Goal>> {
        let read = |id, object: &ObjId| {
            let text = self.text(object, schema::TEXT);
            if written::line(&text).is_empty() {
                return None;
            }
            let state = self.string(object, schema::STATE);
            let measure = self.string(object, schema::MEASURE).map(|text| written::line(&text));
            Some(Goal {
                id,
                text,
                measure: measure.filter(|text| !text.is_empty()),
                due: self.string(object, schema::DUE).and_then(|day| Day::parse(&day).ok()),
                state: GoalState::ALL
                    .into_iter()
                    .find(|known| Some(known.word()) == state.as_deref())
                    .unwrap_or(GoalState::Open),
            })
        };
        self.parts(schema::GOALS, read, |goal| goal.id)
    }
}
