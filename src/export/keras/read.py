
def read(path):
    """A picture file as the model takes it: (1, {input_dims}), pixels from 0 to 1.

    MNIST has white ink on black. If your digit is dark on white paper, use 1 - read(path).
    """
    image = Image.open(path).convert("{mode}").resize(({width}, {height}))
    return np.array(image, np.float32).reshape(1, {input_dims}) / 255


if __name__ == "__main__":
    picture = read(sys.argv[1]) if len(sys.argv) > 1 else np.random.rand(1, {input_dims})
