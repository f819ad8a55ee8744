

def load():
    """The model with its trained weights."""
    model, weights = build(), load_file(WEIGHTS)
    for layer in model.layers:
        layer.set_weights([weights[f"{layer.name}.{variable.name}"] for variable in layer.weights])
    return model

