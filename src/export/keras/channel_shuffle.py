

@keras.saving.register_keras_serializable("convlens")
class ChannelShuffle(layers.Layer):
    """The channels as a matrix (groups, channels / groups), transposed."""

    def __init__(self, groups, **kwargs):
        super().__init__(**kwargs)
        self.groups = groups

    def call(self, x):
        _, height, width, channels = x.shape
        matrix = ops.reshape(x, (-1, height, width, self.groups, channels // self.groups))
        return ops.reshape(ops.transpose(matrix, (0, 1, 2, 4, 3)), (-1, height, width, channels))

    def get_config(self):
        return super().get_config() | {"groups": self.groups}
