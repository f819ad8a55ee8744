//! What the views are built from. Widgets know nothing of networks and data: they show and change what they are given.
