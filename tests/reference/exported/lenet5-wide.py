"""lenet5-wide, a network from ConvLens test, as a PyTorch module.

A picture of 1×28×28 becomes 10 numbers, the logits; their softmax is the probability of each class.

The weights are in the .safetensors file of the same name beside this one. To predict:

    pip install torch safetensors numpy pillow
    python net.py digit.png
"""

import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

WEIGHTS = Path(__file__).with_suffix(".safetensors")


class Net(nn.Sequential):
    """The layers, one after the other. The shapes are those of one image: channels × height × width."""

    def __init__(self):
        super().__init__(
            # 1×32×32
            nn.Conv2d(1, 16, kernel_size=5),   # 0: 16×28×28, 416 parameters
            nn.ReLU(),                         # 1: 16×28×28
            nn.MaxPool2d(2),                   # 2: 16×14×14
            nn.Conv2d(16, 48, kernel_size=5),  # 3: 48×10×10, 19248 parameters
            nn.ReLU(),                         # 4: 48×10×10
            nn.MaxPool2d(2),                   # 5: 48×5×5
            nn.Flatten(),                      # 6: 1200
            nn.Linear(1200, 120),              # 7: 120, 144120 parameters
            nn.ReLU(),                         # 8: 120
            nn.Linear(120, 84),                # 9: 84, 10164 parameters
            nn.ReLU(),                         # 10: 84
            nn.Linear(84, 10),                 # 11: 10, 850 parameters
        )

    def forward(self, picture):
        """(N, 1, 28, 28), pixels from 0 (black) to 1 (white) → (N, 10) logits."""
        x = F.pad(picture, (2, 2, 2, 2))  # 1×32×32
        return super().forward(x)


def load():
    """The network with its trained weights, ready to predict."""
    net = Net()
    net.load_state_dict(load_file(WEIGHTS))
    return net.eval()  # dropout and batch normalisation as they are after training


def read(path):
    """A picture file as the network takes it: (1, 1, 28, 28), pixels from 0 to 1.

    MNIST has white ink on black. If your digit is dark on white paper, use 1 - read(path).
    """
    image = Image.open(path).convert("L").resize((28, 28))
    pixels = torch.from_numpy(np.array(image)).float() / 255
    return pixels.reshape(28, 28, 1).permute(2, 0, 1).unsqueeze(0)


if __name__ == "__main__":
    picture = read(sys.argv[1]) if len(sys.argv) > 1 else torch.rand(1, 1, 28, 28)
    net = load()
    with torch.no_grad():
        probabilities = net(picture).softmax(dim=1)[0]
    for label, probability in enumerate(probabilities.tolist()):
        print(f"{label}: {probability:7.2%}")
