//! A small data set, a small network, and the real program.

use convlens::data::idx::{Images, write_images, write_labels};
use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

/// The side of the small set's images.
pub const SIDE: usize = 8;

/// A network for them.
pub const SPEC: &str = r#"{"name": "small", "input": [1,8,8], "preprocess": {"mean": 0.5, "std": 0.5}, "layers": [
    {"type": "conv2d", "out_channels": 3, "kernel_size": 3}, {"type": "relu"},
    {"type": "max_pool2d", "kernel_size": 2}, {"type": "flatten"}, {"type": "linear", "out_features": 4}]}"#;

/// A folder with the small set in `data`, its spec in `small.json`, and room for what a test writes.
pub struct Bench {
    folder: TempDir,
}

/// What a run of the program left.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Bench {
    pub fn new() -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(bench.path("data")).unwrap();
        bench.write_set("train", 96);
        bench.write_set("t10k", 40);
        fs::write(bench.path("small.json"), SPEC).unwrap();
        bench
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Images of four classes: a bright bar in one of four places, on a ground that differs from image to image.
    fn write_set(&self, prefix: &str, count: usize) {
        let pixel = |i: usize| {
            let (image, y, x) = (i / (SIDE * SIDE), i / SIDE % SIDE, i % SIDE);
            let ground = (image * 31 + x * 7 + y * 13) % 40;
            (if y / 2 == image % 4 && x > 0 { 215 } else { 0 } + ground) as u8
        };
        let pixels = (0..count * SIDE * SIDE).map(pixel).collect();
        let images = Images { pixels, height: SIDE, width: SIDE };
        let labels: Vec<u8> = (0..count).map(|i| (i % 4) as u8).collect();
        let file = |kind: &str| File::create(self.path(&format!("data/{prefix}-{kind}-ubyte"))).unwrap();
        write_images(&mut file("images-idx3"), &images).unwrap();
        write_labels(&mut file("labels-idx1"), &labels).unwrap();
    }

    /// Runs `convlens` with the words of `line`; those that begin with `@` are names in the folder.
    pub fn run(&self, line: &str) -> Ran {
        self.command(line).output().unwrap().into()
    }

    fn command(&self, line: &str) -> Command {
        let arguments = line.split_whitespace().map(|word| match word.strip_prefix('@') {
            Some(name) => self.path(name).into_os_string(),
            None => word.into(),
        });
        let mut command = Command::new(env!("CARGO_BIN_EXE_convlens"));
        command.current_dir(self.folder.path()).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        command.env_remove("WAYLAND_SOCKET").args(arguments);
        command
    }

    /// The same, with a standard output that nobody reads.
    pub fn run_unread(&self, line: &str) -> Ran {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        self.command(line)
            .stdout(writer)
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap()
            .into()
    }

    /// Runs `convlens` and sends it a signal when its first epoch is over.
    #[cfg(unix)]
    pub fn run_until_signal(&self, line: &str, signal: &str) -> Ran {
        let piped = std::process::Stdio::piped;
        let mut child = self.command(line).stdout(piped()).stderr(piped()).spawn().unwrap();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        let mut stdout = String::new();
        while !stdout.contains("epoch 1/") && reader.read_line(&mut stdout).unwrap() > 0 {}
        let kill = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        reader.read_to_string(&mut stdout).unwrap();
        Ran { stdout, ..child.wait_with_output().unwrap().into() }
    }

    /// Runs `convlens` with a terminal as its standard error, and returns what it shows there.
    #[cfg(target_os = "linux")]
    pub fn run_in_terminal(&self, line: &str) -> String {
        use rustix::pty;
        let terminal = pty::openpt(pty::OpenptFlags::RDWR | pty::OpenptFlags::NOCTTY).unwrap();
        pty::grantpt(&terminal).unwrap();
        pty::unlockpt(&terminal).unwrap();
        let name = pty::ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap();
        let stderr = File::options().read(true).write(true).open(name).unwrap();
        let mut command = self.command(line);
        command.env("TERM", "xterm").stdout(std::process::Stdio::null()).stderr(stderr);
        let mut child = command.spawn().unwrap();
        // Its side of the terminal closes with the program; then reading fails.
        drop(command);
        let (mut shown, mut part) = (Vec::new(), [0; 1024]);
        let mut terminal = File::from(terminal);
        while let Ok(count @ 1..) = terminal.read(&mut part) {
            shown.extend_from_slice(&part[..count]);
        }
        assert!(child.wait().unwrap().success());
        String::from_utf8_lossy(&shown).into_owned()
    }

    /// Trains the small network for one epoch into `small.safetensors`.
    pub fn train_small(&self) {
        self.run("train --net @small.json --data @data --epochs 1 --batch 8 --save @small.safetensors").ok();
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// Its standard output, of a run that went well in silence.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "{}", self.stdout);
        self.stdout
    }

    /// Its one line on standard error, of a run that failed with `code`.
    #[track_caller]
    pub fn fails(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        let line = self.stderr.strip_suffix('\n').unwrap();
        assert!(line.starts_with("convlens: ") && !line.contains('\n'), "{}", self.stderr);
        line.to_owned()
    }
}

/// Writes an 8-bit grey PNG.
pub fn write_png(path: &Path, width: u32, height: u32, pixel: impl Fn(u32, u32) -> u8) {
    image::GrayImage::from_fn(width, height, |x, y| image::Luma([pixel(x, y)])).save(path).unwrap();
}
