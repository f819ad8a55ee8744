//! `convlens import`

use super::{columns::left, error::Usage, file, net::Net, output};
use crate::{
    foreign::{self, Foreign, Map, Matching},
    model_file,
    nn::{Network, NetworkSpec},
    text::{Say, Sentence, tr},
};
use anyhow::{Result, bail};
use clap::Args;
use std::path::PathBuf;

/// The options of `convlens import`.
#[derive(Debug, Args)]
pub struct Import {
    /// A network of another program: .safetensors, .pt, .pth, .onnx, .keras or .h5.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Save the network as a model.
    #[arg(long, value_name = "M.safetensors")]
    out: Option<PathBuf>,
    /// The network, a preset or a spec file, if the file does not say what its layers are.
    #[arg(long, value_name = "NAME|SPEC.json")]
    net: Option<String>,
    /// Save the spec, the proposed one if none is known, to edit it.
    #[arg(long, value_name = "SPEC.json")]
    save_net: Option<PathBuf>,
    /// Take the tensor NAME of the file for the tensor KEY of the network, such as 0.weight. =NAME leaves NAME out.
    #[arg(long, value_name = "KEY=NAME")]
    map: Vec<String>,
}

impl Import {
    pub(super) fn run(&self) -> Result<()> {
        let (name, bytes) = (self.file.display().to_string(), foreign::read_file(&self.file)?);
        let given = self.net.as_deref().map(Net::find).transpose()?.map(|net| net.spec);
        if foreign::has_spec(&bytes) {
            let network = model_file::from_bytes(&name, &bytes, given)?;
            output::line(Sentence::new("{file} is a model of ConvLens already").with("file", &name))?;
            self.save_spec(network.spec())?;
            return self.save(&network);
        }
        let foreign = foreign::read(&name, bytes)?;
        let map = self.map()?;
        let is_known = given.is_some() || foreign.spec.is_some();
        let spec = match given.or_else(|| foreign.spec.clone()) {
            Some(spec) => spec,
            None => foreign::propose(&foreign)?,
        };
        table(&foreign, &spec, &map)?;
        for words in &foreign.words {
            output::line(words)?;
        }
        self.save_spec(&spec)?;
        if !is_known {
            output::line(Sentence::new(
                "The file does not say what its layers are. This network is proposed from the shapes of the tensors; strides, padding, pooling, activations and the input's size are guessed:",
            ))?;
            output::line(spec.to_json_lines().trim_end())?;
            if let Err(error) = spec.build() {
                output::line(Sentence::new("It does not fit yet: {reason}").part("reason", error.say()))?;
            }
            let sentence = Sentence::new("save it with --save-net, correct it, and give it with --net");
            if self.out.is_some() {
                bail!(Usage::from(
                    Sentence::new("--out: the network is not known; {advice}").part("advice", sentence)
                ));
            }
            output::line(sentence.capitalised())?;
            return Ok(());
        }
        self.save(&foreign.network(spec, &map)?)
    }

    fn save_spec(&self, spec: &NetworkSpec) -> Result<()> {
        match &self.save_net {
            Some(path) => file::write(path, spec.to_json_lines().as_bytes()),
            None => Ok(()),
        }
    }

    fn save(&self, network: &Network) -> Result<()> {
        let Some(path) = &self.out else { return Ok(()) };
        model_file::save(path, network)?;
        let sentence = Sentence::new("saved {network} to {file}");
        output::line(sentence.with("network", &network.spec().name).with("file", path.display()))?;
        Ok(())
    }

    /// What `--map` says.
    fn map(&self) -> Result<Map, Usage> {
        let mut map = Map::default();
        for text in &self.map {
            match text.split_once('=') {
                Some(("", name)) if !name.is_empty() => map.left_out.push(name.to_owned()),
                Some((key, "")) if !key.is_empty() => _ = map.chosen.insert(key.to_owned(), None),
                Some((key, name)) if !key.is_empty() => {
                    map.chosen.insert(key.to_owned(), Some(name.to_owned()));
                }
                _ => {
                    let sentence =
                        Sentence::new("--map {value}: must be KEY=NAME, such as 0.weight=conv1.weight");
                    return Err(Usage::from(sentence.with("value", text)));
                }
            }
        }
        Ok(map)
    }
}

/// Prints which tensor of the file belongs to which layer.
fn table(foreign: &Foreign, spec: &NetworkSpec, map: &Map) -> Result<()> {
    let (layers, _) = spec.build_to_fault();
    let matching = Matching::new(&layers, &foreign.found, map);
    let mut lines = vec![[tr("layer"), tr("tensor"), tr("shape"), tr("in the file")].map(str::to_owned)];
    let shape = |shape: &[usize]| shape.iter().map(ToString::to_string).collect::<Vec<_>>().join("×");
    for row in &matching.rows {
        let found = row.found.and_then(|i| foreign.found.get(i));
        // A count that is missing is zero.
        if found.is_none() && row.is_optional {
            continue;
        }
        let found = found.map_or_else(|| "?".to_owned(), |tensor| tensor.key.clone());
        lines.push([spec.layer_name(row.layer), row.key.clone(), shape(&row.shape), found]);
    }
    for tensor in matching.unused.iter().filter_map(|&i| foreign.found.get(i)) {
        lines.push(["?".to_owned(), "?".to_owned(), shape(&tensor.shape), tensor.key.clone()]);
    }
    let width = |column: usize| {
        lines
            .iter()
            .filter_map(|line| line.get(column))
            .map(|cell| super::columns::columns(cell))
            .max()
            .unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2)];
    for [layer, key, shape, found] in &lines {
        let [a, b, c] = widths;
        output::line(format_args!("{}  {}  {}  {found}", left(layer, a), left(key, b), left(shape, c)))?;
    }
    Ok(())
}
