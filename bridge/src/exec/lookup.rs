//! `getaddrinfo(3)` and `getnameinfo(3)` are libc's, so /etc/hosts and nsswitch.conf are real.
//!
//! They block and cannot be interrupted: a bounded number of threads for everybody, and within
//! it a few for each session, so that a dead resolver holds up only who asked it.

use super::wait::{Answer, Making, Stop};
use crate::policy::Denied;
use crate::sys;
use abi::message::Rule;
use abi::syscall::AddrInfoHints;
use abi::{Bytes, Errno, Out, Reply, SockAddr};

impl Making<'_> {
    /// `getaddrinfo(3)`: 0 or `EAI_*`.
    pub(super) async fn getaddrinfo(
        &mut self,
        node: Option<Bytes>,
        service: Option<Bytes>,
        hints: AddrInfoHints,
    ) -> Answer {
        let looked = self
            .in_pool(move || {
                let text = |bytes: &Option<Bytes>| bytes.as_ref().map(|bytes| bytes.0.clone());
                sys::getaddrinfo(text(&node).as_deref(), text(&service).as_deref(), &hints)
            })
            .await?;
        if let Some(errno) = looked.errno {
            self.step(format!("getaddrinfo(…) = EAI_SYSTEM, errno {errno}"));
        }
        let out = match looked.code {
            0 => Out::AddrInfo { list: looked.list, canonical: looked.canonical },
            _ => Out::None,
        };
        Ok(Reply::with(looked.code.into(), out))
    }

    /// `getnameinfo(3)`: 0 or `EAI_*`.
    pub(super) async fn getnameinfo(&mut self, addr: SockAddr, flags: i32) -> Answer {
        let (code, host, service) = self.in_pool(move || sys::getnameinfo(&addr, flags)).await?;
        let out = if code == 0 { Out::Names { host, service } } else { Out::None };
        Ok(Reply::with(code.into(), out))
    }

    async fn in_pool<T: Send + 'static>(
        &mut self,
        look: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Stop> {
        let options = &self.session.options;
        options.policy.check_lookup()?;
        let Ok(mine) = self.session.lookups.clone().try_acquire_owned() else {
            let detail = format!("at most {} at once", options.limits.lookups);
            return Err(Denied::new(Rule::PendingLookups, detail).into());
        };
        let pool = options.lookups.clone();
        let work = async move {
            let thread = pool.acquire_owned().await.ok();
            // Both permits are held until the thread has really ended.
            tokio::task::spawn_blocking(move || (look(), mine, thread)).await
        };
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Stop::Cancelled),
            done = work => done.map(|(looked, ..)| looked).map_err(|_| Errno::EIO.into()),
        }
    }
}
