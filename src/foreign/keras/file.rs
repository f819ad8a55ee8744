//! The arrays of an HDF5 file.

use crate::{
    foreign::{number::Precision, tensor::FoundTensor},
    nn::spec::MAX_PARAMETERS,
    text::Sentence,
};
use hdf5_pure::{AttrValue, DType, Dataset, File, Group};

/// The most groups and arrays that are looked at, and how deep.
const MAX_OBJECTS: usize = 20_000;
const MAX_DEPTH: usize = 12;

/// An open file.
#[derive(Debug)]
pub(super) struct WeightsFile {
    file: File,
    /// The paths of all arrays, in the order of the file's names.
    pub paths: Vec<String>,
}

impl WeightsFile {
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self, Sentence> {
        let file = File::from_bytes(bytes).map_err(|e| said(&e))?;
        let mut paths = Vec::new();
        list(&file.root(), "", 0, &mut 0, &mut paths)?;
        Ok(Self { file, paths })
    }

    /// The network as Keras writes it into `.h5`.
    pub(super) fn config(&self) -> Option<String> {
        text(self.file.root().attrs().ok()?.get("model_config")?)
    }

    /// The names that an attribute of a group lists.
    pub(super) fn names(&self, group: &str, attribute: &str) -> Option<Vec<String>> {
        let group = if group.is_empty() { self.file.root() } else { self.file.group(group).ok()? };
        let attributes = group.attrs().ok()?;
        match attributes.get(attribute)? {
            AttrValue::StringArray(names)
            | AttrValue::AsciiStringArray(names)
            | AttrValue::VarLenStringArray(names)
            | AttrValue::VarLenAsciiStringArray(names)
            | AttrValue::VarLenAsciiCharArray(names) => Some(names.clone()),
            AttrValue::StringArraySized { values, .. } | AttrValue::AsciiStringArraySized { values, .. } => {
                Some(values.clone())
            }
            other => text(other).map(|name| vec![name]),
        }
    }

    /// The array at a path. Nothing is allocated that the file's own length does not confirm.
    pub(super) fn array(&self, path: &str) -> Result<FoundTensor, Sentence> {
        let of = |key: &'static str| Sentence::new(key).with("tensor", path);
        let data = self.file.dataset(path).map_err(|_| of("lacks the array {tensor}"))?;
        let precision =
            precision(&data).ok_or_else(|| of("the array {tensor} has numbers that cannot be read"))?;
        let shape = data.shape().map_err(|e| said(&e))?;
        let shape: Option<Vec<usize>> = shape.into_iter().map(|d| usize::try_from(d).ok()).collect();
        let shape = shape.unwrap_or_default();
        let len = shape.iter().try_fold(1_u64, |product, &d| product.checked_mul(d as u64));
        let fits = |len: &u64| *len <= MAX_PARAMETERS && (data.is_chunked() || *len <= self.file.file_size());
        let len =
            len.filter(fits).ok_or_else(|| of("the array {tensor} claims more values than the file has"))?;
        let values = match precision {
            Precision::F64 => data.read_f64().map(|values| values.into_iter().map(|v| v as f32).collect()),
            _ => data.read_f32(),
        };
        let values: Vec<f32> = values.map_err(|e| said(&e))?;
        if values.len() as u64 != len {
            return Err(of("the array {tensor} is not complete"));
        }
        Ok(FoundTensor { key: path.to_owned(), shape, precision, values, place: None })
    }
}

fn said(error: &hdf5_pure::Error) -> Sentence {
    Sentence::new("{reason}").with("reason", error)
}

fn text(value: &AttrValue) -> Option<String> {
    match value {
        AttrValue::String(text)
        | AttrValue::AsciiString(text)
        | AttrValue::VarLenString(text)
        | AttrValue::VarLenAsciiString(text) => Some(text.clone()),
        AttrValue::StringSized { value, .. } | AttrValue::AsciiStringSized { value, .. } => {
            Some(value.clone())
        }
        AttrValue::StringArray(texts) | AttrValue::VarLenStringArray(texts) => texts.first().cloned(),
        _ => None,
    }
}

fn precision(data: &Dataset) -> Option<Precision> {
    Some(match data.dtype().ok()? {
        DType::F32 => Precision::F32,
        DType::F64 => Precision::F64,
        DType::I8 => Precision::Int(1),
        DType::I16 => Precision::Int(2),
        DType::I32 => Precision::Int(4),
        DType::I64 => Precision::Int(8),
        DType::U8 => Precision::Uint(1),
        DType::U16 => Precision::Uint(2),
        DType::U32 => Precision::Uint(4),
        DType::U64 => Precision::Uint(8),
        // Half precision has no name of its own.
        DType::Other(_) if data.element_size().ok()? == 2 => Precision::F16,
        _ => return None,
    })
}

/// A damaged file may have a group inside itself: their number and depth are bounded.
fn list(
    group: &Group,
    path: &str,
    depth: usize,
    groups: &mut usize,
    paths: &mut Vec<String>,
) -> Result<(), Sentence> {
    *groups += 1;
    if depth > MAX_DEPTH || *groups > MAX_OBJECTS || paths.len() > MAX_OBJECTS {
        return Err(Sentence::new("it has too many groups"));
    }
    let joined = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    paths.extend(group.datasets().map_err(|e| said(&e))?.iter().map(|name| joined(name)));
    for name in group.groups().map_err(|e| said(&e))? {
        let inner = group.group(&name).map_err(|e| said(&e))?;
        list(&inner, &joined(&name), depth + 1, groups, paths)?;
    }
    Ok(())
}
