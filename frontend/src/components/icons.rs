//! Pictures on buttons and the hosts' shapes: inline SVG, no font needed.

use yew::prelude::*;

fn icon(path: &'static str) -> Html {
    html! { <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d={path} /></svg> }
}

pub(crate) fn start() -> Html {
    icon("M2 3h2v10H2zM14 3v10L5 8z")
}
pub(crate) fn back() -> Html {
    icon("M12 3v10H10V3zM8 3v10L2 8z")
}
pub(crate) fn play() -> Html {
    icon("M4 2.5v11l9-5.5z")
}
pub(crate) fn pause() -> Html {
    icon("M4 3h3v10H4zM9 3h3v10H9z")
}
pub(crate) fn forward() -> Html {
    icon("M4 3v10h2V3zM8 3v10l6-5z")
}
pub(crate) fn end() -> Html {
    icon("M12 3h2v10h-2zM2 3v10l9-5z")
}
pub(crate) fn theme() -> Html {
    icon("M8 1.5a6.5 6.5 0 1 0 0 13zM8 0a8 8 0 1 1 0 16A8 8 0 0 1 8 0z")
}
pub(crate) fn share() -> Html {
    icon("M8 1l4 4H9v6H7V5H4zM3 8v6h10V8h1.5v7.5h-13V8z")
}

pub(crate) fn restore() -> Html {
    icon(
        "M8 2a6 6 0 1 1-5.900 7h1.600A4.500 4.500 0 1 0 4.800 4.800L7 7H1.500V1.500l2.200 2.200A6 6 0 0 1 8 2z",
    )
}
pub(crate) fn network() -> Html {
    icon("M1.500 2h5v4.500h-5zM9.500 9.500h5V14h-5zM3.300 7.500h1.500v3.700h3.700v1.500H3.300z")
}
pub(crate) fn enlarge() -> Html {
    icon(
        "M2 2h5v1.500H4.600l3 3-1.100 1.100-3-3V7H2zM14 14H9v-1.500h2.400l-3-3 1.100-1.100 3 3V9H14z",
    )
}
pub(crate) fn shrink() -> Html {
    icon(
        "M7.500 7.500h-5V6h2.400l-3-3L3 1.900l3 3V2.500h1.500zM8.500 8.500h5V10h-2.400l3 3-1.100 1.100-3-3v2.400H8.500z",
    )
}
pub(crate) fn more() -> Html {
    icon("M2 6.500h3v3H2zM6.500 6.500h3v3h-3zM11 6.500h3v3h-3z")
}
pub(crate) fn close() -> Html {
    icon(
        "M3.500 2.400L8 6.900l4.500-4.500 1.100 1.100L9.100 8l4.500 4.500-1.100 1.100L8 9.100l-4.500 4.500-1.100-1.100L6.900 8 2.400 3.500z",
    )
}
pub(crate) fn clock() -> Html {
    icon(
        "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm0 1.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM7.300 4.500h1.400v3.200l2.300 1.600-.8 1.100-2.900-2z",
    )
}

/// The shape of the host with this number: ▲ ■ ● ◆ ▼ ⬟, then again.
pub(crate) fn host(number: usize) -> Html {
    let path = match number % 6 {
        0 => "M8 2l6.5 12h-13z",
        1 => "M2.5 2.5h11v11h-11z",
        2 => "M8 1.5a6.5 6.5 0 1 0 .001 0z",
        3 => "M8 1l7 7-7 7-7-7z",
        4 => "M8 14L1.500 2h13z",
        _ => "M8 1l7 5.300-2.700 8.200H3.700L1 6.300z",
    };
    icon(path)
}

/// The letter of the host with this number: A, B, ….
pub(crate) fn letter(number: usize) -> char {
    char::from(b'A' + (number % 26) as u8)
}
