//! Every field of a frame, with its bytes (being built).
