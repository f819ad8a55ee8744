//! `convlens trace`

use super::{
    error::Usage,
    file,
    input::{digit_of, from_field},
    net::load_model,
    output,
    train::plural,
};
use crate::{
    data::picture,
    model_file::{self, SPEC_KEY},
    nn::{ForwardMode, Network, Serial, Tensor, Trace as Activations, Workspace, shape::MAX_VALUES},
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
    /// The model.
    #[arg(long, value_name = "M.safetensors")]
    model: PathBuf,
    /// The network it belongs to, for files that do not say it, such as PyTorch writes: a preset or a spec file.
    #[arg(long, value_name = "NAME|SPEC.json")]
    net: Option<String>,
    /// A picture, or a file with a tensor `x` (N, C, H, W) that goes in as it is.
    ///
    /// A picture of exactly the network's size goes in pixel by pixel, preprocessed as the spec says; of any other
    /// size, its digit is first made 28×28 as `predict` does.
    #[arg(long, value_name = "IMAGE|X.safetensors")]
    input: PathBuf,
    /// The class that each image is meant to be; one number stands for all images, or one an image: 3,1,4.
    #[arg(long, value_name = "N", value_delimiter = ',')]
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
        output::line(format_args!(
            "{}: {} of {}, written to {}",
            network.spec().name,
            plural(tensors.len(), "tensor"),
            plural(images, "image"),
            self.out.display()
        ))?;
        Ok(())
    }

    /// A label an image, if there are labels at all.
    fn labels(&self, images: usize, classes: usize) -> Result<Option<Vec<u8>>> {
        if let Some(label) = self.label.iter().find(|&&label| usize::from(label) >= classes) {
            let last = classes.saturating_sub(1);
            return Err(Usage(format!("--label {label}: the network's classes are 0 to {last}")).into());
        }
        match self.label.as_slice() {
            [] => Ok(None),
            &[label] => Ok(Some(vec![label; images])),
            labels if labels.len() == images => Ok(Some(labels.to_vec())),
            labels => {
                let reason = format!("--label: has {} labels for {}", labels.len(), plural(images, "image"));
                Err(Usage(reason).into())
            }
        }
    }
}

/// The values of whole input images.
fn read_input(network: &Network, path: &Path) -> Result<Vec<f32>> {
    let name = path.display().to_string();
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("safetensors")) {
        return read_tensor(network, path, &name);
    }
    let grey = picture::open(path)?;
    let (height, width) = network.spec().picture_size();
    if (grey.height() as usize, grey.width() as usize) == (height, width) {
        return from_field(network, &name, &grey);
    }
    from_field(network, &name, &digit_of(&picture::to_ink(&grey), false).pixels)
}

fn read_tensor(network: &Network, path: &Path, name: &str) -> Result<Vec<f32>> {
    let bytes = model_file::read_file(path)?;
    let tensors = SafeTensors::deserialize(&bytes)
        .map_err(|reason| anyhow!("{name}: is not a whole safetensors file ({reason})"))?;
    let x = tensors.tensor("x").map_err(|_| {
        let mut names = tensors.names();
        names.sort_unstable();
        anyhow!(
            "{name}: has no tensor x, but {}",
            if names.is_empty() { "no tensor at all".into() } else { names.join(", ") }
        )
    })?;
    let wanted = network.input().dims();
    let fits = x.shape().split_first().is_some_and(|(&n, image)| n > 0 && image == wanted);
    if x.dtype() != Dtype::F32 || !fits {
        bail!(
            "{name}: the tensor x is {:?} {:?}, but {} takes F32 [N, {}]",
            x.dtype(),
            x.shape(),
            network.spec().name,
            wanted.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
        );
    }
    let per_image: u64 = network.layers().iter().map(|layer| layer.output().len() as u64).sum();
    if per_image.saturating_mul(x.shape()[0] as u64) > MAX_VALUES {
        bail!("{name}: the activations of {} images do not fit: give fewer at a time", x.shape()[0]);
    }
    let values: Vec<f32> = x.data().as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect();
    if let Some((index, value)) = values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        bail!("{name}: the tensor x has the value {value} at index {index}, but values must be finite");
    }
    Ok(values)
}

/// A tensor and its key in the file.
type Named = (String, Tensor);

fn activations(trace: Activations) -> Vec<Named> {
    let layers = trace.activations.into_iter().enumerate();
    let mut tensors = vec![("input".to_owned(), trace.input)];
    tensors.extend(layers.map(|(number, tensor)| (format!("activation.{number}"), tensor)));
    tensors.push(("probabilities".to_owned(), trace.probabilities));
    tensors
}

/// The mean loss, and its gradient by every parameter, of the network in use: nothing dropped, running statistics.
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
