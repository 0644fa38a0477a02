//! Why a measurement could not be made.

/// Anything that went wrong; the bench stops with it.
pub(crate) type Failure = Box<dyn std::error::Error>;

/// A measurement, or why there is none.
pub(crate) type Measured<T> = Result<T, Failure>;
