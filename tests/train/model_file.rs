//! Model files: what PyTorch writes and reads, and nothing that bytes could do to the program.

use convlens::{
    model_file::{self, MAX_BYTES, ModelError, SPEC_KEY},
    nn::{Init, Network, NetworkSpec},
};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use std::{
    collections::HashMap,
    fs::{self, File},
    io::Write,
    path::Path,
};

/// The tensors of a file by key: type, shape, bytes.
type Tensors = Vec<(String, Dtype, Vec<usize>, Vec<u8>)>;

const SPEC: &str = r#"{"name":"small","input":[1,6,6],"preprocess":{"mean":0.25,"std":0.5,"pad":1},"layers":[
    {"type":"conv2d","out_channels":2,"kernel_size":[3,2]}, {"type":"batch_norm2d"}, {"type":"relu"},
    {"type":"conv_transpose2d","out_channels":2,"kernel_size":2,"bias":false}, {"type":"flatten"},
    {"type":"linear","out_features":3}]}"#;

fn spec() -> NetworkSpec {
    NetworkSpec::from_json(SPEC).unwrap()
}

/// A network whose every value is its own, some of them peculiar.
fn network() -> Network {
    let mut network = Network::new(spec(), Init::He, 7).unwrap();
    let peculiar = [-0.0, f32::MIN_POSITIVE / 4.0, f32::MAX, -f32::MAX, 1.0 / 3.0];
    network.parameters_mut()[0][0].values_mut()[..5].copy_from_slice(&peculiar);
    let buffers = &mut network.buffers_mut()[1];
    buffers[0].values_mut().copy_from_slice(&[-1.5, 0.75]);
    buffers[1].values_mut().copy_from_slice(&[0.0, 2.5]);
    buffers[2].values_mut().copy_from_slice(&[1234.0]);
    network
}

fn bytes() -> Vec<u8> {
    model_file::to_bytes("small", &network()).unwrap()
}

/// Every bit of weights and buffers.
fn bits(network: &Network) -> Vec<u32> {
    let tensors = network.parameters().iter().chain(network.buffers()).flatten();
    tensors.flat_map(|t| t.values().iter().map(|v| v.to_bits())).collect()
}

fn tensors(bytes: &[u8]) -> Tensors {
    let file = SafeTensors::deserialize(bytes).unwrap();
    let all = file.tensors().into_iter();
    let mut all: Tensors =
        all.map(|(key, t)| (key, t.dtype(), t.shape().to_vec(), t.data().to_vec())).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

fn file_of(tensors: &Tensors, metadata: Option<HashMap<String, String>>) -> Vec<u8> {
    let views = tensors.iter().map(|(key, dtype, shape, data)| {
        (key.clone(), TensorView::new(*dtype, shape.clone(), data.as_slice()).unwrap())
    });
    safetensors::serialize(views, metadata).unwrap()
}

fn spec_metadata(json: &str) -> HashMap<String, String> {
    HashMap::from([(SPEC_KEY.to_owned(), json.to_owned())])
}

/// The error of a file, as a person reads it: one line that names the file.
fn refused(bytes: &[u8], spec: Option<NetworkSpec>) -> (ModelError, String) {
    let error = model_file::from_bytes("m.safetensors", bytes, spec).unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with("m.safetensors: ") && !message.contains(char::is_control), "{message}");
    (error, message)
}

/// The names of what is in a folder.
fn listing(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_is_saved_is_loaded_bit_by_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("small.safetensors");
    let network = network();
    model_file::save(&path, &network).unwrap();
    assert_eq!(listing(folder.path()), ["small.safetensors"]);
    let loaded = model_file::load(&path, None).unwrap();
    assert_eq!(loaded.spec(), network.spec());
    assert_eq!(bits(&loaded), bits(&network));
    assert_eq!(fs::read(&path).unwrap(), bytes());
    assert_eq!(model_file::to_bytes("small", &loaded).unwrap(), bytes());
    // Over an older and longer file.
    fs::write(&path, vec![1; 100_000]).unwrap();
    model_file::save(&path, &network).unwrap();
    assert_eq!(fs::read(&path).unwrap(), bytes());
    assert_eq!(listing(folder.path()), ["small.safetensors"]);
}

