//! Convolution and pooling against seven plain loops in f64, over a table of geometries.

use crate::support::{assert_close, run};
use convlens::nn::{
    LayerSpec, Pair, Shape, Tensor,
    layers::{AvgPool2d, Conv2d, MaxPool2d},
};
use ndarray::{ArrayD, Axis};
use std::iter;

const fn pair(h: usize, w: usize) -> Pair {
    Pair { h, w }
}

/// (images, input, settings)
fn convolutions() -> Vec<(usize, Shape, Conv2d)> {
    let plain = Conv2d::new(3, 3);
    vec![
        (1, Shape::maps(1, 5, 5), plain),
        (2, Shape::maps(3, 6, 7), plain.padded(1)),
        (3, Shape::maps(2, 8, 9), Conv2d { stride: pair(2, 3), ..plain }),
        (4, Shape::maps(2, 9, 8), Conv2d { kernel_size: pair(5, 2), padding: pair(2, 1).into(), ..plain }),
        (5, Shape::maps(2, 9, 11), Conv2d { dilation: pair(2, 3), padding: pair(0, 4).into(), ..plain }),
        (2, Shape::maps(4, 5, 5), Conv2d { groups: 2, out_channels: 6, ..plain }),
        (3, Shape::maps(4, 5, 4), Conv2d { groups: 4, out_channels: 8, bias: false, ..plain }),
        (2, Shape::maps(5, 3, 4), Conv2d::new(2, 1)),
        (3, Shape::maps(2, 4, 6), Conv2d { kernel_size: pair(4, 6), ..plain }),
        (2, Shape::maps(2, 7, 9), Conv2d { kernel_size: pair(2, 1), stride: pair(3, 4), ..plain }),
        (1, Shape::maps(1, 1, 1), Conv2d::new(1, 1)),
        (4, Shape::maps(1, 1, 1), plain.padded(1)),
        (2, Shape::maps(1, 2, 2), Conv2d { padding: pair(5, 4).into(), ..plain }),
        (
            5,
            Shape::maps(6, 9, 8),
            Conv2d {
                out_channels: 4,
                kernel_size: pair(3, 2),
                stride: pair(2, 1),
                padding: pair(2, 1).into(),
                dilation: pair(2, 3),
                groups: 2,
                ..plain
            },
        ),
    ]
}

/// (images, input, settings)
fn poolings() -> Vec<(usize, Shape, MaxPool2d)> {
    let plain = MaxPool2d::new(2);
    let padded = MaxPool2d { padding: pair(1, 1), ..MaxPool2d::strided(3, 2) };
    vec![
        (1, Shape::maps(1, 4, 4), plain),
        (2, Shape::maps(3, 5, 7), plain),
        (3, Shape::maps(2, 7, 6), MaxPool2d { stride: pair(2, 1), ..padded }),
        (4, Shape::maps(2, 9, 5), MaxPool2d { kernel_size: pair(4, 1), padding: pair(2, 0), ..plain }),
        (5, Shape::maps(1, 8, 8), MaxPool2d { stride: pair(3, 5), ..plain }),
        (2, Shape::maps(2, 5, 3), MaxPool2d { kernel_size: pair(5, 3), stride: pair(1, 1), ..plain }),
        (3, Shape::maps(2, 1, 1), MaxPool2d::new(1)),
        (2, Shape::maps(2, 5, 7), MaxPool2d { ceil_mode: true, ..plain }),
        (1, Shape::maps(1, 6, 8), MaxPool2d { ceil_mode: true, ..padded }),
        (2, Shape::maps(1, 9, 8), MaxPool2d { dilation: pair(2, 3), ..padded }),
    ]
}

/// Distinct values in −1…1 without an order that a window could follow.
fn spread(n: usize, seed: usize) -> Vec<f32> {
    let prime = 7919;
    assert!(n < prime);
    (0..n).map(|i| ((i + seed) * 1237 % prime) as f32 / (prime / 2) as f32 - 1.0).collect()
}

/// `n` images of this shape with [`spread`] values.
fn batch(n: usize, shape: Shape, seed: usize) -> Tensor {
    let shape: Vec<usize> = iter::once(n).chain(shape.dims()).collect();
    Tensor::new(&shape, &spread(shape.iter().product(), seed)).unwrap()
}

