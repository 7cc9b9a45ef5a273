//! C, from text to a machine that can stop anywhere.
