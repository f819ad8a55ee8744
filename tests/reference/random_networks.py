"""Random networks with unusual settings, computed by PyTorch in float64 and stored as float32.

usage: random_networks.py [--seed 0] [--count 30] [--out DIR]     (needs: torch, safetensors, numpy)

Writes random_networks.json, the networks as specs, and random_networks.safetensors. Tensor names are `<number>/<what>`:
  x, labels                the batch
  initial.<name>           parameters and buffers, named as in PyTorch's state_dict
  activation.<layer>       in training mode
  grad.<name>, grad.input, grad.output   of the mean cross-entropy in training mode, for parameters, input and last layer
  eval                     the last layer's output in evaluation mode, with the initial buffers
"""
import argparse, copy, json, os, random, torch, torch.nn as nn, torch.nn.functional as F
from safetensors.torch import save_file

BATCH, CLASSES, MOST = 3, 4, 120  # MOST: values of a layer's output for one image

CLASSES_OF = dict(
    conv2d=nn.Conv2d, conv_transpose2d=nn.ConvTranspose2d, max_pool2d=nn.MaxPool2d, avg_pool2d=nn.AvgPool2d, adaptive_avg_pool2d=nn.AdaptiveAvgPool2d,
    adaptive_max_pool2d=nn.AdaptiveMaxPool2d, zero_pad2d=nn.ZeroPad2d, upsample=nn.Upsample, linear=nn.Linear, flatten=nn.Flatten, relu=nn.ReLU,
    leaky_relu=nn.LeakyReLU, prelu=nn.PReLU, sigmoid=nn.Sigmoid, tanh=nn.Tanh, softplus=nn.Softplus, gelu=nn.GELU, silu=nn.SiLU, elu=nn.ELU,
    dropout=nn.Dropout, dropout2d=nn.Dropout2d, local_response_norm=nn.LocalResponseNorm, batch_norm2d=nn.BatchNorm2d, batch_norm1d=nn.BatchNorm1d,
    layer_norm=nn.LayerNorm, group_norm=nn.GroupNorm, channel_shuffle=nn.ChannelShuffle)
INFERRED = ("in_channels", "in_features", "num_features", "num_channels")  # left out of the specs

def divisors(n): return [d for d in range(1, n + 1) if n % d == 0]

