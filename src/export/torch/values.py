
if __name__ == "__main__":
    picture = torch.rand(1, {picture_dims})
