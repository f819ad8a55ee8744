"""Networks as other programs save them, with inputs and the outputs that those programs compute.

Run in this folder with torch, onnx, onnxruntime, keras, h5py and safetensors:  KERAS_BACKEND=torch python generate.py
"""
import inspect
import json
import os
import sys
import types
import zipfile

os.environ["KERAS_BACKEND"] = "torch"
import h5py
import keras
import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import save_file
from torch import nn

CASES = []
VALUES = {}


def case(file, x, y, net=None, words=(), softmax=False):
    """A file whose network, with `net` as its spec if it has none, gives y for x (both NCHW or NC); with softmax, its
    probabilities are y."""
    VALUES[f"{file}/x"] = torch.tensor(np.array(x), dtype=torch.float32).contiguous()
    VALUES[f"{file}/y"] = torch.tensor(np.array(y), dtype=torch.float32).contiguous()
    CASES.append({"file": file, "net": net, "words": list(words), "softmax": softmax})


def refused(file, *words):
    CASES.append({"file": file, "refused": list(words)})


# ---- PyTorch ----

module = types.ModuleType("nets")
sys.modules["nets"] = module


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 3, 3, padding=1)
        self.conv2 = nn.Conv2d(3, 4, 3, bias=False)
        self.bn = nn.BatchNorm2d(4)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(4, 6)
        self.fc2 = nn.Linear(6, 3)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.bn(self.conv2(x))))
        return self.fc2(torch.relu(self.fc1(x.flatten(1))))


Small.__module__ = "nets"
Small.__qualname__ = "Small"
module.Small = Small

SMALL = {
    "name": "small",
    "input": [1, 8, 8],
    "layers": [
        {"type": "conv2d", "out_channels": 3, "kernel_size": 3, "padding": 1},
        {"type": "relu"},
        {"type": "max_pool2d", "kernel_size": 2},
        {"type": "conv2d", "out_channels": 4, "kernel_size": 3, "bias": False},
        {"type": "batch_norm2d"},
        {"type": "relu"},
        {"type": "max_pool2d", "kernel_size": 2},
        {"type": "flatten"},
        {"type": "linear", "out_features": 6},
        {"type": "relu"},
        {"type": "linear", "out_features": 3},
    ],
}


def no_sources(_):
    raise OSError


def settled(net, x):
    """Running statistics other than those of the beginning."""
    net.train()
    with torch.no_grad():
        for _ in range(3):
            net(x * 1.5)
    return net.eval()


def torch_files():
    torch.manual_seed(1)
    x = torch.rand(2, 1, 8, 8)
    net = settled(Small(), x)
    y = net(x).detach()
    state = net.state_dict()
    torch.save(state, "zip.pt")
    case("zip.pt", x, y, SMALL)
    torch.save(state, "legacy.pth", _use_new_zipfile_serialization=False)
    case("legacy.pth", x, y, SMALL)
    torch.save(net, "whole.pt")
    case("whole.pt", x, y, SMALL)
    # Without the sources of the layers, which legacy files carry.
    inspect.getsourcelines = no_sources
    torch.save(net, "whole-legacy.pt", _use_new_zipfile_serialization=False)
    refused("whole-legacy.pt", "PyTorch")
    optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    net(x).sum().backward()
    optimizer.step()
    net.eval()
    y2 = net(x).detach()
    torch.save(
        {"epoch": 3, "optimizer": optimizer.state_dict(), "state_dict": {f"module.{k}": v for k, v in net.state_dict().items()}},
        "nested.pth",
    )
    case("nested.pth", x, y2, SMALL)
    for name, dtype in [("half.pt", torch.float16), ("bf16.pt", torch.bfloat16), ("double.pt", torch.float64)]:
        rounded = {k: v.to(dtype) if v.is_floating_point() else v for k, v in state.items()}
        torch.save(rounded, name)
        other = Small()
        other.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in rounded.items()})
        case(name, x, other.eval()(x).detach(), SMALL, ["float" if dtype == torch.float64 else "16"])
    transposed = dict(state)
    transposed["fc1.weight"] = state["fc1.weight"].t().contiguous().t()
    torch.save(transposed, "transposed.pt")
    # The step of the optimiser changed the tensors of `state`, too.
    case("transposed.pt", x, y2, SMALL)
    # Layers with like shapes whose order is neither that of their names nor that of the alphabet.
    alike = nn.Sequential()
    for name in ["stem", "middle", "end", "again"]:
        alike.add_module(name, nn.Linear(4, 4))
        alike.add_module(name + "_act", nn.Tanh())
    x4 = torch.rand(2, 4)
    torch.save(alike.state_dict(), "alike.pt")
    case("alike.pt", x4, alike(x4).detach(), {
        "name": "alike", "input": [4],
        "layers": [layer for _ in range(4) for layer in ({"type": "linear", "out_features": 4}, {"type": "tanh"})],
    })
    torch.save({"epoch": 1, "lr": 0.1}, "no-tensors.pt")
    refused("no-tensors.pt", "no tensors")
    # Safetensors with names of its own, in half precision.
    net = settled(Small(), x)
    named = {f"model.backbone.{k}": v.to(torch.bfloat16) if v.is_floating_point() else v for k, v in net.state_dict().items()}
    save_file(named, "named.safetensors")
    other = Small()
    other.load_state_dict({k.removeprefix("model.backbone."): v.float() if v.is_floating_point() else v for k, v in named.items()})
    case("named.safetensors", x, other.eval()(x).detach(), SMALL, ["bfloat16"])


