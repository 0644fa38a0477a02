//! copact-store
