//! Switching maps and kernels off and on.

use crate::{
    explain::{
        WhatIf,
        what_if::{LayerKernel, LayerMap, can_switch_off, kernel_values},
    },
    ui::core::Core,
};

/// Switches a map; ignored if the network does not have it.
pub(super) fn switch_map(core: &mut Core, map: LayerMap, is_on: bool) {
    forget_other_networks(core);
    if is_on || can_switch_off(&core.state.network.network, map) {
        core.state.what_if.switch_map(map, is_on);
    }
}

/// Switches these maps off, and everything else on.
pub(super) fn switch_off(core: &mut Core, maps: impl Iterator<Item = LayerMap>) {
    core.state.what_if = WhatIf::default();
    for map in maps {
        switch_map(core, map, false);
    }
}

/// Switches a kernel; ignored if the network does not have it.
pub(super) fn switch_kernel(core: &mut Core, kernel: LayerKernel, is_on: bool) {
    forget_other_networks(core);
    if is_on || kernel_values(&core.state.network.network, kernel).is_some() {
        core.state.what_if.switch_kernel(kernel, is_on);
    }
}

/// Switches belong to a network with the same layers: with other layers, everything is on.
pub fn forget_other_networks(core: &mut Core) {
    let spec = core.state.network.network.spec();
    if core.what_if_of.as_ref() != Some(spec) {
        core.what_if_of = Some(spec.clone());
        core.state.what_if = WhatIf::default();
    }
}
