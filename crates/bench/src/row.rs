//! One line of the bench: what was measured, against what, and whether that is good enough.

use serde::Serialize;

/// What another library took for the same work.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Peer {
    /// Which library.
    pub(crate) name: &'static str,
    /// In the unit of the row.
    pub(crate) figure: f64,
}

/// One line.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    /// The workload.
    pub(crate) id: &'static str,
    /// What of it was measured.
    pub(crate) what: &'static str,
    /// Entries of the group, bursts of the text, or groups.
    pub(crate) n: usize,
    /// What it cost.
    pub(crate) figure: f64,
    /// The unit of figure, floor, goal (if that is no ratio) and peers.
    pub(crate) unit: &'static str,
    /// What it cannot cost less than, measured in the same run; none for a plain limit.
    pub(crate) floor: Option<f64>,
    /// Figure by floor.
    pub(crate) ratio: Option<f64>,
    /// The largest ratio that is good; without a floor, the largest figure.
    pub(crate) goal: Option<f64>,
    /// Whether the goal is met.
    pub(crate) met: Option<bool>,
    /// Whether the goal is a figure and no ratio.
    #[serde(skip)]
    pub(crate) plain: bool,
    /// Other libraries doing the same work.
    pub(crate) peers: Vec<Peer>,
}

impl Row {
    /// A figure against a floor of the same run; `goal` is a ratio.
    pub(crate) fn ratio(
        (id, what, n): (&'static str, &'static str, usize),
        (figure, unit): (f64, &'static str),
        floor: f64,
        goal: Option<f64>,
    ) -> Self {
        let ratio = figure / floor;
        let met = goal.map(|goal| ratio <= goal);
        let (floor, ratio) = (Some(floor), Some(ratio));
        Self { id, what, n, figure, unit, floor, ratio, goal, met, plain: false, peers: Vec::new() }
    }

    /// A figure against a plain limit.
    pub(crate) fn limit(
        (id, what, n): (&'static str, &'static str, usize),
        (figure, unit): (f64, &'static str),
        goal: Option<f64>,
    ) -> Self {
        let met = goal.map(|goal| figure <= goal);
        let (floor, ratio, plain) = (None, None, true);
        Self { id, what, n, figure, unit, floor, ratio, goal, met, plain, peers: Vec::new() }
    }

    /// With what other libraries took.
    pub(crate) fn beside(mut self, peers: Vec<Peer>) -> Self {
        self.peers = peers;
        self
    }
}
