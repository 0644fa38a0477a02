//! copact-core
