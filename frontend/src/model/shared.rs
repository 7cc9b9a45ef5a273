//! Shared values (`Rc`) in what is stored: each is written as what it holds.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::rc::Rc;

pub(crate) fn serialize<T: Serialize, S: Serializer>(rc: &Rc<T>, to: S) -> Result<S::Ok, S::Error> {
    rc.as_ref().serialize(to)
}

pub(crate) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Rc<T>, D::Error> {
    T::deserialize(from).map(Rc::new)
}

/// A list of them.
pub(crate) mod list {
    use super::*;

    pub(crate) fn serialize<T: Serialize, S: Serializer>(
        list: &[Rc<T>],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(list.iter().map(Rc::as_ref))
    }

    pub(crate) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Rc<T>>, D::Error> {
        Ok(Vec::<T>::deserialize(from)?.into_iter().map(Rc::new).collect())
    }
}

/// A table of them.
pub(crate) mod map {
    use super::*;
    use std::collections::BTreeMap;

    pub(crate) fn serialize<K: Serialize, T: Serialize, S: Serializer>(
        map: &BTreeMap<K, Rc<T>>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_map(map.iter().map(|(key, rc)| (key, rc.as_ref())))
    }

    pub(crate) fn deserialize<'de, K, T, D>(from: D) -> Result<BTreeMap<K, Rc<T>>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        T: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        let map = BTreeMap::<K, T>::deserialize(from)?;
        Ok(map.into_iter().map(|(key, value)| (key, Rc::new(value))).collect())
    }
}
