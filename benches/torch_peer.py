#!/usr/bin/env python3
"""The presets in PyTorch on the CPU: the other side of `convlens bench`.

usage: torch_peer.py [--threads N] [--seconds F] [--net NAME ...] [--list]      (needs PyTorch: pip install torch)

Prints a JSON object a network with the keys of `convlens bench --json`. Images and labels are random, and the loss is
read after every step, as a program that plots it must.
"""
import argparse
import json
import statistics
import time

import torch
from torch import nn

PASSES, PASSES_NOT_COUNTED, WARM_UP = 300, 20, 5


def build(text):
    """A network from a line: `c30,5` a convolution (`c30,5,2` with padding), `p2` max pooling (`p3,2` with a stride),
    `l100` a fully connected layer, `d` dropout, `n` local response normalisation, `r` `s` `t` activations, `f` flatten."""
    plain = {"r": nn.ReLU, "s": nn.Sigmoid, "t": nn.Tanh, "f": nn.Flatten, "d": nn.Dropout}
    layers = []
    for word in text.split():
        kind, numbers = word[0], [int(n) for n in word[1:].split(",") if n]
        if kind == "c":
            filters, size, padding = (*numbers, 0)[:3]
            layers.append(nn.LazyConv2d(filters, size, padding=padding))
        elif kind == "p":
            layers.append(nn.MaxPool2d(*numbers))
        elif kind == "l":
            layers.append(nn.LazyLinear(*numbers))
        elif kind == "n":
            layers.append(nn.LocalResponseNorm(5, 1e-4, 0.75, 2.0))
        else:
            layers.append(plain[kind]())
    return nn.Sequential(*layers)


# name: layers, side of the image, batch, optimiser; what `convlens bench` takes too
NETS = {
    "lenet5-relu": ("c6,5 r p2 c16,5 r p2 f l120 r l84 r l10", 32, 64, "momentum"),
    "lenet5": ("c6,5 s p2 c16,5 s p2 f l120 s l84 s l10", 28, 64, "momentum"),
    "simple-conv-net": ("c30,5 r p2 f l100 r l10", 28, 100, "adam"),
    "mlp-5": ("f l100 r l100 r l100 r l100 r l10", 28, 100, "momentum"),
    "cnn-5": ("c16,3,1 r p2 c32,3,1 r p2 c64,3,1 r f l100 r l10", 28, 100, "momentum"),
    "two-conv-cnn": ("c32,3,1 r p2 c64,3,1 r p2 f l1024 r l512 r l10", 28, 64, "momentum"),
    "three-conv": ("c32,3 r c128,3 r c512,3 r f l10", 32, 4, "momentum"),
    "keras-tanh-cnn": ("c4,5 t c8,3 t p2 c16,3 r p2 f l128 t l10", 28, 100, "nesterov"),
    "alexnet-mini": ("c32,5,2 r n p3,2 c64,3,1 r n p3,2 c96,3,1 r f d l256 r d l10", 28, 100, "momentum"),
}


def measure(name, seconds):
    layers, side, batch, kind = NETS[name]
    images, labels = torch.rand(batch, 1, side, side), torch.randint(10, (batch,))
    net = build(layers)
    net(images)  # fixes the lazy layers' shapes
    if kind == "adam":
        optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)
    else:
        optimiser = torch.optim.SGD(net.parameters(), lr=1e-2, momentum=0.9, nesterov=kind == "nesterov")

    def step():
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(net(images), labels)
        loss.backward()
        optimiser.step()
        return loss.item()

    for _ in range(WARM_UP):
        step()
    steps, begun = 0, time.perf_counter()
    while steps == 0 or time.perf_counter() - begun < seconds:
        step()
        steps += 1
    rate = steps * batch / (time.perf_counter() - begun)

    net.eval()
    times = []
    with torch.inference_mode():
        for _ in range(PASSES_NOT_COUNTED + PASSES):
            begun = time.perf_counter()
            net(images[:1])
            times.append(time.perf_counter() - begun)
    forward1 = statistics.median(times[PASSES_NOT_COUNTED:])
    return {
        "net": name,
        "batch": batch,
        "threads": torch.get_num_threads(),
        "train_images_per_s": round(rate, 1),
        "forward1_us": round(forward1 * 1e6, 1),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--net", nargs="+", choices=NETS, default=list(NETS), metavar="NAME")
    parser.add_argument("--list", action="store_true", help="print the networks' names and measure nothing")
    options = parser.parse_args()
    if options.list:
        print("\n".join(NETS))
        return
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    for name in options.net:
        print(json.dumps(measure(name, options.seconds)), flush=True)


if __name__ == "__main__":
    main()
