//! copact-node
