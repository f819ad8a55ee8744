"""What ONNX Runtime, PyTorch and Keras compute with ConvLens's exports, for tests/export.

usage: generate.py [--exported DIR] [--out FILE]
(needs: torch, onnx, onnxruntime, keras, safetensors, numpy)

`cargo test --test export` writes the exports and the pictures of all cases to a folder, whose name the environment variable
CONVLENS_EXPORTED has. Each export is then run, and proof.json stores the CRC-32 of its files and the outputs. A test makes the
exports again and compares both. Every ONNX file is checked by onnx.checker with its shapes inferred, and must say the shape of
every value.
"""
import argparse, importlib.util, json, os, pathlib, subprocess, sys, tempfile

os.environ.setdefault("KERAS_BACKEND", "torch")
import numpy as np, onnx, onnxruntime, torch

HERE = pathlib.Path(__file__).parent


def module(path):
    spec = importlib.util.spec_from_file_location("net", path)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def run_onnx(folder, pictures):
    model = onnx.load(folder / "net.onnx")
    onnx.checker.check_model(model, full_check=True)
    known = {value.name: value for value in [*model.graph.value_info, *model.graph.output]}
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    inferred = {value.name: value for value in [*inferred.graph.value_info, *inferred.graph.output]}
    for node in model.graph.node:
        for name in node.output:
            # Every value has a shape, and it is the one that ONNX infers.
            assert name in known, f"{folder}: {name} has no shape"
            dims = lambda value: [dim.dim_value for dim in value.type.tensor_type.shape.dim][1:]
            assert dims(known[name]) == dims(inferred[name]), (folder, name, dims(known[name]), dims(inferred[name]))
            assert known[name].type.tensor_type.shape.dim[0].dim_param == "batch", (folder, name)
    session = onnxruntime.InferenceSession(folder / "net.onnx", providers=["CPUExecutionProvider"])
    logits, probabilities = session.run(["logits", "probabilities"], {"picture": pictures})
    softmax = torch.softmax(torch.tensor(logits), 1).numpy()
    assert np.abs(probabilities - softmax).max() < 1e-6, folder
    # Any number of images.
    one = session.run(["logits"], {"picture": pictures[:1]})[0]
    assert np.abs(one - logits[:1]).max() < 1e-5, folder
    return logits


def run_torch(folder, pictures):
    with torch.no_grad():
        return module(folder / "net.py").load()(torch.tensor(pictures)).numpy()


def run_keras(folder, pictures):
    import keras
    if pictures.ndim == 4:
        pictures = pictures.transpose(0, 2, 3, 1)
    model = module(folder / "net.keras.py").load()
    # The model can be saved as a whole, with the classes that the file brings along.
    with tempfile.TemporaryDirectory() as saved:
        model.save(f"{saved}/net.keras")
        again = keras.models.load_model(f"{saved}/net.keras")
    logits = keras.ops.convert_to_numpy(again(pictures, training=False))
    return logits


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--exported", help="a folder that the test has written already")
    parser.add_argument("--out", default=HERE / "proof.json")
    args = parser.parse_args()
    folder = pathlib.Path(args.exported or tempfile.mkdtemp())
    if not args.exported:
        command = ["cargo", "test", "--test", "export", "exports_are_written"]
        subprocess.run(command, check=True, env=os.environ | {"CONVLENS_EXPORTED": str(folder)}, cwd=HERE)
    proofs, worst = {}, {}
    runs = {"onnx": ("net.onnx", run_onnx), "torch": ("net.py", run_torch), "keras": ("net.keras.py", run_keras)}
    for case in json.loads((folder / "cases.json").read_text()):
        pictures = np.array(case["pictures"], np.float32).reshape(case["shape"])
        outputs = {}
        for program, (file, run) in runs.items():
            if file not in case["files"]:
                continue
            logits = run(folder / case["name"], pictures).reshape(-1)
            outputs[program] = [float(str(value)) for value in logits.astype(np.float32)]
            ours = np.array(case["logits"], np.float32)
            assert ours.shape == logits.shape, (case["name"], program, ours.shape, logits.shape)
            difference = float((np.abs(logits - ours) / np.maximum(1, np.abs(ours))).max())
            worst[program] = max(worst.get(program, (0, "")), (difference, case["name"]))
            if difference > 1e-5:
                print(f"{case['name']} {program}: differs by {difference}", file=sys.stderr)
        proofs[case["name"]] = {"files": case["files"], "outputs": outputs}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(proof)}" for name, proof in sorted(proofs.items()))
    pathlib.Path(args.out).write_text("{\n" + lines + "\n}\n")
    for name in ["lenet5-wide"]:
        for file in ["net.py", "net.keras.py"]:
            (HERE / file.replace("net", name)).write_bytes((folder / name / file).read_bytes())
    print(len(proofs), "cases; largest differences:", worst)


if __name__ == "__main__":
    main()