# ---- ONNX ----

RNG = np.random.default_rng(2)


def weights(*shape):
    return (RNG.normal(size=shape) * 0.5).astype(np.float32)


def onnx_file(file, nodes, constants, input_shape, opset=13, outputs=("y",), check=True, raw=True, softmax=False):
    graph = helper.make_graph(
        nodes, file.removesuffix(".onnx"),
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", *input_shape])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        [numpy_helper.from_array(v, k) if raw else helper.make_tensor(k, numpy_helper.from_array(v, k).data_type, v.shape, v.flatten().tolist())
         for k, v in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.save(model, file)
    if not check:
        return
    x = RNG.random((2, *input_shape), dtype=np.float32)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    case(file, x, session.run(None, {"x": x})[0], softmax=softmax)


def node(kind, inputs, outputs="y", name=None, **attributes):
    inputs, outputs = inputs.split(), outputs.split()
    inputs = ["" if i == "-" else i for i in inputs]
    return helper.make_node(kind, inputs, outputs, name=name or f"{kind}_{outputs[0]}", **attributes)


def onnx_files():
    c = lambda *v: np.array(v, dtype=np.int64)
    f = lambda *v: np.array(v, dtype=np.float32)
    onnx_file("lenet.onnx", [
        node("Conv", "x w0 b0", "a", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        node("BatchNormalization", "a s b m v", "n", epsilon=1e-3),
        node("Relu", "n", "r"),
        node("MaxPool", "r", "p", kernel_shape=[2, 2], strides=[2, 2]),
        node("Flatten", "p", "f"),
        node("Gemm", "f w1 b1", "g", transB=1),
        node("Dropout", "g", "d"),
        node("Softmax", "d"),
    ], dict(w0=weights(3, 1, 3, 3), b0=weights(3), s=weights(3), b=weights(3), m=weights(3), v=np.abs(weights(3)) + 0.5,
            w1=weights(4, 48), b1=weights(4)), [1, 8, 8], softmax=True)
    # Opset 7: Dropout with its ratio, BatchNormalization with spatial, values as floats instead of bytes.
    onnx_file("opset7.onnx", [
        node("Conv", "x w0", "a", strides=[2, 2], auto_pad="VALID"),
        node("LeakyRelu", "a", "r", alpha=0.2),
        node("AveragePool", "r", "p", kernel_shape=[2, 2], pads=[1, 1, 1, 1]),
        node("Dropout", "p", "d", ratio=0.3),
        node("Reshape", "d shape", "f"),
        node("MatMul", "f w1", "g"),
        node("Add", "g b1", "h"),
        node("Elu", "h", alpha=0.7),
    ], dict(w0=weights(2, 2, 3, 3), shape=c(0, -1), w1=weights(2 * 16, 3), b1=weights(3)), [2, 8, 8], opset=7, raw=False)
    # Same padding with stride 1 is symmetric for odd kernels; the constants come from nodes.
    onnx_file("constants.onnx", [
        node("Constant", "", "w0", value=numpy_helper.from_array(weights(2, 1, 3, 3), "w")),
        node("Conv", "x w0", "a", auto_pad="SAME_UPPER", name="first"),
        node("Sigmoid", "a", "s"),
        node("Identity", "s", "i"),
        node("GlobalAveragePool", "i", "p"),
        node("Flatten", "p", "f", axis=1),
        node("Gemm", "f w1 b1", "g", alpha=0.5, beta=2.0),
        node("Tanh", "g"),
    ], dict(w1=weights(2, 3), b1=weights(3)), [1, 6, 6], opset=18)
    onnx_file("pads.onnx", [
        node("Conv", "x w0 b0", "a", auto_pad="SAME_UPPER", strides=[2, 2], name="strided"),
        node("Relu", "a"),
    ], dict(w0=weights(2, 1, 3, 3), b0=weights(2)), [1, 6, 6])
    onnx_file("more.onnx", [
        node("ConvTranspose", "x w0 b0", "a", strides=[2, 2], output_padding=[1, 1], pads=[1, 1, 1, 1], group=1),
        node("LRN", "a", "l", size=3, alpha=0.01, beta=0.5, bias=1.5),
        node("Softplus", "l", "s"),
        node("ReduceMean", "s", "m", axes=[2, 3], keepdims=0),
        node("Gemm", "m w1 b1", transB=1),
    ], dict(w0=weights(2, 3, 3, 3), b0=weights(3), w1=weights(4, 3), b1=weights(4)), [2, 4, 4])
    onnx_file("silu.onnx", [
        node("Conv", "x w0", "a", group=2, dilations=[2, 2]),
        node("Sigmoid", "a", "s"),
        node("Mul", "a s"),
    ], dict(w0=weights(4, 1, 2, 2)), [2, 5, 5])
    onnx_file("residual.onnx", [
        node("Conv", "x w0", "a", pads=[1, 1, 1, 1], name="/block/conv"),
        node("Add", "a x", name="/block/Add"),
    ], dict(w0=weights(1, 1, 3, 3)), [1, 4, 4], check=False)
    refused("residual.onnx", "/block/Add", "branch")
    onnx_file("concat.onnx", [
        node("Conv", "x w0", "a", name="left"),
        node("Conv", "x w0", "b", name="right"),
        node("Concat", "a b", axis=1, name="join"),
    ], dict(w0=weights(1, 1, 3, 3)), [1, 4, 4], check=False)
    refused("concat.onnx", "right", "branch")
    onnx_file("unknown.onnx", [node("LSTM", "x w0 w0", "y", name="memory")], dict(w0=weights(1, 4, 4)), [4], check=False)
    refused("unknown.onnx", "memory", "LSTM")
    torch.manual_seed(4)
    x = torch.rand(2, 1, 8, 8)
    net = settled(Small(), x)
    torch.onnx.export(net, (x,), "torch.onnx", dynamo=False, input_names=["x"], dynamic_axes={"x": {0: "N"}})
    case("torch.onnx", x, net(x).detach())


# ---- Keras ----

def deflate(file):
    """Keras stores without compression; any zip program may compress."""
    with zipfile.ZipFile(file) as z:
        parts = {name: z.read(name) for name in z.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for name, data in parts.items():
            z.writestr(name, data)


def keras_files():
    L = keras.layers
    keras.utils.set_random_seed(3)

    def first():
        return keras.Sequential([
            keras.Input((8, 6, 1)),
            L.Conv2D(3, 3, padding="same", activation="relu", name="first"),
            L.MaxPooling2D(2),
            L.Conv2D(4, (3, 2), name="second", use_bias=False),
            L.BatchNormalization(epsilon=1e-2, name="norm"),
            L.LeakyReLU(negative_slope=0.1),
            L.Flatten(),
            L.Dropout(0.3),
            L.Dense(5, activation="tanh", name="hidden"),
            L.Dense(3, activation="softmax", name="last"),
        ])

    net = first()
    for layer in net.layers:
        layer.set_weights([w + 0.1 * np.abs(RNG.normal(size=w.shape)).astype(np.float32) for w in layer.get_weights()])
    x = RNG.random((2, 8, 6, 1), dtype=np.float32)
    nchw = lambda v: np.transpose(v, (0, 3, 1, 2)) if v.ndim == 4 else v
    y = net.predict(x, verbose=0)
    net.save("first.keras")
    deflate("first.keras")
    spec = {"name": "first", "input": [1, 8, 6], "layers": [
        {"type": "conv2d", "out_channels": 3, "kernel_size": 3, "padding": 1}, {"type": "relu"},
        {"type": "max_pool2d", "kernel_size": 2},
        {"type": "conv2d", "out_channels": 4, "kernel_size": [3, 2], "bias": False},
        {"type": "batch_norm2d", "eps": 1e-2}, {"type": "leaky_relu", "negative_slope": 0.1},
        {"type": "flatten"}, {"type": "dropout", "p": 0.3},
        {"type": "linear", "out_features": 5}, {"type": "tanh"}, {"type": "linear", "out_features": 3},
    ]}
    case("first.keras", nchw(x), y, softmax=True)
    # Its weights alone, which the test takes out of the file.
    case("model.weights.h5", nchw(x), y, spec, softmax=True)
    # The layout of Keras 2, in HDF5's oldest and newest form.
    for file, libver in [("second.h5", "earliest"), ("second-latest.h5", "latest")]:
        config = {"class_name": "Sequential", "config": {"name": "second", "layers": [
            {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 6, 6, 2], "dtype": "float32", "name": "in"}},
            {"class_name": "DepthwiseConv2D", "config": {"name": "depth", "kernel_size": [3, 3], "strides": [1, 1], "padding": "valid",
                "data_format": "channels_last", "dilation_rate": [1, 1], "activation": "relu", "use_bias": True, "depth_multiplier": 2}},
            {"class_name": "AveragePooling2D", "config": {"name": "pool", "pool_size": [2, 2], "strides": [2, 2], "padding": "valid", "data_format": "channels_last"}},
            {"class_name": "Activation", "config": {"name": "act", "activation": "sigmoid"}},
            {"class_name": "Flatten", "config": {"name": "flat", "data_format": "channels_last"}},
            {"class_name": "Dense", "config": {"name": "dense", "units": 3, "activation": "linear", "use_bias": True}},
        ]}}
        with h5py.File(file, "w", libver=libver) as h:
            h.attrs["keras_version"] = b"2.4.0"
            h.attrs["backend"] = b"tensorflow"
            h.attrs["model_config"] = json.dumps(config).encode()
            g = h.create_group("model_weights")
            values = {"depth": [("depthwise_kernel", weights(3, 3, 2, 2)), ("bias", weights(4))],
                      "dense": [("kernel", weights(16, 3)), ("bias", weights(3))]}
            names = [layer["config"]["name"] for layer in config["config"]["layers"]]
            g.attrs["layer_names"] = [n.encode() for n in names]
            for name in names:
                lg = g.create_group(name)
                lg.attrs["weight_names"] = [f"{name}/{k}:0".encode() for k, _ in values.get(name, [])]
                for k, v in values.get(name, []):
                    lg.create_dataset(f"{name}/{k}:0", data=v)
        if file == "second.h5":
            same = values
        other = keras.Sequential([keras.Input((6, 6, 2)), L.DepthwiseConv2D(3, depth_multiplier=2, activation="relu"), L.AveragePooling2D(2),
                                  L.Activation("sigmoid"), L.Flatten(), L.Dense(3)])
        other.set_weights([v for vs in values.values() for _, v in vs])
        x2 = RNG.random((2, 6, 6, 2), dtype=np.float32)
        case(file, nchw(x2), other.predict(x2, verbose=0))
    # A functional model, same padding with a stride.
    i = keras.Input((6, 6, 1), name="picture")
    o = L.Conv2D(2, 3, strides=2, padding="same", activation="relu", name="strided")(i)
    o = L.GlobalAveragePooling2D()(o)
    o = L.Dense(3, name="out")(o)
    strided = keras.Model(i, o, name="strided")
    strided.save("strided.keras")
    deflate("strided.keras")
    strided.save("strided.h5")
    x3 = RNG.random((2, 6, 6, 1), dtype=np.float32)
    case("strided.keras", nchw(x3), strided.predict(x3, verbose=0))
    case("strided.h5", nchw(x3), strided.predict(x3, verbose=0))
    i = keras.Input((6, 6, 1))
    o = L.Conv2D(1, 3, padding="same", name="way")(i)
    o = L.Add(name="sum")([o, i])
    keras.Model(i, o).save("residual.keras")
    deflate("residual.keras")
    refused("residual.keras", "sum", "branch")


torch_files()
onnx_files()
keras_files()
save_file(VALUES, "values.safetensors")
with open("cases.json", "w") as f:
    json.dump({"cases": CASES}, f, indent=1)
    f.write("\n")