#[test]
fn the_shipped_model_is_whole() {
    let network = model_file::shipped().unwrap();
    assert_eq!((network.spec().name.as_str(), network.classes()), (model_file::SHIPPED, 10));
    let again = model_file::to_bytes("shipped", &network).unwrap();
    assert_eq!(bits(&model_file::from_bytes("shipped", &again, None).unwrap()), bits(&network));
}

#[test]
fn keys_types_and_shapes_are_those_of_a_sequential() {
    let bytes = bytes();
    let forms: Vec<(String, Dtype, Vec<usize>)> =
        tensors(&bytes).into_iter().map(|(key, dtype, shape, _)| (key, dtype, shape)).collect();
    let form = |key: &str, dtype, shape: &[usize]| (key.to_owned(), dtype, shape.to_vec());
    assert_eq!(
        forms,
        [
            form("0.bias", Dtype::F32, &[2]),
            form("0.weight", Dtype::F32, &[2, 1, 3, 2]),
            form("1.bias", Dtype::F32, &[2]),
            form("1.num_batches_tracked", Dtype::I64, &[]),
            form("1.running_mean", Dtype::F32, &[2]),
            form("1.running_var", Dtype::F32, &[2]),
            form("1.weight", Dtype::F32, &[2]),
            form("3.weight", Dtype::F32, &[2, 2, 2, 2]),
            form("5.bias", Dtype::F32, &[3]),
            form("5.weight", Dtype::F32, &[3, 60]),
        ]
    );
    let all = tensors(&bytes);
    assert_eq!(all[3].3, 1234_i64.to_le_bytes());
    assert_eq!(all[4].3, [(-1.5_f32).to_le_bytes(), 0.75_f32.to_le_bytes()].concat());
    let (_, metadata) = SafeTensors::read_metadata(&bytes).unwrap();
    let metadata = metadata.metadata().clone().unwrap();
    assert_eq!(metadata.keys().collect::<Vec<_>>(), [SPEC_KEY]);
    assert_eq!(NetworkSpec::from_json(&metadata[SPEC_KEY]).unwrap(), spec());
}

/// A `state_dict` that PyTorch wrote, of a network with batch normalisation: in as it is, and out as it was.
#[test]
fn a_state_dict_of_pytorch_goes_in_and_out_unchanged() {
    let json = r#"{"name":"all-layers","input":[1,16,16],"layers":[
        {"type":"conv2d","out_channels":8,"kernel_size":3,"stride":2,"padding":1}, {"type":"batch_norm2d"}, {"type":"relu"},
        {"type":"conv2d","out_channels":8,"kernel_size":3,"padding":1,"groups":2}, {"type":"channel_shuffle","groups":2},
        {"type":"leaky_relu"}, {"type":"local_response_norm","size":5},
        {"type":"conv_transpose2d","out_channels":4,"kernel_size":2,"stride":2}, {"type":"tanh"},
        {"type":"avg_pool2d","kernel_size":2}, {"type":"conv2d","out_channels":6,"kernel_size":3,"padding":2,"dilation":2},
        {"type":"sigmoid"}, {"type":"max_pool2d","kernel_size":3,"stride":2,"padding":1}, {"type":"flatten"},
        {"type":"linear","out_features":10}]}"#;
    let spec = NetworkSpec::from_json(json).unwrap();
    let reference = include_bytes!("../reference/networks.safetensors");
    for moment in ["initial.", "after3."] {
        let prefix = format!("all-layers/{moment}");
        let state: Tensors = tensors(reference)
            .into_iter()
            .filter_map(|(key, dtype, shape, data)| {
                Some((key.strip_prefix(&prefix)?.to_owned(), dtype, shape, data))
            })
            .collect();
        assert!(state.iter().any(|(key, dtype, ..)| key == "1.num_batches_tracked" && *dtype == Dtype::I64));
        let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
        let file = file_of(&state, Some(metadata));
        let (error, message) = refused(&file, None);
        assert!(matches!(error, ModelError::NoSpec { .. }), "{message}");
        assert!(message.contains("--net") && message.contains(SPEC_KEY), "{message}");
        let network = model_file::from_bytes("pt", &file, Some(spec.clone())).unwrap();
        assert_eq!(tensors(&model_file::to_bytes("pt", &network).unwrap()), state);
    }
}

