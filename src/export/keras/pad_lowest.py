

@keras.saving.register_keras_serializable("convlens")
class PadLowest(layers.Layer):
    """Pads height and width with the lowest number, which no maximum is."""

    def __init__(self, rows, columns, **kwargs):
        super().__init__(**kwargs)
        self.rows, self.columns = tuple(rows), tuple(columns)

    def call(self, x):
        return ops.pad(x, ((0, 0), self.rows, self.columns, (0, 0)), constant_values=-3.0e38)

    def get_config(self):
        return super().get_config() | {"rows": self.rows, "columns": self.columns}
