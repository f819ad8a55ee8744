
def read(path):
    """A picture file as the network takes it: (1, {picture_dims}), pixels from 0 to 1.

    MNIST has white ink on black. If your digit is dark on white paper, use 1 - read(path).
    """
    image = Image.open(path).convert("{mode}").resize(({width}, {height}))
    pixels = torch.from_numpy(np.array(image)).float() / 255
    return pixels.reshape({height}, {width}, {channels}).permute(2, 0, 1).unsqueeze(0)


if __name__ == "__main__":
    picture = read(sys.argv[1]) if len(sys.argv) > 1 else torch.rand(1, {picture_dims})
