//! Maps and kernels switched off and on.

use crate::{
    explain::{
        WhatIf,
        what_if::{KernelOf, MapOf, is_switch, kernel_values},
    },
    ui::app::App,
};

/// What the network does not have cannot be switched off.
pub(super) fn switch_map(app: &mut App, map: MapOf, is_on: bool) {
    forget_other_networks(app);
    if is_on || is_switch(&app.state.network.network, map) {
        app.state.what_if.switch_map(map, is_on);
    }
}

/// The same for a kernel.
pub(super) fn switch_kernel(app: &mut App, kernel: KernelOf, is_on: bool) {
    forget_other_networks(app);
    if is_on || kernel_values(&app.state.network.network, kernel).is_some() {
        app.state.what_if.switch_kernel(kernel, is_on);
    }
}

/// What is off belongs to one network, whatever its weights are: with other layers, everything is on.
pub fn forget_other_networks(app: &mut App) {
    let spec = app.state.network.network.spec();
    if app.what_if_of.as_ref() != Some(spec) {
        app.what_if_of = Some(spec.clone());
        app.state.what_if = WhatIf::default();
    }
}
