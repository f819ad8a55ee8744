    probabilities = ops.convert_to_numpy(ops.softmax(load()(picture)))[0]
    for label, probability in enumerate(probabilities.tolist()):
        print(f"{label}: {probability:7.2%}")
