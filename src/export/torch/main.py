    net = load()
    with torch.no_grad():
        probabilities = net(picture).softmax(dim=1)[0]
    for label, probability in enumerate(probabilities.tolist()):
        print(f"{label}: {probability:7.2%}")
