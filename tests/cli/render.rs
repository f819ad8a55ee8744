//! `convlens render`: pictures without a display.

use crate::support::Bench;
use image::RgbaImage;

fn picture(bench: &Bench, name: &str) -> RgbaImage {
    image::load_from_memory(&bench.read(name)).unwrap().to_rgba8()
}

#[test]
fn a_view_is_a_picture_and_the_same_options_give_the_same_bytes() {
    let bench = Bench::new();
    let line = "render --view convolution --set kernel=3 --set stride=2 --set padding=1 --set position=5 --size 1000x700 --out";
    let said = bench.run(&format!("{line} @a.png")).ok();
    assert!(said.contains("a.png: ") && said.contains("bytes"), "{said}");
    bench.run(&format!("{line} @b.png")).ok();
    assert_eq!(bench.read("a.png"), bench.read("b.png"));
    let one = picture(&bench, "a.png");
    assert_eq!((one.width(), one.height()), (1000, 700));
    let colours = |picture: &RgbaImage| picture.pixels().collect::<std::collections::HashSet<_>>().len();
    assert!(colours(&one) > 50, "{}", colours(&one));
    bench.run(&format!("{line} @c.png --theme dark --scale 2 --lang zh")).ok();
    let dark = picture(&bench, "c.png");
    assert_eq!((dark.width(), dark.height()), (2000, 1400));
    let light = |picture: &RgbaImage| {
        picture.pixels().map(|p| u64::from(p[1])).sum::<u64>() / u64::from(picture.width() * picture.height())
    };
    assert!(light(&dark) < 80 && light(&one) > 180, "{} {}", light(&dark), light(&one));
    // Another position is another picture.
    bench.run(&format!("{} @d.png", line.replace("position=5", "position=6"))).ok();
    assert_ne!(bench.read("a.png"), bench.read("d.png"));
}

#[test]
fn the_content_alone_is_on_white_or_on_nothing() {
    let bench = Bench::new();
    let line = "render --view pooling --set source=numbers --size 1000x700 --content --out";
    bench.run(&format!("{line} @white.png")).ok();
    bench.run(&format!("{line} @nothing.png --ground transparent")).ok();
    bench.run(&format!("{line} @words.png --caption Pooling")).ok();
    let [white, nothing, words] = ["white.png", "nothing.png", "words.png"].map(|name| picture(&bench, name));
    assert_eq!(white.dimensions(), nothing.dimensions());
    assert!(white.pixels().all(|pixel| pixel[3] == 255));
    assert_eq!(white.get_pixel(0, 0).0, [255; 4]);
    assert_eq!(nothing.get_pixel(0, 0)[3], 0);
    assert!(words.height() > white.height());
}

#[test]
fn a_step_of_a_lesson_is_shown() {
    let bench = Bench::new();
    bench.run("render --lesson 2 --step 2 --size 1200x800 --out @step.png").ok();
    assert_eq!(picture(&bench, "step.png").dimensions(), (1200, 800));
    let said = bench.run("render --lesson sliding-window --step 99 --out @step.png").fails(2);
    assert!(said.contains("sliding-window has") && said.contains("not 99"), "{said}");
}

#[test]
fn what_cannot_be_shown_is_one_line_and_nothing_is_written() {
    let bench = Bench::new();
    for (line, words) in [
        ("--view convolution --set kernel=3", "--out"),
        ("--view moon --out @x.png", "Convolution"),
        ("--view convolution --out @x.bmp", ".png"),
        ("--view convolution --set kernel=99 --out @x.png", "99"),
        ("--view convolution --set kernal=3 --out @x.png", "kernel_size"),
        ("--view convolution --set kernel=Blurred --out @x.png", "Sharpen"),
        ("--set kernel=3 --out @x.png", "convolution.stride"),
        ("--view draw --size 20x20 --out @x.png", "--size"),
        ("--view draw --size 8000x8000 --scale 4 --out @x.png", "--scale"),
        ("--view draw --scale 0 --out @x.png", "--scale"),
        ("--view draw --caption Words --out @x.png", "--content"),
    ] {
        let said = bench.run(&format!("render {line}")).fails(2);
        assert!(said.contains(words), "{line}: {said}");
        assert!(!said.trim_end().contains('\n'), "{line}: {said}");
    }
    bench.run("render --state @none.convlens --out @x.png").fails(1);
    bench.run("render --view draw --out @no/folder/x.png").fails(1);
    assert!(!bench.path("x.png").exists());
}