/// The geometry of windows over an input.
struct Sweep {
    channels: usize,
    height: usize,
    width: usize,
    out_height: usize,
    out_width: usize,
    kernel: Pair,
    stride: Pair,
    padding: Pair,
    dilation: Pair,
}

impl Sweep {
    fn new(input: Shape, output: Shape, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair) -> Self {
        let (channels, height, width) = input.as_maps();
        let (_, out_height, out_width) = output.as_maps();
        Self { channels, height, width, out_height, out_width, kernel, stride, padding, dilation }
    }

    /// The input cell (row, column) of kernel element (ky, kx) of the window at (oy, ox); `None` in the padding.
    fn cell(&self, oy: usize, ox: usize, ky: usize, kx: usize) -> Option<(usize, usize)> {
        let y = (oy * self.stride.h + ky * self.dilation.h).checked_sub(self.padding.h)?;
        let x = (ox * self.stride.w + kx * self.dilation.w).checked_sub(self.padding.w)?;
        (y < self.height && x < self.width).then_some((y, x))
    }
}

/// Seven loops: image, filter, output row and column, input channel, kernel row and column.
///
/// `visit(input index, weight index, output index)`, once per product.
fn each_product(
    n: usize,
    s: &Sweep,
    filters: usize,
    groups: usize,
    mut visit: impl FnMut([usize; 4], [usize; 4], [usize; 4]),
) {
    let per_group = s.channels / groups;
    for image in 0..n {
        for f in 0..filters {
            for oy in 0..s.out_height {
                for ox in 0..s.out_width {
                    for c in 0..per_group {
                        for ky in 0..s.kernel.h {
                            for kx in 0..s.kernel.w {
                                let Some((y, x)) = s.cell(oy, ox, ky, kx) else { continue };
                                let channel = f / (filters / groups) * per_group + c;
                                visit([image, channel, y, x], [f, c, ky, kx], [image, f, oy, ox]);
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Visits each window of each map in the order of the outputs: `visit(index of the map's first cell, the window's cells in
/// the map, the number of its cells inside the padded map)`.
fn each_window(n: usize, s: &Sweep, mut visit: impl FnMut(usize, &[usize], usize)) {
    for map in 0..n * s.channels {
        for oy in 0..s.out_height {
            for ox in 0..s.out_width {
                let (mut cells, mut padded) = (Vec::new(), 0);
                for ky in 0..s.kernel.h {
                    for kx in 0..s.kernel.w {
                        if let Some((y, x)) = s.cell(oy, ox, ky, kx) {
                            cells.push(y * s.width + x);
                        }
                        let (y, x) = (oy * s.stride.h + ky, ox * s.stride.w + kx);
                        padded +=
                            usize::from(y < s.height + 2 * s.padding.h && x < s.width + 2 * s.padding.w);
                    }
                }
                visit(map * s.height * s.width, &cells, padded);
            }
        }
    }
}

fn to_f32<'a>(values: impl Iterator<Item = &'a f64>) -> Vec<f32> {
    values.map(|&v| v as f32).collect()
}

#[test]
fn convolution_agrees_with_seven_loops() {
    for (n, input, settings) in convolutions() {
        let what = format!("{n} × {input}, {settings:?}");
        let layer = LayerSpec::from(settings).build(input).unwrap();
        let parameters: Vec<Tensor> = layer
            .parameters()
            .iter()
            .map(|p| Tensor::new(&p.shape, &spread(p.shape.iter().product(), 5)).unwrap())
            .collect();
        let x = batch(n, input, 1);
        let dy = batch(n, layer.output(), 2);
        let weight = parameters[0].view();
        let sweep = Sweep::new(
            input,
            layer.output(),
            settings.kernel_size,
            settings.stride,
            settings.window().padding,
            settings.dilation,
        );

        let zeros = |tensor: &Tensor| ArrayD::<f64>::zeros(tensor.shape());
        let (mut y, mut dx, mut dw) = (zeros(&dy), zeros(&x), zeros(&parameters[0]));
        let mut db = vec![0.0; settings.out_channels];
        each_product(n, &sweep, settings.out_channels, settings.groups, |i, w, o| {
            let [x, weight, dy] = [x.view()[i], weight[w], dy.view()[o]].map(f64::from);
            y[o] += x * weight;
            dx[i] += weight * dy;
            dw[w] += x * dy;
        });
        for (filter, db) in db.iter_mut().enumerate() {
            let bias = parameters.get(1).map_or(0.0, |bias| f64::from(bias.values()[filter]));
            y.index_axis_mut(Axis(1), filter).mapv_inplace(|y| y + bias);
            *db = dy.view().index_axis(Axis(1), filter).iter().map(|&dy| f64::from(dy)).sum();
        }

        let run = run(layer.as_ref(), &parameters, x.values(), Some(dy.values()), 0.0);
        assert_close(&format!("y of {what}"), &run.y, &to_f32(y.iter()));
        assert_close(&format!("dx of {what}"), &run.dx, &to_f32(dx.iter()));
        assert_close(&format!("weight's gradient of {what}"), run.gradients[0].values(), &to_f32(dw.iter()));
        assert_eq!(run.gradients.len(), 1 + usize::from(settings.bias), "{what}");
        if settings.bias {
            assert_close(
                &format!("bias's gradient of {what}"),
                run.gradients[1].values(),
                &to_f32(db.iter()),
            );
        }
    }
}

#[test]
fn max_pooling_agrees_with_plain_loops() {
    for (n, input, settings) in poolings() {
        let what = format!("{n} × {input}, {settings:?}");
        let layer = LayerSpec::from(settings).build(input).unwrap();
        let x = spread(n * input.len(), 1);
        let dy = spread(n * layer.output().len(), 2);
        let MaxPool2d { kernel_size, stride, padding, dilation, .. } = settings;
        let s = Sweep::new(input, layer.output(), kernel_size, stride, padding, dilation);

        let (mut y, mut winners, mut dx) = (Vec::new(), Vec::new(), vec![0.0; x.len()]);
        each_window(n, &s, |map, cells, _| {
            let mut best = cells[0];
            for &cell in cells {
                if x[map + cell] > x[map + best] {
                    best = cell;
                }
            }
            dx[map + best] += dy[y.len()];
            winners.push(best as u32);
            y.push(x[map + best]);
        });

        let run = run(layer.as_ref(), &[], &x, Some(&dy), 0.0);
        assert_eq!(run.y, y, "{what}");
        assert_eq!(run.indices, winners, "{what}");
        assert_close(&format!("dx of {what}"), &run.dx, &dx);
    }
}

#[test]
fn average_pooling_agrees_with_plain_loops() {
    let undilated = poolings().into_iter().filter(|(_, _, max)| max.dilation == pair(1, 1));
    for ((n, input, max), count_include_pad) in undilated.flat_map(|case| [(case, true), (case, false)]) {
        let MaxPool2d { kernel_size, stride, padding, dilation, ceil_mode } = max;
        let settings =
            AvgPool2d { kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override: None };
        let what = format!("{n} × {input}, {settings:?}");
        let layer = LayerSpec::from(settings).build(input).unwrap();
        let x = spread(n * input.len(), 1);
        let dy = spread(n * layer.output().len(), 2);
        let s = Sweep::new(input, layer.output(), kernel_size, stride, padding, dilation);

        let (mut y, mut dx) = (Vec::new(), vec![0.0; x.len()]);
        each_window(n, &s, |map, cells, padded| {
            let share = 1.0 / if count_include_pad { padded } else { cells.len() } as f64;
            for &cell in cells {
                dx[map + cell] += f64::from(dy[y.len()]) * share;
            }
            y.push(cells.iter().map(|&cell| f64::from(x[map + cell])).sum::<f64>() * share);
        });

        let run = run(layer.as_ref(), &[], &x, Some(&dy), 0.0);
        assert_close(&format!("y of {what}"), &run.y, &to_f32(y.iter()));
        assert_close(&format!("dx of {what}"), &run.dx, &to_f32(dx.iter()));
    }
}
