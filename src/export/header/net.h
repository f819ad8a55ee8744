/* {name}, a network from ConvLens {version}, as constants for C.
 *
 * Input: a picture of {picture} (channels, height, width), pixels from 0 (black) to 1 (white){preprocess}.
 * Output: {classes} logits; the largest is the answer, and their softmax is the probability of each class.
 *
 * The layers, in order, with the shape of their output:
{list} *
 * Weights have PyTorch's order, the last index the fastest: of conv2d (filter, channel, row, column), of linear (output,
 * input). {values} numbers, {kilobytes} KB.
 */
#ifndef CONVLENS_NET_H
#define CONVLENS_NET_H

#define NET_CHANNELS {channels}
#define NET_HEIGHT {height}
#define NET_WIDTH {width}
#define NET_CLASSES {classes}
#define NET_PAD {pad}
#define NET_MEAN {mean}f
#define NET_STD {std}f
