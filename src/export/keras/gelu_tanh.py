

@keras.saving.register_keras_serializable("convlens")
class GeluTanh(layers.Layer):
    """GELU by its approximation with tanh."""

    def call(self, x):
        return keras.activations.gelu(x, approximate=True)
