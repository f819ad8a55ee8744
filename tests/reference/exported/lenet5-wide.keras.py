"""lenet5-wide, a network from ConvLens test, as a Keras 3 model.

A picture of 28×28×1 becomes 10 numbers, the logits; their softmax is the probability of each class.
Keras has the channels last: (N, height, width, channels).

The weights are in the .keras.safetensors file of the same name beside this one. To predict:

    pip install keras torch safetensors numpy pillow
    KERAS_BACKEND=torch python net.keras.py digit.png
"""

import sys
from pathlib import Path

import keras
import numpy as np
from keras import layers, ops
from PIL import Image
from safetensors.numpy import load_file

WEIGHTS = Path(__file__).with_suffix(".safetensors")


def build():
    """The layers, one after the other. The shapes are those of one image: height × width × channels."""
    return keras.Sequential([
        keras.Input((28, 28, 1)),  # pixels from 0 (black) to 1 (white)
        layers.ZeroPadding2D(2),  # 32×32×1
        layers.Conv2D(16, 5, name="conv2d_0"),  # 0: 28×28×16, 416 parameters
        layers.ReLU(),                          # 1: 28×28×16
        layers.MaxPooling2D(2),                 # 2: 14×14×16
        layers.Conv2D(48, 5, name="conv2d_3"),  # 3: 10×10×48, 19248 parameters
        layers.ReLU(),                          # 4: 10×10×48
        layers.MaxPooling2D(2),                 # 5: 5×5×48
        layers.Flatten(),                       # 6: 1200
        layers.Dense(120, name="linear_7"),     # 7: 120, 144120 parameters
        layers.ReLU(),                          # 8: 120
        layers.Dense(84, name="linear_9"),      # 9: 84, 10164 parameters
        layers.ReLU(),                          # 10: 84
        layers.Dense(10, name="linear_11"),     # 11: 10, 850 parameters
    ])


def load():
    """The model with its trained weights."""
    model, weights = build(), load_file(WEIGHTS)
    for layer in model.layers:
        layer.set_weights([weights[f"{layer.name}.{variable.name}"] for variable in layer.weights])
    return model


def read(path):
    """A picture file as the model takes it: (1, 28, 28, 1), pixels from 0 to 1.

    MNIST has white ink on black. If your digit is dark on white paper, use 1 - read(path).
    """
    image = Image.open(path).convert("L").resize((28, 28))
    return np.array(image, np.float32).reshape(1, 28, 28, 1) / 255


if __name__ == "__main__":
    picture = read(sys.argv[1]) if len(sys.argv) > 1 else np.random.rand(1, 28, 28, 1)
    probabilities = ops.convert_to_numpy(ops.softmax(load()(picture)))[0]
    for label, probability in enumerate(probabilities.tolist()):
        print(f"{label}: {probability:7.2%}")
