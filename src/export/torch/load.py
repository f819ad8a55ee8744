

def load():
    """The network with its trained weights, ready to predict."""
    net = Net()
    net.load_state_dict(load_file(WEIGHTS))
    return net.eval()  # dropout and batch normalisation as they are after training