#[test]
fn a_spec_that_is_given_goes_before_the_files_own() {
    let json = SPEC.replace("\"small\"", "\"other\"").replace("0.25", "0.5");
    let given = NetworkSpec::from_json(&json).unwrap();
    let loaded = model_file::from_bytes("m", &bytes(), Some(given.clone())).unwrap();
    assert_eq!((loaded.spec(), bits(&loaded)), (&given, bits(&network())));
}

#[test]
fn tensors_that_do_not_fit_are_named() {
    let message = |edit: &dyn Fn(&mut Tensors)| {
        let mut all = tensors(&bytes());
        edit(&mut all);
        refused(&file_of(&all, Some(spec_metadata(SPEC))), None)
    };
    let at = |all: &Tensors, key: &str| all.iter().position(|(k, ..)| k == key).unwrap();
    for key in tensors(&bytes()).into_iter().map(|(key, ..)| key) {
        let (error, text) = message(&|all| {
            let i = at(all, &key);
            all.remove(i);
        });
        assert_eq!(text, format!("m.safetensors: lacks the tensor {key} of the network small"));
        assert!(matches!(error, ModelError::Missing { .. }));
        // The same values in another shape, and as another type.
        let (error, text) = message(&|all| {
            let i = at(all, &key);
            all[i].2.push(1);
        });
        assert!(matches!(error, ModelError::Shape { .. }) && text.contains(&key), "{text}");
        assert!(text.contains("1], but the network small needs "), "{text}");
        let (error, text) = message(&|all| {
            let i = at(all, &key);
            all[i].1 = if all[i].1 == Dtype::F32 { Dtype::I32 } else { Dtype::F64 };
        });
        assert!(matches!(error, ModelError::Shape { .. }), "{text}");
    }
    let (error, text) = message(&|all| all.push(("2.weight".into(), Dtype::F32, vec![1], vec![0; 4])));
    assert_eq!(text, "m.safetensors: has the tensor 2.weight, which the network small does not have");
    assert!(matches!(error, ModelError::Unknown { .. }));
    let (_, text) = message(&|all| all.push(("a\nb\u{7}".into(), Dtype::F32, vec![0], vec![])));
    assert!(text.contains("the tensor a b�, which"), "{text}");
    let (_, text) = message(&|all| all.push(("x".repeat(1 << 20), Dtype::F32, vec![0], vec![])));
    assert!(text.len() < 1500, "{} bytes of message", text.len());
    let (_, text) = message(&|all| {
        let i = at(all, "5.weight");
        all[i].2 = vec![60, 3];
    });
    assert_eq!(
        text,
        "m.safetensors: the tensor 5.weight is F32 [60, 3], but the network small needs F32 [3, 60]"
    );
}

#[test]
fn values_that_no_network_has_are_named() {
    let message = |key: &str, index: usize, value: &[u8]| {
        let mut all = tensors(&bytes());
        let (.., data) = all.iter_mut().find(|(k, ..)| k == key).unwrap();
        data[index * value.len()..][..value.len()].copy_from_slice(value);
        refused(&file_of(&all, Some(spec_metadata(SPEC))), None)
    };
    for (value, word) in [(f32::NAN, "NaN"), (f32::INFINITY, "inf"), (f32::NEG_INFINITY, "-inf")] {
        for key in ["0.weight", "5.bias", "1.running_mean", "1.running_var"] {
            let (error, text) = message(key, 1, &value.to_le_bytes());
            assert!(matches!(error, ModelError::NotFinite { index: 1, .. }), "{text}");
            let said = format!("the tensor {key} has the value {word} at index 1, but values must be finite");
            assert!(text.contains(&said), "{text}");
        }
    }
    let (error, text) = message("1.running_var", 1, &(-0.5_f32).to_le_bytes());
    assert!(matches!(error, ModelError::Negative { .. }), "{text}");
    assert!(
        text.ends_with("1.running_var has the value -0.5 at index 1, but must not be negative"),
        "{text}"
    );
    let (error, text) = message("1.num_batches_tracked", 0, &(-1_i64).to_le_bytes());
    assert!(matches!(error, ModelError::Negative { .. }), "{text}");
}

