//! Specs from damaged or malicious files cause errors, never panics.

use convlens::nn::{LayerSpec, Network, NetworkSpec, Shape};

/// A spec with every layer type of the registry once.
fn full_spec() -> String {
    let mut examples = LayerSpec::examples();
    examples.dedup_by_key(|(spec, _)| spec.type_name());
    let layers: Vec<String> = examples.iter().map(|(spec, _)| serde_json::to_string(spec).unwrap()).collect();
    format!(
        r#"{{"name":"full","input":[1,28,28],"preprocess":{{"mean":0.5,"std":0.5,"pad":2}},"layers":[{}]}}"#,
        layers.join(",")
    )
}

/// Parses `bytes`. A spec that is accepted must run.
fn read(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Err(error) = NetworkSpec::from_json(&text) {
        let message = error.to_string();
        assert!(!message.is_empty() && !message.contains('\n'), "one line: {message}");
    }
}

#[test]
fn truncation_at_every_offset() {
    let spec = full_spec();
    for end in 0..spec.len() {
        read(&spec.as_bytes()[..end]);
    }
}

#[test]
fn flips_of_every_byte() {
    let spec = full_spec().into_bytes();
    for at in 0..spec.len() {
        for flip in [0x01, 0x02, 0x10, 0x20, 0x80, 0xff] {
            let mut bytes = spec.clone();
            bytes[at] ^= flip;
            read(&bytes);
        }
    }
}

#[test]
fn every_number_made_absurd() {
    let spec = full_spec();
    let starts = spec.char_indices().filter(|&(i, c)| {
        c.is_ascii_digit() && !spec[..i].ends_with(|p: char| p.is_ascii_digit() || p == '.' || p == 'd')
    });
    for (start, _) in starts {
        let rest = spec[start..].trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        for absurd in [
            "0",
            "-1",
            "1e300",
            "0.5",
            "null",
            "[]",
            "4096",
            "65536",
            "268435456",
            "4294967296",
            "18446744073709551615",
        ] {
            read(format!("{}{absurd}{rest}", &spec[..start]).as_bytes());
        }
    }
}

/// Every layer type with huge settings and inputs is refused before anything is allocated.
#[test]
fn huge_settings_are_refused_before_allocation() {
    let huge = [1, 4096, 65536, 1 << 20, 1 << 28, 1 << 40, usize::MAX];
    for (spec, _) in LayerSpec::examples() {
        let text = serde_json::to_value(&spec).unwrap();
        let keys: Vec<String> = text.as_object().unwrap().keys().cloned().collect();
        for key in keys.iter().filter(|&key| key != "type") {
            for value in huge {
                let mut changed = text.clone();
                changed[key] = value.into();
                let Ok(layer) = serde_json::from_value::<LayerSpec>(changed) else { continue };
                for input in
                    [Shape::maps(1, 1, 1), Shape::maps(1 << 14, 1 << 7, 1 << 7), Shape::Vector(1 << 28)]
                {
                    let spec = NetworkSpec {
                        name: "huge".into(),
                        input,
                        preprocess: convlens::nn::Preprocess::default(),
                        layers: vec![layer.clone()],
                        class_names: convlens::text::ClassNames::default(),
                    };
                    let _ = spec.build();
                }
            }
        }
    }
}

#[test]
fn accepted_specs_run_in_bounded_memory() {
    // Few parameters, but an im2col matrix of 64 GiB.
    let json = r#"{"name":"n","input":[1,4096,4096],"layers":[{"type":"conv_transpose2d","out_channels":1,"kernel_size":32}]}"#;
    let message = NetworkSpec::from_json(json).unwrap_err().to_string();
    assert!(message.contains("layer 0 (conv_transpose2d)"), "{message}");
    assert!(Network::zeros(NetworkSpec::from_json(&json.replace("4096", "64")).unwrap()).is_ok());
    // A large kernel and many filters, each of which fits: stored offsets must not grow with both.
    let json = r#"{"name":"n","input":[1,512,512],"layers":[{"type":"conv2d","out_channels":65536,"kernel_size":512}]}"#;
    assert!(NetworkSpec::from_json(json).unwrap_err().to_string().contains("parameters"));
    // Each activation fits, but not all together.
    let layers = vec![r#"{"type":"relu"}"#; 200].join(",");
    let json = format!(r#"{{"name":"n","input":[1,4096,4096],"layers":[{layers}]}}"#);
    assert!(NetworkSpec::from_json(&json).unwrap_err().to_string().contains("activations"));
}
