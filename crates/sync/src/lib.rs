//! copact-sync
