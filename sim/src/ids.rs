//! The numbers that name things in a world.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($($(#[doc = $doc:literal])* $name:ident($of:ty);)*) => { $(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize,
                 Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $of);
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )* };
}

id! {
    /// A host: its place in the world.
    HostId(u32);
    /// A frame on the wire, unique in the run; a duplicate has its own.
    PacketId(u64);
    /// A system call, unique in the run.
    CallId(u64);
    /// An open file description of a host's kernel.
    DescId(u32);
}
