//! What holds for the repository as a whole: which crates know each other, and its form.

mod files;
mod layers;
mod threats;
mod tidy;
