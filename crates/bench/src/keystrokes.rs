//! The typing of a whole paper, or, where its file is not, a made-up one.

use std::path::Path;

use miniz_oxide::inflate::decompress_to_vec_with_limit;
use serde::Deserialize;

use crate::failure::Measured;

/// One key: where, how many characters go, what comes.
#[derive(Debug, Deserialize)]
pub(crate) struct Key(pub(crate) usize, pub(crate) usize, pub(crate) String);

#[derive(Debug, Deserialize)]
struct Transaction {
    patches: Vec<Key>,
}

#[derive(Debug, Deserialize)]
struct Trace {
    #[serde(rename = "endContent")]
    end: String,
    txns: Vec<Transaction>,
}

/// What was typed and what it makes.
pub(crate) struct Typed {
    pub(crate) keys: Vec<Key>,
    pub(crate) text: Option<String>,
    /// What is measured with.
    pub(crate) source: &'static str,
}

const FILE: &str = "shared/data/automerge-paper.json.gz";
const LIMIT: usize = 64 * 1_024 * 1_024;
/// Keys of a made-up history.
const MADE_UP: usize = 259_778;

impl Typed {
    /// The paper's, if the file lies above this crate.
    pub(crate) fn load() -> Measured<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let found = here.ancestors().map(|folder| folder.join(FILE)).find(|file| file.exists());
        let Some(file) = found else { return Ok(Self::made_up()) };
        let trace: Trace = serde_json::from_slice(&unzip(&std::fs::read(file)?)?)?;
        let keys = trace.txns.into_iter().flat_map(|one| one.patches).collect();
        Ok(Self { keys, text: Some(trace.end), source: "the paper" })
    }

    /// Words typed one after another, with a look back now and then: a tenth of the keys delete.
    fn made_up() -> Self {
        let (mut keys, mut length, mut at, mut state) = (Vec::new(), 0_usize, 0_usize, 7_u32);
        while keys.len() < MADE_UP {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let draw = usize::try_from(state >> 8).unwrap_or(0);
            if draw.is_multiple_of(97) && length > 0 {
                at = draw / 97 % length;
            }
            if draw.is_multiple_of(5) && at > 0 {
                at -= 1;
                keys.push(Key(at, 1, String::new()));
                length -= 1;
            } else {
                let letter = ["e", "t", "a", "o", " "].get(draw % 5).copied().unwrap_or("n");
                keys.push(Key(at, 0, letter.to_owned()));
                at += 1;
                length += 1;
            }
        }
        Self { keys, text: None, source: "a made-up history, for want of the file" }
    }
}

/// The content of a gzip file that has no optional fields but a name.
fn unzip(bytes: &[u8]) -> Measured<Vec<u8>> {
    let flags = *bytes.get(3).ok_or("no gzip file")?;
    let mut rest = bytes.get(10..).ok_or("no gzip file")?;
    if flags & 8 != 0 {
        let end = rest.iter().position(|byte| *byte == 0).ok_or("no gzip file")?;
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    decompress_to_vec_with_limit(rest, LIMIT).map_err(|error| error.to_string().into())
}
