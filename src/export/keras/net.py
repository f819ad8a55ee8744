"""{name}, a network from ConvLens {version}, as a Keras 3 model.

A picture of {picture} becomes {classes} numbers, the logits; their softmax is the probability of each class.
Keras has the channels last: (N, height, width, channels).
{weights}"""

{imports}{helpers}

def build():
    """The layers, one after the other. The shapes are those of one image: height × width × channels."""
    return keras.Sequential([
        keras.Input(({input_dims})),  # pixels from 0 (black) to 1 (white)
{preprocess}{layers}    ])
