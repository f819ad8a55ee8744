//! Renders what egui draws to an image in memory: no window, no graphics adapter, the same pixels on every machine.
//!
//! The result follows egui's OpenGL backend without dithering: triangles cover the pixels whose centres they contain,
//! colours are multiplied and blended in gamma space with premultiplied alpha. Differences: mipmaps and paint callbacks are
//! not supported, and neither is used by this crate.

mod span;
mod texture;
mod triangle;

use self::{
    span::Target,
    texture::{Rgba, Texture},
    triangle::fill,
};
use egui::{
    ClippedPrimitive, ColorImage, Rect, TextureId, TexturesDelta,
    epaint::{Mesh, Primitive},
};
use std::collections::HashMap;

/// The textures of one [`egui::Context`], and the painting with them.
#[derive(Default)]
pub struct Renderer {
    textures: HashMap<TextureId, Texture>,
    /// Textures that the last frame may still use.
    freed: Vec<TextureId>,
}

impl Renderer {
    /// Takes over a frame's changes of textures. Every frame's changes are needed, in order.
    pub fn update_textures(&mut self, delta: &mut TexturesDelta) {
        for id in self.freed.drain(..) {
            self.textures.remove(&id);
        }
        for (id, changes) in delta.set.drain() {
            for change in changes {
                match self.textures.get_mut(&id) {
                    Some(texture) => texture.update(&change),
                    None => {
                        self.textures.insert(id, Texture::new(&change));
                    }
                }
            }
        }
        self.freed.extend(delta.free.drain());
    }

    /// The texels of a part of a texture, and whether they blend when they are enlarged; `None` if its edges are not edges of
    /// texels.
    pub fn texels(&self, id: TextureId, uv: Rect) -> Option<(ColorImage, bool)> {
        self.textures.get(&id)?.part(uv)
    }

    /// Paints what [`egui::Context::tessellate`] returned on a transparent ground.
    ///
    /// `size` is (width, height) in pixels. Meshes whose texture is unknown are left out.
    pub fn paint(
        &self,
        size: [usize; 2],
        pixels_per_point: f32,
        primitives: &[ClippedPrimitive],
    ) -> ColorImage {
        let [width, height] = size;
        let mut pixels: Vec<Rgba> = vec![[0; 4]; width * height];
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            let Primitive::Mesh(mesh) = primitive else { continue };
            let Some(texture) = self.textures.get(&mesh.texture_id) else { continue };
            let clip = pixels_of(*clip_rect, pixels_per_point, size);
            paint_mesh(&mut Target::new(&mut pixels, width, clip), mesh, texture, pixels_per_point);
        }
        ColorImage::from_rgba_premultiplied(size, pixels.as_flattened())
    }
}

fn paint_mesh(target: &mut Target<'_>, mesh: &Mesh, texture: &Texture, pixels_per_point: f32) {
    let vertex = |index: u32| mesh.vertices.get(index as usize);
    for corners in mesh.indices.chunks_exact(3) {
        if let (Some(a), Some(b), Some(c)) = (vertex(corners[0]), vertex(corners[1]), vertex(corners[2])) {
            fill(target, [*a, *b, *c], texture, pixels_per_point);
        }
    }
}