#[test]
fn wrong_specs_are_refused_with_their_rule() {
    let message = |json: &str| {
        let (error, text) = refused(&file_of(&tensors(&bytes()), Some(spec_metadata(json))), None);
        assert!(matches!(error, ModelError::Spec { .. }), "{text}");
        text
    };
    assert!(message("").contains("spec is not valid"));
    assert!(message(&SPEC.replace("[3,2]", "[30,2]")).contains("layer 0 (conv2d)"));
    assert!(message(&SPEC.replace("\"bias\"", "\"bi\\nas\"")).contains("layer 3 (conv_transpose2d)"));
    let mut wrong = spec();
    wrong.preprocess.std = 0.0;
    assert!(matches!(refused(&bytes(), Some(wrong)).0, ModelError::Spec { .. }));
}

#[test]
fn truncation_at_every_offset() {
    let whole = bytes();
    for end in 0..whole.len() {
        let (error, text) = refused(&whole[..end], None);
        assert!(matches!(error, ModelError::Format { .. }), "{end}: {text}");
    }
    let (error, _) = refused(&[whole.clone(), vec![0]].concat(), None);
    assert!(matches!(error, ModelError::Format { .. }), "a byte too many");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.safetensors");
    for end in [0, 1, 7, 8, 9, 20, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..end]).unwrap();
        let error = model_file::load(&path, None).unwrap_err();
        assert!(matches!(error, ModelError::Format { .. }), "{end}: {error}");
        assert!(error.to_string().starts_with(&path.display().to_string()));
    }
}

#[test]
fn every_bit_of_the_header_flipped() {
    let whole = bytes();
    let header = 8 + u64::from_le_bytes(whole[..8].try_into().unwrap()) as usize;
    let (mut read, mut refusals) = (0, 0);
    for at in 0..header {
        for bit in 0..8 {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << bit;
            match model_file::from_bytes("m.safetensors", &flipped, None) {
                // Another name, another padding; what is read must be fit to use.
                Ok(network) => {
                    network.trace(&vec![0.5; network.input().len()]);
                    read += 1;
                }
                Err(error) => {
                    let text = error.to_string();
                    assert!(
                        text.starts_with("m.safetensors: ") && !text.contains(char::is_control),
                        "{text}"
                    );
                    refusals += 1;
                }
            }
        }
    }
    assert!(read < refusals / 4, "{read} of {} were read", read + refusals);
}

