//! Captures as pcapng files (being built).
