//! `convlens export`

use super::{net::load_model, output};
use crate::{
    export::{self, ExportError, Format},
    text::Sentence,
};
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;

/// The options of `convlens export`.
#[derive(Debug, Args)]
pub struct Export {
    /// The model file.
    #[arg(long, value_name = "M.safetensors")]
    model: PathBuf,
    /// The model's network, a preset or a spec file, if the model does not contain it (models from PyTorch do not).
    #[arg(long, value_name = "NAME|SPEC.json")]
    net: Option<String>,
    /// The file to write, by its ending: `.onnx`, `.py` (PyTorch), `.keras.py` (Keras), `.json` (the spec) or `.h` (C).
    #[arg(long, value_name = "NET.onnx|NET.py|…")]
    out: PathBuf,
}

impl Export {
    pub(super) fn run(&self) -> Result<()> {
        if Format::of(&self.out).is_none() {
            return Err(
                super::Usage::from(crate::text::Say::say(&ExportError::Ending(self.out.clone()))).into()
            );
        }
        let network = load_model(&self.model, self.net.as_deref())?;
        let exported = export::export(&network, &self.out, env!("CARGO_PKG_VERSION"))?;
        exported.write(Some(&self.model))?;
        for (file, bytes) in &exported.files {
            let sentence = Sentence::new("{network}: {bytes} bytes written to {file}");
            let sentence = sentence.with("network", &network.spec().name).with("bytes", bytes.len());
            output::line(sentence.with("file", file.display()))?;
        }
        Ok(())
    }
}
