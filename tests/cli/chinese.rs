//! The command line in Chinese.

use crate::support::{Bench, write_png};
use std::fs;

/// A dark stroke on white paper, and a blank sheet.
fn pictures(bench: &Bench) {
    write_png(&bench.path("one.png"), 60, 80, |x, y| {
        u8::from(!(x.abs_diff(30) < 4 && y > 10 && y < 70)) * 255
    });
    write_png(&bench.path("blank.png"), 50, 50, |_, _| 255);
}

/// Whether a text has a Chinese character and none of these words.
#[track_caller]
fn is_chinese(text: &str, english: &[&str]) {
    assert!(text.chars().any(|c| ('\u{4e00}'..'\u{a000}').contains(&c)), "{text}");
    for word in english {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

#[test]
fn the_help_is_in_chinese() {
    let bench = Bench::new();
    let clap =
        ["Usage", "Options", "Commands", "Arguments", "Print", "[default", "[possible", "Possible values"];
    let help = bench.run("--help --lang zh").ok();
    is_chinese(&help, &clap);
    for text in ["用法: convlens", "命令:", "窗口:", "选项:", "从头训练一个网络并保存", "显示版本"]
    {
        assert!(help.contains(text), "{text}: {help}");
    }
    let help = bench.run("train --help --lang zh").ok();
    is_chinese(&help, &clap);
    for text in ["用法: convlens train", "日志是CSV文件", "学习率怎样变化", "[默认：1]", "--lang <LANGUAGE>"]
    {
        assert!(help.contains(text), "{text}: {help}");
    }
    let help = bench.run("worksheet --lang zh --help").ok();
    is_chinese(&help, &clap);
    assert!(help.contains("- convolution：让卷积核在数字上滑动"), "{help}");
    for command in ["predict -h", "similar -h", "lesson check --help", "help train", "lesson --help"] {
        is_chinese(&bench.run(&format!("{command} --lang zh")).ok(), &clap);
    }
    assert!(bench.run("--version --lang zh").ok().starts_with("convlens "));
}

#[test]
fn wrong_usage_is_told_in_chinese() {
    let bench = Bench::new();
    let said = bench.run("train --nett x --lang zh").fails(2);
    assert_eq!(said, "convlens: 没有“--nett”这个参数；提示：有一个相近的参数：'--net'（见--help）");
    let said = bench.run("train --net @small.json --epochs 0 --lang zh").fails(2);
    assert!(said.contains("“--epochs <N>”的值“0”无效：必须是1到"), "{said}");
    for (line, text) in [
        ("trian", "有几个相近的命令：'trace', 'train'"),
        ("train", "缺少必需的参数：--net <NAME|SPEC.json>"),
        ("train --net", "“--net <NAME|SPEC.json>”需要一个值"),
        ("train --net a --net b", "只能用一次"),
        ("--present nets", "命令“nets”不能和“--present”一起用"),
        ("--view moon", "[可用的值：Draw"),
        ("train --net resnet", "--net resnet：既不是预设"),
        ("bench --seconds -1 --net mlp-5", "--seconds -1：必须是不小于0的数"),
        ("eval --shift 1 --model a", "必须是两个整数"),
    ] {
        let said = bench.run(&format!("{line} --lang zh")).fails(2);
        assert!(said.contains(text), "{line}: {said}");
    }
}

#[test]
fn failures_are_told_in_chinese() {
    let bench = Bench::new();
    pictures(&bench);
    assert!(bench.run("predict none.png --lang zh").fails(1).starts_with("convlens: none.png：无法读取："));
    let ran = bench.run("predict none.png blank.png --lang zh");
    assert_eq!((ran.code, ran.stdout.as_str()), (1, "blank.png：没有墨迹：图片是空白的\n"));
    assert!(ran.stderr.ends_with("convlens: 2张图片中有1张无法读取\n"), "{}", ran.stderr);
    assert!(
        bench.run("train --net none.json --lang zh").fails(1).starts_with("convlens: none.json：无法读取：")
    );
    fs::write(bench.path("bad.md"), "+++\n+++\n").unwrap();
    let ran = bench.run("lesson check bad.md --lang zh");
    assert_eq!((ran.code, ran.stderr.as_str()), (1, "convlens: 有一个课程不能使用\n"));
    is_chinese(&ran.stdout, &["line "]);
    let said = bench.run("--state none.convlens --lang zh").fails(1);
    is_chinese(&said, &[]);
}

#[test]
fn results_are_told_in_chinese() {
    let bench = Bench::new();
    pictures(&bench);
    let nets = bench.run("nets --lang zh").ok();
    is_chinese(&nets, &["trained", "parameters", "total", "layer "]);
    assert!(nets.contains("  层 ") && nets.contains("感受野") && nets.contains("61 706"), "{nets}");
    assert!(bench.run("predict one.png --lang zh").ok().starts_with("one.png：1（"));
    let said = bench
        .run("train --net @small.json --data @data --epochs 2 --batch 8 --save @small.safetensors --lang zh");
    let said = said.ok();
    is_chinese(&said, &["epoch", "accuracy", "loss", "test", "saved", "images"]);
    assert!(said.contains("第2/2轮：训练损失") && said.contains("（2轮，用时"), "{said}");
    let options = "--data @data --lang zh";
    let model = "--model @small.safetensors";
    for line in [
        format!("eval {model} {options} --rotate 5 --confusion"),
        format!("gradcheck --net @small.json {options}"),
        format!("compare @small.json @small.json {options}"),
        format!("calibrate {model} {options} --validation 0.2 --save @c.safetensors"),
        format!("trace {model} --input one.png --out @t.safetensors --lang zh"),
        format!("demo --net @small.json {options} --out @pictures"),
        "similar one.png --pixels --lang zh".to_owned(),
        "worksheet --out @sheets --lang zh".to_owned(),
        "bench --net lenet5 --seconds 0 --lang zh".to_owned(),
    ] {
        let english = ["image", "accuracy", "loss", "label", "epoch", " of ", " and ", "values", "correct"];
        let said = bench.run(&line).ok().replace(bench.path("").to_str().unwrap(), "");
        is_chinese(&said, &english);
    }
}

#[test]
fn columns_are_aligned_in_chinese() {
    use unicode_width::UnicodeWidthStr;
    let bench = Bench::new();
    bench.train_small();
    for lang in ["en", "zh"] {
        let nets = bench.run(&format!("nets --lang {lang}")).ok();
        let table: Vec<&str> = nets.lines().skip(2).take_while(|line| !line.is_empty()).collect();
        // The cells of the last column, but for rows without one, end at the same column.
        let ends: Vec<usize> = table
            .iter()
            .filter(|line| line.contains('×') || line.contains("field") || line.contains("感受野"))
            .map(|line| line.width())
            .filter(|width| *width > 90)
            .collect();
        assert!(ends.len() > 5 && ends.iter().all(|end| *end == ends[0]), "{nets}");
        let matrix = bench
            .run(&format!("eval --model @small.safetensors --data @data --confusion --lang {lang}"))
            .ok();
        let lines: Vec<&str> = matrix.lines().skip(2).collect();
        assert!(lines[..5].iter().all(|line| line.width() == lines[0].width()), "{matrix}");
    }
}

#[test]
fn json_is_the_same_in_every_language() {
    let bench = Bench::new();
    pictures(&bench);
    bench.train_small();
    fs::write(bench.path("bad.md"), "+++\nid = 3\n+++\n").unwrap();
    fs::create_dir(bench.path("hand-ins")).unwrap();
    fs::write(bench.path("hand-ins/a.handin"), "nothing").unwrap();
    for line in [
        "nets",
        "predict one.png blank.png",
        "similar one.png --pixels",
        "lesson list",
        "lesson check bad.md",
        "eval --model @small.safetensors --data @data --confusion",
        "gradcheck --net @small.json --data @data",
        "mark hand-ins",
    ] {
        let [english, chinese] = ["en", "zh"].map(|lang| bench.run(&format!("{line} --json --lang {lang}")));
        assert_eq!((english.code, &english.stdout), (chinese.code, &chinese.stdout), "{line}");
        assert!(english.stdout.starts_with('{'), "{line}: {} {}", english.stdout, english.stderr);
    }
}