class Draw:
    """Settings of random layers, which may not fit."""
    def __init__(self, seed): self.r = random.Random(seed)
    def pick(self, *values): return self.r.choice(values)
    def pair(self, low, high): return [self.r.randint(low, high), self.r.randint(low, high)]

    def conv2d(self, c, h, w):
        groups = self.pick(1, 1, *divisors(c)); s = dict(in_channels=c, out_channels=groups * self.r.randint(1, 2), kernel_size=self.pair(1, 4), stride=self.pair(1, 2),
            padding=self.pair(0, 2), dilation=self.pair(1, 2), groups=groups, bias=self.pick(True, True, False), padding_mode=self.pick("zeros", "reflect", "replicate", "circular"))
        if self.pick(True, False, False): s["padding"], s["stride"] = "same", [1, 1]
        return s
    def conv_transpose2d(self, c, h, w):
        groups = self.pick(1, 1, *divisors(c))
        return dict(in_channels=c, out_channels=groups * self.r.randint(1, 2), kernel_size=self.pair(1, 3), stride=self.pair(1, 2), padding=self.pair(0, 1),
                    output_padding=self.pair(0, 1), dilation=self.pair(1, 2), groups=groups)
    def max_pool2d(self, c, h, w):
        k = self.pair(1, 4)
        return dict(kernel_size=k, stride=self.pair(1, 3), padding=[self.r.randint(0, k[0] // 2), self.r.randint(0, k[1] // 2)], dilation=self.pick([1, 1], [1, 1], [2, 1], [1, 2]), ceil_mode=self.pick(True, False))
    def avg_pool2d(self, c, h, w):
        k = self.pair(1, 4); s = dict(kernel_size=k, stride=self.pair(1, 3), padding=[self.r.randint(0, k[0] // 2), self.r.randint(0, k[1] // 2)], ceil_mode=self.pick(True, False), count_include_pad=self.pick(True, False))
        if self.pick(True, False, False): s["divisor_override"] = self.r.randint(1, 5)
        return s
    def adaptive_avg_pool2d(self, c, h, w): return dict(output_size=self.pair(1, 5))
    def adaptive_max_pool2d(self, c, h, w): return dict(output_size=self.pair(1, 5))
    def zero_pad2d(self, c, h, w): return dict(padding=[self.r.randint(0, 2) for _ in range(4)])
    def upsample(self, c, h, w):
        s = dict(size=self.pair(2, 7)) if self.pick(True, False) else dict(scale_factor=self.pick(0.75, 1.3, 1.5, 2.0))
        s["mode"] = self.pick("nearest", "bilinear")
        if s["mode"] == "bilinear": s["align_corners"] = self.pick(True, False)
        return s
    def dropout(self, *_): return dict(p=0.0)
    def dropout2d(self, *_): return dict(p=0.0)
    def local_response_norm(self, *_): return dict(size=self.pick(1, 2, 3, 5), alpha=self.pick(0.1, 1.0), beta=self.pick(0.5, 0.75), k=self.pick(1.0, 2.0))
    def batch_norm2d(self, c, h, w): return dict(num_features=c, eps=self.pick(1e-5, 1e-2), momentum=self.pick(0.1, 0.4))
    def batch_norm1d(self, c): return dict(num_features=c, eps=self.pick(1e-5, 1e-2), momentum=self.pick(0.1, 0.4))
    def layer_norm(self, *shape): return dict(normalized_shape=list(shape[self.r.randrange(len(shape)):]), eps=self.pick(1e-5, 1e-2), elementwise_affine=self.pick(True, True, False), bias=self.pick(True, False))
    def group_norm(self, c, *_): return dict(num_groups=self.pick(*divisors(c)), num_channels=c, eps=self.pick(1e-5, 1e-2), affine=self.pick(True, True, False))
    def channel_shuffle(self, c, h, w): return dict(groups=self.pick(*divisors(c)))
    def prelu(self, c, *_): return dict(num_parameters=self.pick(1, c), init=self.pick(0.25, -0.5))
    def leaky_relu(self, *_): return dict(negative_slope=self.pick(0.01, 0.3))
    def softplus(self, *_): return dict(beta=self.pick(1.0, 2.5), threshold=self.pick(20.0, 1.5))
    def gelu(self, *_): return dict(approximate=self.pick("none", "tanh"))
    def elu(self, *_): return dict(alpha=self.pick(1.0, 0.5))
    def linear(self, c): return dict(in_features=c, out_features=self.r.randint(3, 7), bias=self.pick(True, False))
    def relu(self, *_): return {}
    sigmoid = tanh = silu = flatten = relu

    def kind(self, shape):
        both = ["prelu", "layer_norm", "group_norm"] + [self.pick("relu", "leaky_relu", "sigmoid", "tanh", "softplus", "gelu", "silu", "elu") for _ in range(2)]
        if len(shape) == 1: return self.pick("linear", "linear", "batch_norm1d", "dropout", *both)
        windows = ["conv2d"] * 4 + ["conv_transpose2d", "max_pool2d", "avg_pool2d", "adaptive_avg_pool2d", "adaptive_max_pool2d", "zero_pad2d", "upsample"] * 2
        return self.pick(*windows, "dropout2d", "local_response_norm", "batch_norm2d", "channel_shuffle", *both)

def make(kind, s):
    return CLASSES_OF[kind](**{n: tuple(v) if isinstance(v, list) else v for n, v in s.items()}).double()

def network(draw):
    """(specs, modules) of a random network, and the shape of its input."""
    shape = draw.pick([1, 6, 5], [2, 5, 6], [3, 4, 5], [4, 5, 4], [2, 7, 7]); first = shape
    specs, modules, maps, vectors = [], [], draw.r.randint(3, 6), draw.r.randint(0, 3)
    def add(kind, s):
        nonlocal shape
        try:
            m = make(kind, s)
            with torch.no_grad(): y = m(torch.randn(BATCH, *shape, dtype=torch.float64))
        except (RuntimeError, ValueError): return False
        if y[0].numel() > MOST or y[0].numel() < 1 or not torch.isfinite(y).all(): return False
        if kind.startswith("batch_norm") and y.numel() // s["num_features"] < 2: return False
        specs.append(dict(type=kind, **{n: v for n, v in s.items() if n not in INFERRED})); modules.append(m); shape = list(y.shape[1:])
        return True
    while len(modules) < maps: kind = draw.kind(shape); add(kind, getattr(draw, kind)(*shape))
    add("flatten", {})
    while len(modules) < maps + 1 + vectors: kind = draw.kind(shape); add(kind, getattr(draw, kind)(*shape))
    add("linear", dict(in_features=shape[0], out_features=CLASSES))
    return first, specs, nn.Sequential(*modules)

def passes(net, x, labels):
    """All values of a pass in evaluation and one in training with its gradients, by name."""
    net.eval(); t = {"eval": net(x)}; net.train()
    before = {n: b.clone() for n, b in net.named_buffers()}
    h = x
    for i, layer in enumerate(net): h = layer(h); t[f"activation.{i}"] = h
    h.retain_grad(); F.cross_entropy(h, labels).backward()
    for n, b in net.named_buffers(): b.copy_(before[n])
    t.update({f"grad.{n}": p.grad for n, p in net.named_parameters()}); t["grad.input"], t["grad.output"] = x.grad, h.grad
    return {n: v.detach().clone() for n, v in t.items()}

def is_determined(net, x, labels, expected):
    """Whether single precision gives the same values to a fifth of what the test allows, so that no rounding decides them."""
    single_net = copy.deepcopy(net).float(); single_net.zero_grad()
    found = passes(single_net, x.detach().float().requires_grad_(), labels)
    largest = max(v.abs().max() for n, v in expected.items() if n.startswith("grad"))
    def error(n, v): return ((found[n] - v).abs() / (1e-4 * v.abs().clamp(min=max(v.abs().max(), largest if n.startswith("grad") else 0) / 100))).max()
    return all(error(n, v) < 0.2 for n, v in expected.items())

if __name__ == "__main__":
    a = argparse.ArgumentParser(); a.add_argument("--seed", type=int, default=0); a.add_argument("--count", type=int, default=30)
    a.add_argument("--out", default=os.path.dirname(os.path.abspath(__file__))); a = a.parse_args()
    torch.manual_seed(a.seed); draw = Draw(a.seed); index, t = [], {}
    while len(index) < a.count:
        number = len(index); shape, specs, net = network(draw)
        x = torch.randn(BATCH, *shape, dtype=torch.float64).float().double().requires_grad_(); labels = torch.randint(CLASSES, (BATCH,))
        for p in net.parameters(): p.data = torch.randn_like(p).mul(0.7).float().double()
        for n, b in net.named_buffers():
            if n.endswith("running_mean"): b.copy_(torch.randn_like(b).mul(0.5).float())
            if n.endswith("running_var"): b.copy_(torch.rand_like(b).add(0.5).float())
        values = passes(net, x, labels)
        if not is_determined(net, x, labels, values): continue
        t.update({f"{number}/initial.{n}": p.clone() for n, p in net.state_dict().items() if not n.endswith("num_batches_tracked")})
        t.update({f"{number}/{n}": v for n, v in values.items()}); t[f"{number}/x"], t[f"{number}/labels"] = x.detach(), labels
        index.append(dict(input=shape, layers=specs))
    save_file({n: (v if v.dtype == torch.int64 else v.float()).contiguous() for n, v in t.items()}, os.path.join(a.out, "random_networks.safetensors"))
    with open(os.path.join(a.out, "random_networks.json"), "w") as f:
        f.write('{"torch": "%s", "cases": [\n' % torch.__version__.split("+")[0] + ",\n".join(json.dumps(case) for case in index) + "\n]}\n")