#[test]
fn absurd_header_lengths() {
    let whole = bytes();
    let header = u64::from_le_bytes(whole[..8].try_into().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("absurd.safetensors");
    for length in [
        0,
        1,
        header - 1,
        header + 1,
        whole.len() as u64 - 8,
        whole.len() as u64,
        100_000_000,
        100_000_001,
        1 << 32,
        u64::MAX - 8,
        u64::MAX,
    ] {
        let mut wrong = whole.clone();
        wrong[..8].copy_from_slice(&length.to_le_bytes());
        let (error, text) = refused(&wrong, None);
        assert!(matches!(error, ModelError::Format { .. }), "{length}: {text}");
        fs::write(&path, &wrong).unwrap();
        assert!(matches!(model_file::load(&path, None).unwrap_err(), ModelError::Format { .. }), "{length}");
    }
}

/// The most address space that this process ever had, in bytes.
#[cfg(target_os = "linux")]
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmPeak:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

/// No memory for what a file or a spec only claims.
#[cfg(target_os = "linux")]
#[test]
fn claims_ask_for_no_memory() {
    let before = peak();
    // A spec of a quarter of a gigabyte of parameters in a file of a few hundred bytes.
    let json = r#"{"name":"huge","input":[1,64,64],"layers":[{"type":"flatten"},{"type":"linear","out_features":65000}]}"#;
    let file = file_of(&Vec::new(), Some(spec_metadata(json)));
    assert!(matches!(refused(&file, None).0, ModelError::Missing { .. }));
    // Files as long as they may be that are no models from their first bytes on.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long");
    for start in [&[0xFF; 16][..], &[0; 16], b"\x10\0\0\0\0\0\0\0no model at all"] {
        let mut file = File::create(&path).unwrap();
        file.write_all(start).unwrap();
        file.set_len(MAX_BYTES).unwrap();
        assert!(matches!(model_file::load(&path, None).unwrap_err(), ModelError::Format { .. }));
        file.set_len(MAX_BYTES + 1).unwrap();
        let error = model_file::load(&path, None).unwrap_err();
        assert!(matches!(error, ModelError::TooLong { .. }), "{error}");
        assert!(error.to_string().contains(&(MAX_BYTES + 1).to_string()), "{error}");
    }
    let grown = peak() - before;
    assert!(grown < 512 << 20, "{grown} bytes were asked for");
}

#[test]
fn what_is_no_file_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let error = |path: &Path| {
        let error = model_file::load(path, None).unwrap_err();
        assert!(matches!(error, ModelError::Io { .. }));
        error.to_string()
    };
    assert_eq!(error(folder.path()), format!("{}: is not a regular file", folder.path().display()));
    assert!(error(&folder.path().join("nowhere")).contains("nowhere: "));
    #[cfg(unix)]
    assert_eq!(error(Path::new("/dev/zero")), "/dev/zero: is not a regular file");
}

#[test]
fn a_write_that_fails_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let fails = |path: &Path, network: &Network, word: &str| {
        let text = model_file::save(path, network).unwrap_err().to_string();
        assert!(text.contains(word) && text.contains(&path.display().to_string()), "{text}");
    };
    // A folder stands where the file should.
    let taken = folder.path().join("taken");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("inside"), "kept").unwrap();
    fails(&taken, &network(), "is a folder");
    assert_eq!(fs::read_to_string(taken.join("inside")).unwrap(), "kept");
    // A file stands where a folder should, and nothing does.
    fails(&taken.join("inside").join("m.safetensors"), &network(), "inside");
    fails(&folder.path().join("nowhere").join("m.safetensors"), &network(), "nowhere");
    // A good file is not replaced by one that could not be read.
    let path = folder.path().join("m.safetensors");
    fs::write(&path, "old").unwrap();
    let mut broken = network();
    broken.buffers_mut()[1][1].values_mut()[0] = f32::INFINITY;
    fails(&path, &broken, "the tensor 1.running_var has the value inf at index 0");
    // A file that is to be kept is kept, whoever asks.
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    fails(&path, &network(), "is write-protected");
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(listing(folder.path()), ["m.safetensors", "taken"], "no temporary file is left");
    assert_eq!(listing(&taken), ["inside"]);
}

#[cfg(unix)]
#[test]
fn links_and_permissions_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    // As any other new file.
    File::create(at("plain")).unwrap();
    model_file::save(&at("new.safetensors"), &network()).unwrap();
    assert_eq!(mode(&at("new.safetensors")), mode(&at("plain")));
    // As the one before.
    fs::set_permissions(at("new.safetensors"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink(at("new.safetensors"), at("link")).unwrap();
    model_file::save(&at("link"), &network()).unwrap();
    assert_eq!(mode(&at("new.safetensors")), 0o640);
    assert!(fs::symlink_metadata(at("link")).unwrap().is_symlink());
    assert_eq!(fs::read(at("new.safetensors")).unwrap(), bytes());
    // A device is no place for a model.
    assert!(model_file::save(Path::new("/dev/null"), &network()).is_err());
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}
