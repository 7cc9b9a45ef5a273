//! Sequence numbers (RFC 9293 §3.4).
//!
//! [`Seq`] has no `Ord`: "less" between numbers that wrap means nothing by itself. Comparisons say
//! what they are, as Linux's `before()` and `after()`, and hold for numbers less than 2³¹ apart.

/// A sequence number, modulo 2³².
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Seq(pub u32);

impl Seq {
    /// `self < other` in the window around them.
    pub fn before(self, other: Seq) -> bool {
        (self.0.wrapping_sub(other.0) as i32) < 0
    }

    /// `self > other` in the window around them.
    pub fn after(self, other: Seq) -> bool {
        other.before(self)
    }

    /// How far `self` lies behind `other`; the caller knows that it does.
    pub fn until(self, other: Seq) -> u32 {
        other.0.wrapping_sub(self.0)
    }

    /// How far `self` lies behind `other`; zero if it does not.
    pub fn until_or_zero(self, other: Seq) -> u32 {
        if self.before(other) { self.until(other) } else { 0 }
    }

    /// The later of two.
    pub fn max(self, other: Seq) -> Seq {
        if self.before(other) { other } else { self }
    }

    /// The earlier of two.
    pub fn min(self, other: Seq) -> Seq {
        if self.before(other) { self } else { other }
    }
}

impl std::ops::Add<u32> for Seq {
    type Output = Seq;

    fn add(self, count: u32) -> Seq {
        Seq(self.0.wrapping_add(count))
    }
}

impl std::ops::Sub<u32> for Seq {
    type Output = Seq;

    fn sub(self, count: u32) -> Seq {
        Seq(self.0.wrapping_sub(count))
    }
}

impl std::ops::AddAssign<u32> for Seq {
    fn add_assign(&mut self, count: u32) {
        *self = *self + count;
    }
}

/// A half-open range of sequence numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct SeqRange {
    /// The first number.
    pub start: Seq,
    /// The first number after it.
    pub end: Seq,
}

impl SeqRange {
    /// How many numbers.
    pub fn len(self) -> u32 {
        self.start.until(self.end)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `seq` is in it.
    pub fn contains(self, seq: Seq) -> bool {
        self.start.until(seq) < self.len()
    }

    /// Whether all of `other` is in it.
    pub fn covers(self, other: SeqRange) -> bool {
        !other.start.before(self.start) && !other.end.after(self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_wrap() {
        assert!(Seq(u32::MAX).before(Seq(3)));
        assert!(Seq(3).after(Seq(u32::MAX)));
        assert_eq!(Seq(u32::MAX).until(Seq(3)), 4);
        assert!(SeqRange { start: Seq(u32::MAX - 1), end: Seq(2) }.contains(Seq(0)));
    }
}
