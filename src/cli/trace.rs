//! `convlens trace`

use super::{
    error::Usage,
    file,
    input::{Seen, colors_for, of_colors, of_picture, read_picture},
    net::load_model,
    number::whole,
    output,
};
use crate::{
    data::picture,
    model_file::{self, SPEC_KEY},
    nn::{ForwardMode, Network, Serial, Tensor, Trace as Activations, Workspace, shape::MAX_VALUES},
    text::{Sentence, plural, tr},
};
use anyhow::{Result, anyhow, bail};
use clap::Args;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

/// The options of `convlens trace`.
#[derive(Debug, Args)]
pub struct Trace {
    /// The model file.
    #[arg(long, value_name = "M.safetensors")]
    model: PathBuf,
    /// The model's network, a preset or a spec file, if the model does not contain it (models from PyTorch do not).
    #[arg(long, value_name = "NAME|SPEC.json")]
    net: Option<String>,
    /// A picture, or a safetensors file with a tensor `x` of shape (N, C, H, W), which is used without preprocessing.
    ///
    /// A picture of the network's size is used pixel by pixel, with the preprocessing of the spec. A picture of any other
    /// size is normalised first, as in `predict`.
    #[arg(long, value_name = "IMAGE|X.safetensors")]
    input: PathBuf,
    /// The label of all images, or a label per image, as in 3,1,4.
    #[arg(long, value_name = "N", value_delimiter = ',', value_parser = whole(0..=u8::MAX))]
    label: Vec<u8>,
    /// The file to write.
    #[arg(long, value_name = "T.safetensors")]
    out: PathBuf,
}

impl Trace {
    pub(super) fn run(&self) -> Result<()> {
        let network = load_model(&self.model, self.net.as_deref())?;
        let x = read_input(&network, &self.input)?;
        let images = x.len() / network.input().len();
        let labels = self.labels(images, network.classes())?;
        let mut tensors = activations(network.trace(&x));
        if let Some(labels) = labels {
            tensors.extend(gradients(&network, &x, &labels));
        }
        let bytes = to_bytes(&network, &tensors)?;
        file::write(&self.out, &bytes)?;
        output::line(
            Sentence::new("{network}: {tensors} of {images}, written to {file}")
                .with("network", &network.spec().name)
                .with("tensors", plural(tensors.len(), "{count} tensor", "{count} tensors"))
                .with("images", plural(images, "{count} image", "{count} images"))
                .with("file", self.out.display()),
        )?;
        Ok(())
    }

    /// The label of each image, if there are labels.
    fn labels(&self, images: usize, classes: usize) -> Result<Option<Vec<u8>>> {
        if let Some(label) = self.label.iter().find(|&&label| usize::from(label) >= classes) {
            let last = classes.saturating_sub(1);
            let sentence = Sentence::new("--label {label}: the network's classes are 0 to {last}");
            return Err(Usage::from(sentence.with("label", label).with("last", last)).into());
        }
        match self.label.as_slice() {
            [] => Ok(None),
            &[label] => Ok(Some(vec![label; images])),
            labels if labels.len() == images => Ok(Some(labels.to_vec())),
            labels => {
                let sentence = Sentence::new("--label: has {labels} labels for {images}")
                    .with("labels", labels.len())
                    .with("images", plural(images, "{count} image", "{count} images"));
                Err(Usage::from(sentence).into())
            }
        }
    }
}

/// The input values, of shape (N, C, H, W).
fn read_input(network: &Network, path: &Path) -> Result<Vec<f32>> {
    let name = path.display().to_string();
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("safetensors")) {
        return read_tensor(network, path, &name);
    }
    let (name, bytes) = read_picture(path)?;
    if let Some(colors) = colors_for(network, &name, &bytes)? {
        return of_colors(network, &colors);
    }
    let grey = picture::from_bytes(&name, &bytes)?;
    let (height, width) = network.spec().picture_size();
    if (grey.height() as usize, grey.width() as usize) == (height, width) {
        return of_picture(network, &grey);
    }
    Seen::of(&picture::to_ink(&grey), false, network).input(network)
}

