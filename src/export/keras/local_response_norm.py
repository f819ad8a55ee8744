

@keras.saving.register_keras_serializable("convlens")
class LocalResponseNorm(layers.Layer):
    """x / (k + alpha / size · Σ x²) ** beta, the sum over `size` neighbouring channels."""

    def __init__(self, size, alpha, beta, k, **kwargs):
        super().__init__(**kwargs)
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def call(self, x):
        channels, before, after = x.shape[-1], self.size // 2, (self.size - 1) // 2
        squares = ops.pad(x * x, ((0, 0), (0, 0), (0, 0), (before, after)))
        total = sum(squares[..., i : i + channels] for i in range(self.size))
        return x / ops.power(self.k + self.alpha / self.size * total, self.beta)

    def get_config(self):
        return super().get_config() | {"size": self.size, "alpha": self.alpha, "beta": self.beta, "k": self.k}
