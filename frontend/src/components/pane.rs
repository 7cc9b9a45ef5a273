//! The room of one view: each view of a lesson keeps its own place while another is looked at.
//! The sequence diagram follows the cursor instead.

use crate::state::View;
use std::collections::BTreeMap;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The lesson's place in the course: another lesson begins at its first line.
    pub(crate) lesson: usize,
    pub(crate) view: View,
    /// The view's name in identifiers.
    pub(crate) id: &'static str,
    pub(crate) children: Html,
}

/// A panel of the tab list, scrolled to where this view was left.
#[component]
pub(crate) fn Pane(props: &Props) -> Html {
    let node = use_node_ref();
    let places = use_mut_ref(BTreeMap::<(usize, &'static str), i32>::new);
    let shown = (props.lesson, props.id);
    use_effect_with(shown, {
        let (node, places, follows) = (node.clone(), places.clone(), props.view == View::Ladder);
        move |shown| {
            let pane = node.cast::<web_sys::Element>().filter(|_| !follows);
            if let Some(pane) = pane {
                pane.set_scroll_top(places.borrow().get(shown).copied().unwrap_or(0));
            }
        }
    });
    let onscroll = {
        let (node, places) = (node.clone(), places.clone());
        Callback::from(move |_: Event| {
            if let Some(pane) = node.cast::<web_sys::Element>() {
                places.borrow_mut().insert(shown, pane.scroll_top());
            }
        })
    };
    html! {
        <div id="view" ref={node} class="view" role="tabpanel" tabindex="0"
            aria-labelledby={format!("tab-{}", props.id)} {onscroll}>
            { props.children.clone() }
        </div>
    }
}