fn read_tensor(network: &Network, path: &Path, name: &str) -> Result<Vec<f32>> {
    let bytes = model_file::read_file(path)?;
    let tensors = SafeTensors::deserialize(&bytes).map_err(|reason| {
        let sentence = Sentence::new("{file}: is not a complete safetensors file ({reason})");
        anyhow!(sentence.with("file", name).with("reason", reason))
    })?;
    let x = tensors.tensor("x").map_err(|_| {
        let mut names = tensors.names();
        names.sort_unstable();
        let names = if names.is_empty() { tr("none").to_owned() } else { names.join(", ") };
        let sentence = Sentence::new("{file}: has no tensor x; its tensors are: {names}");
        anyhow!(sentence.with("file", name).with("names", names))
    })?;
    let wanted = network.input().dims();
    let fits = x.shape().split_first().is_some_and(|(&n, image)| n > 0 && image == wanted);
    if x.dtype() != Dtype::F32 || !fits {
        bail!(
            Sentence::new("{file}: the tensor x is {kind} {shape}, but {network} takes F32 [N, {wanted}]")
                .with("file", name)
                .with("kind", format_args!("{:?}", x.dtype()))
                .with("shape", format_args!("{:?}", x.shape()))
                .with("network", &network.spec().name)
                .with("wanted", wanted.iter().map(usize::to_string).collect::<Vec<_>>().join(", "))
        );
    }
    let per_image: u64 = network.layers().iter().map(|layer| layer.output().len() as u64).sum();
    if per_image.saturating_mul(x.shape()[0] as u64) > MAX_VALUES {
        let sentence = Sentence::new(
            "{file}: the activations of {images} images do not fit into memory; use fewer images",
        );
        bail!(sentence.with("file", name).with("images", x.shape()[0]));
    }
    let values: Vec<f32> = x.data().as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect();
    if let Some((index, value)) = values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        let sentence = Sentence::new(
            "{file}: the tensor x has the value {value} at index {index}, but values must be finite",
        );
        bail!(sentence.with("file", name).with("value", value).with("index", index));
    }
    Ok(values)
}

/// A tensor with its key.
type Named = (String, Tensor);

fn activations(trace: Activations) -> Vec<Named> {
    let layers = trace.activations.into_iter().enumerate();
    let mut tensors = vec![("input".to_owned(), trace.input)];
    tensors.extend(layers.map(|(number, tensor)| (format!("activation.{number}"), tensor)));
    tensors.push(("probabilities".to_owned(), trace.probabilities));
    tensors
}

/// The mean loss and its gradient by every parameter, in evaluation mode: without dropout, and with the running
/// statistics of batch normalisation.
fn gradients(network: &Network, x: &[f32], labels: &[u8]) -> Vec<Named> {
    let mut workspace = Workspace::new(network, labels.len(), true);
    let image = network.input().len();
    workspace.load(labels.len(), &Serial, |first, inputs, targets| {
        inputs.copy_from_slice(&x[first * image..][..inputs.len()]);
        targets.copy_from_slice(&labels[first..][..targets.len()]);
    });
    let loss = workspace.forward_backward_in(ForwardMode::Eval, network, &Serial).loss as f32;
    let mut tensors: Vec<Named> =
        Tensor::new(&[], &[loss]).map(|tensor| ("loss".to_owned(), tensor)).into_iter().collect();
    let names = network.named_parameters().map(|(name, _)| format!("grad.{name}"));
    tensors.extend(names.zip(workspace.gradients().iter().flatten().cloned()));
    tensors
}

fn to_bytes(network: &Network, tensors: &[Named]) -> Result<Vec<u8>> {
    let raw = |tensor: &Tensor| tensor.values().iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let data: Vec<Vec<u8>> = tensors.iter().map(|(_, tensor)| raw(tensor)).collect();
    let views = tensors.iter().zip(&data).map(|((key, tensor), data)| {
        Ok((key.as_str(), TensorView::new(Dtype::F32, tensor.shape().to_vec(), data)?))
    });
    let views = views.collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?;
    let metadata = HashMap::from([(SPEC_KEY.to_owned(), network.spec().to_json())]);
    Ok(safetensors::serialize(views, Some(metadata))?)
}
