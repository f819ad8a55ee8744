
if __name__ == "__main__":
    picture = np.random.rand(1, {input_dims})
