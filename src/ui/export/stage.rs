//! A window that no one sees, in which a film is played.

use super::film::Player;
use crate::{
    text::{language, set_language},
    train::Snapshot,
    ui::{
        core::{Core, Options},
        model::{
            network::{CurrentNetwork, Origin},
            saved::SavedState,
        },
        state::AppState,
        update::{self, taken_state::taken, walk},
        work::{dialog::Picked, tasks::Threading},
    },
};
use std::{sync::Arc, time::Instant};

/// How often everything is asked for its news after a change.
const ROUNDS: usize = 3;

/// What a film begins with; it goes to another thread.
pub(super) struct Scene {
    state: SavedState,
    snapshot: Option<Arc<Snapshot>>,
    /// Whether the network is that of the run.
    is_of_run: bool,
}

impl Scene {
    /// What is shown now.
    pub(super) fn of(core: &mut Core) -> Self {
        let is_of_run = core.state.has_moments();
        Self { state: taken(core), snapshot: core.state.snapshot.clone(), is_of_run }
    }
}

/// The window.
pub(super) struct Stage {
    core: Core,
}

impl Stage {
    /// Shows a scene. Nothing is read and nothing is kept.
    pub(super) fn new(scene: Scene) -> Self {
        let options = Options {
            settings_path: None,
            language: Some(language()),
            system_language: language(),
            threading: Threading::Inline,
            train_threads: 1,
            reads_mnist: false,
            dialog: |_| Picked::Unavailable,
            runs_folder: None,
        };
        let mut core = Core::new(options, Arc::new(|| ()));
        core.trainer = None;
        update::saved_state::open(&mut core, scene.state);
        if let Some(snapshot) = scene.snapshot.filter(|_| scene.is_of_run) {
            core.state.network = CurrentNetwork { network: snapshot.network.clone(), origin: Origin::Live };
            core.state.snapshot = Some(snapshot);
        }
        let mut stage = Self { core };
        stage.rounds();
        stage
    }

    fn rounds(&mut self) {
        set_language(self.core.state.language);
        for _ in 0..ROUNDS {
            update::take_news(&mut self.core, Instant::now());
        }
    }
}

impl Player for Stage {
    fn seek(&mut self, position: usize) {
        if let Some(action) = walk::seek(&self.core.state, position) {
            update::apply_all(&mut self.core, [action]);
            self.rounds();
        }
    }

    fn state(&self) -> &AppState {
        &self.core.state
    }
}