/// The pixels inside a clip rectangle: (left, top, right, bottom), the latter two exclusive.
fn pixels_of(rect: Rect, pixels_per_point: f32, [width, height]: [usize; 2]) -> [usize; 4] {
    // The conversion from float turns negative numbers into 0.
    let pixel = |points: f32, most: usize| ((points * pixels_per_point).round() as usize).min(most);
    let [left, top] = [pixel(rect.min.x, width), pixel(rect.min.y, height)];
    [left, top, pixel(rect.max.x, width).max(left), pixel(rect.max.y, height).max(top)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{
        Color32, Pos2, TextureFilter, TextureOptions, TextureWrapMode,
        epaint::{ImageDelta, Vertex},
        pos2, vec2,
    };

    const SIZE: [usize; 2] = [8, 6];
    const ID: TextureId = TextureId::Managed(0);
    const WHOLE: Rect = Rect::EVERYTHING;
    const HALF: Color32 = Color32::from_rgba_premultiplied(100, 0, 0, 128);

    fn renderer(image: ColorImage, options: TextureOptions) -> Renderer {
        let mut renderer = Renderer::default();
        update(&mut renderer, ImageDelta::full(image, options));
        renderer
    }

    fn update(renderer: &mut Renderer, change: ImageDelta) {
        let mut delta = TexturesDelta::default();
        delta.push(ID, change);
        renderer.update_textures(&mut delta);
    }

    fn white() -> Renderer {
        renderer(ColorImage::filled([1, 1], Color32::WHITE), TextureOptions::LINEAR)
    }

    /// A grey image of `width` columns.
    fn greys(width: usize, values: &[u8]) -> ColorImage {
        ColorImage::from_gray([width, values.len() / width], values)
    }

    fn paint(renderer: &Renderer, clip: Rect, pixels_per_point: f32, mesh: Mesh) -> ColorImage {
        let primitive = ClippedPrimitive { clip_rect: clip, primitive: Primitive::Mesh(mesh) };
        renderer.paint(SIZE, pixels_per_point, &[primitive])
    }

    /// A mesh of one rectangle with the whole texture on it.
    fn rectangle(min: Pos2, max: Pos2, colour: Color32) -> Mesh {
        let mut mesh = Mesh::with_texture(ID);
        let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
        mesh.add_rect_with_uv(Rect::from_min_max(min, max), whole, colour);
        mesh
    }

    fn triangle(corners: [(Pos2, Color32); 3]) -> Mesh {
        let mut mesh = Mesh::with_texture(ID);
        mesh.vertices = corners.map(|(pos, color)| Vertex { pos, uv: Pos2::ZERO, color }).to_vec();
        mesh.indices = vec![0, 1, 2];
        mesh
    }

    /// The pixels that are not transparent.
    fn painted(image: &ColorImage) -> Vec<(usize, usize)> {
        let is_painted = |&(x, y): &(usize, usize)| image[(x, y)] != Color32::TRANSPARENT;
        (0..SIZE[1]).flat_map(|y| (0..SIZE[0]).map(move |x| (x, y))).filter(is_painted).collect()
    }

    #[test]
    fn a_rectangle_covers_the_pixels_whose_centres_it_contains() {
        // From exactly a centre, which is inside, to exactly a centre, which is not.
        let image = paint(&white(), WHOLE, 1.0, rectangle(pos2(1.5, 1.0), pos2(4.5, 2.6), Color32::RED));
        assert_eq!(painted(&image), [(1, 1), (2, 1), (3, 1), (1, 2), (2, 2), (3, 2)]);
        assert_eq!(image[(2, 1)], Color32::RED);
        let doubled = paint(&white(), WHOLE, 2.0, rectangle(pos2(1.0, 1.0), pos2(2.0, 1.5), Color32::RED));
        assert_eq!(painted(&doubled), [(2, 2), (3, 2)]);
    }

    #[test]
    fn triangles_with_common_edges_cover_each_pixel_once() {
        // A fan around a centre of a pixel: its edges go through centres in every direction.
        let middle = pos2(4.5, 2.5);
        let rim = [
            (0.0, -3.0),
            (3.0, -3.0),
            (3.0, 0.0),
            (3.0, 3.0),
            (0.0, 3.0),
            (-3.0, 3.0),
            (-3.0, 0.0),
            (-3.0, -3.0),
        ];
        for is_reversed in [false, true] {
            let mut mesh = Mesh::with_texture(ID);
            for i in 0..rim.len() {
                let [a, b] = [rim[i], rim[(i + 1) % rim.len()]].map(|(x, y)| middle + vec2(x, y));
                let corners = if is_reversed { [middle, b, a] } else { [middle, a, b] };
                mesh.append(triangle(corners.map(|corner| (corner, HALF))));
            }
            let image = paint(&white(), WHOLE, 1.0, mesh);
            let expected: Vec<_> = (0..5).flat_map(|y| (1..7).map(move |x| (x, y))).collect();
            // The rim ends at the centres of row 5 and column 7, which are outside.
            assert_eq!(painted(&image), expected);
            assert!(expected.iter().all(|&place| image[place] == HALF), "{image:?}");
        }
    }

    #[test]
    fn colours_change_evenly_between_corners() {
        let [black, white_corner] = [Color32::BLACK, Color32::WHITE];
        let left_to_right =
            [(pos2(0.0, 0.0), black), (pos2(8.0, 0.0), white_corner), (pos2(0.0, 12.0), black)];
        let image = paint(&white(), WHOLE, 1.0, triangle(left_to_right));
        let row: Vec<u8> = (0..7).map(|x| image[(x, 0)].r()).collect();
        let expected: Vec<u8> = (0..7).map(|x| ((x as f32 + 0.5) / 8.0 * 255.0).round() as u8).collect();
        assert_eq!(row, expected);
        assert!((0..7).all(|x| image[(x, 0)].a() == 255));
    }

    #[test]
    fn alpha_is_premultiplied_and_blended_in_gamma_space() {
        let mut mesh = rectangle(pos2(0.0, 0.0), pos2(8.0, 6.0), Color32::from_rgb(0, 200, 40));
        mesh.append(rectangle(pos2(0.0, 0.0), pos2(2.0, 2.0), HALF));
        // A colour without alpha adds light.
        mesh.append(rectangle(
            pos2(4.0, 0.0),
            pos2(6.0, 2.0),
            Color32::from_rgba_premultiplied(9, 100, 0, 0),
        ));
        let image = paint(&white(), WHOLE, 1.0, mesh);
        assert_eq!(image[(1, 1)].to_array(), [100, 100, 20, 255]);
        assert_eq!(image[(5, 1)].to_array(), [9, 255, 40, 255]);
        assert_eq!(image[(7, 5)].to_array(), [0, 200, 40, 255]);
        let alone = paint(&white(), WHOLE, 1.0, rectangle(pos2(0.0, 0.0), pos2(1.0, 1.0), HALF));
        assert_eq!(alone[(0, 0)], HALF);
    }

    #[test]
    fn nothing_is_painted_outside_the_clip_rectangle() {
        let clip = Rect::from_min_max(pos2(1.4, 2.0), pos2(3.6, 3.4));
        let image = paint(&white(), clip, 1.0, rectangle(pos2(-50.0, -50.0), pos2(50.0, 50.0), HALF));
        assert_eq!(painted(&image), [(1, 2), (2, 2), (3, 2)]);
        for clip in [Rect::NOTHING, Rect::from_min_max(pos2(9.0, 7.0), pos2(20.0, 20.0))] {
            let image = paint(&white(), clip, 1.0, rectangle(pos2(0.0, 0.0), pos2(9.0, 9.0), HALF));
            assert_eq!(painted(&image), []);
        }
    }

    #[test]
    fn textures_are_scaled_by_their_filters() {
        let mesh = || rectangle(pos2(0.0, 0.0), pos2(8.0, 1.0), Color32::WHITE);
        let row = |options| {
            let image = paint(&renderer(greys(2, &[0, 200]), options), WHOLE, 1.0, mesh());
            (0..8).map(|x| image[(x, 0)].r()).collect::<Vec<_>>()
        };
        assert_eq!(row(TextureOptions::NEAREST), [0, 0, 0, 0, 200, 200, 200, 200]);
        assert_eq!(row(TextureOptions::LINEAR), [0, 0, 25, 75, 125, 175, 200, 200]);
        // Four texels a pixel: the minification filter decides.
        let options = TextureOptions { minification: TextureFilter::Linear, ..TextureOptions::NEAREST };
        let values: Vec<u8> = (0..32).map(|i| i * 4).collect();
        let small = paint(&renderer(greys(32, &values), options), WHOLE, 1.0, mesh());
        assert_eq!(small[(0, 0)].r(), 6);
        let nearest = paint(&renderer(greys(32, &values), TextureOptions::NEAREST), WHOLE, 1.0, mesh());
        assert_eq!(nearest[(0, 0)].r(), 8);
    }

    #[test]
    fn textures_are_tinted_and_continued_by_their_wrap_mode() {
        let mut mesh = Mesh::with_texture(ID);
        let uv = Rect::from_min_max(pos2(-1.0, 0.0), pos2(3.0, 1.0));
        mesh.add_rect_with_uv(
            Rect::from_min_max(Pos2::ZERO, pos2(8.0, 1.0)),
            uv,
            Color32::from_rgb(255, 0, 51),
        );
        let row = |wrap_mode| {
            let options = TextureOptions { wrap_mode, ..TextureOptions::NEAREST };
            let image = paint(&renderer(greys(2, &[10, 200]), options), WHOLE, 1.0, mesh.clone());
            assert_eq!(image[(5, 0)].g(), 0);
            assert_eq!(image[(5, 0)].b(), image[(5, 0)].r() / 5);
            (0..8).map(|x| image[(x, 0)].r()).collect::<Vec<_>>()
        };
        assert_eq!(row(TextureWrapMode::ClampToEdge), [10, 10, 10, 200, 200, 200, 200, 200]);
        assert_eq!(row(TextureWrapMode::Repeat), [10, 200, 10, 200, 10, 200, 10, 200]);
        assert_eq!(row(TextureWrapMode::MirroredRepeat), [200, 10, 10, 200, 200, 10, 10, 200]);
    }

    #[test]
    fn texels_are_read_between_their_edges() {
        let renderer = renderer(greys(4, &[0, 10, 20, 30, 40, 50, 60, 70]), TextureOptions::NEAREST);
        let part = |min, max| renderer.texels(ID, Rect::from_min_max(min, max));
        let (image, is_smooth) = part(pos2(0.25, 0.5), pos2(0.75, 1.0)).unwrap();
        assert_eq!((image.size, image[(0, 0)].r(), image[(1, 0)].r(), is_smooth), ([2, 1], 50, 60, false));
        assert!(part(pos2(0.3, 0.5), pos2(0.75, 1.0)).is_none(), "not at an edge");
        assert!(part(pos2(0.5, 0.5), pos2(1.5, 1.0)).is_none(), "not inside");
        assert!(part(pos2(0.5, 0.5), pos2(0.5, 1.0)).is_none(), "empty");
    }

    #[test]
    fn a_part_of_a_texture_is_replaced() {
        let mut renderer = renderer(greys(3, &[10; 9]), TextureOptions::NEAREST);
        let change = |pos, image| ImageDelta::partial(pos, image, TextureOptions::NEAREST);
        update(&mut renderer, change([1, 1], greys(2, &[20, 30, 40, 50])));
        // What does not fit is left out.
        update(&mut renderer, change([2, 2], greys(2, &[60, 70, 80, 90])));
        update(&mut renderer, change([7, 7], greys(1, &[99])));
        let image = paint(&renderer, WHOLE, 1.0, rectangle(pos2(0.0, 0.0), pos2(3.0, 3.0), Color32::WHITE));
        let values: Vec<u8> = (0..9).map(|i| image[(i % 3, i / 3)].r()).collect();
        assert_eq!(values, [10, 10, 10, 10, 20, 30, 10, 40, 60]);
    }

    #[test]
    fn a_freed_texture_lasts_for_the_frame_that_frees_it() {
        let mut renderer = white();
        let mesh = || rectangle(pos2(0.0, 0.0), pos2(1.0, 1.0), Color32::RED);
        let mut delta = TexturesDelta::default();
        delta.free(ID);
        renderer.update_textures(&mut delta);
        assert_eq!(painted(&paint(&renderer, WHOLE, 1.0, mesh())), [(0, 0)]);
        renderer.update_textures(&mut TexturesDelta::default());
        assert_eq!(painted(&paint(&renderer, WHOLE, 1.0, mesh())), []);
    }

    #[test]
    fn extreme_corners_are_painted_or_left_out() {
        let at = |x: f32, y: f32| (pos2(x, y), Color32::RED);
        let image = paint(&white(), WHOLE, 1.0, triangle([at(-1e30, -1e30), at(1e30, -1e30), at(0.0, 1e30)]));
        assert_eq!(painted(&image).len(), SIZE[0] * SIZE[1]);
        for corners in [
            [at(f32::NAN, 0.0), at(8.0, 0.0), at(0.0, 8.0)],
            [at(f32::INFINITY, 0.0), at(8.0, 0.0), at(0.0, 8.0)],
            [at(1.0, 1.0), at(3.0, 3.0), at(5.0, 5.0)],
        ] {
            assert_eq!(painted(&paint(&white(), WHOLE, 1.0, triangle(corners))), []);
        }
        let mut broken = triangle([at(0.0, 0.0), at(8.0, 0.0), at(0.0, 8.0)]);
        broken.indices = vec![0, 1, 7, 0];
        assert_eq!(painted(&paint(&white(), WHOLE, 1.0, broken)), []);
    }
}
