//! The photograph behind the filters of the first layer, which follows the current network.

use crate::ui::{
    core::Core,
    model::{
        convolution::{photo::Photo, photos::PHOTOS},
        filters::PhotoChoice,
        view::ViewId,
    },
    work::photo_maps::PhotoQuestion,
};
use std::sync::Arc;

/// Asks for the maps if the photograph or the network is another, and takes them.
pub(super) fn keep_up(core: &mut Core) {
    if core.state.settings.view != ViewId::Filters || !core.state.filters.shows_photo {
        return;
    }
    if let Some(maps) = core.photo_maps.take() {
        core.state.filters.photo_maps = Some(maps);
    }
    let network = core.state.network.network.clone();
    let Some(photo) = chosen(core) else { return };
    let is_asked = core.photo_asked.as_ref().is_some_and(|(of, asked)| {
        Arc::ptr_eq(of, &network) && (Arc::ptr_eq(asked, &photo) || *asked == photo)
    });
    if !is_asked {
        core.photo_asked = Some((network.clone(), photo.clone()));
        core.photo_maps.ask(PhotoQuestion { network, photo });
    }
}

/// The photograph, or the current image as one.
fn chosen(core: &Core) -> Option<Arc<Photo>> {
    let known = |name: &str| {
        let maps = core.photo_asked.as_ref().map(|(_, photo)| photo);
        maps.filter(|photo| photo.name == name).cloned()
    };
    let built_in = |index: usize| {
        let photo = PHOTOS.get(index).or(PHOTOS.first())?;
        known(photo.name).or_else(|| photo.photo())
    };
    match core.state.filters.photo {
        PhotoChoice::BuiltIn(index) => built_in(index),
        PhotoChoice::Opened => core.state.convolution.photo.clone().or_else(|| built_in(0)),
        PhotoChoice::Current => {
            let network = &core.state.network.network;
            let (channels, height, width) = network.input().as_maps();
            let name = format!("{CURRENT} {}", core.state.image.revision);
            let (size, original) = ((channels, height, width), (height, width));
            known(&name).filter(|photo| photo.size == size).or_else(|| {
                let values = core.state.image.input_for(network);
                Some(Arc::new(Photo { name, size, values, original }))
            })
        }
    }
}

/// The name of the current image as a photograph, before its revision.
const CURRENT: &str = "current image";
