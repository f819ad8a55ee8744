"""{name}, a network from ConvLens {version}, as a PyTorch module.

A picture of {picture} becomes {classes} numbers, the logits; their softmax is the probability of each class.
{weights}"""

{imports}

class Net(nn.Sequential):
    """The layers, one after the other. The shapes are those of one image: channels × height × width."""

    def __init__(self):
        super().__init__(
            # {input}
{layers}        )

    def forward(self, picture):
        """(N, {picture_dims}), pixels from 0 (black) to 1 (white) → (N, {classes}) logits."""
{forward}
