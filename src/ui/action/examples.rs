//! An example of every action.

use super::{Action, FineTuneAct, Transport};
use crate::{
    data::formats::Choices,
    explain::{
        kernels::FilterOrder,
        what_if::{LayerKernel, LayerMap},
    },
    nn::{
        Shape, SpecEdit,
        filters::FilterId,
        layers::{Conv2d, Dropout},
    },
    text::Language,
    train::{TrainConfig, sweep::ChangeKind},
    ui::{
        model::{
            architecture::{ArchitectureAct, DraftStart},
            compare::{CompareAct, CompareNet, CompareSetup},
            convolution::{
                ConvolutionAct, ConvolutionMode, ConvolutionSource, FamilyChoice, FamilySetup, KernelGrid,
            },
            crop::CropAct,
            data_preview::PreviewAct,
            display::{LossScale, MapBrightness, MapScale, MapValues, Smoothing, ThemeChoice, TrainPart},
            evaluate::{EvaluateAct, EvaluateSet},
            file_kind::FileKind,
            filters::{FiltersAct, PhotoChoice},
            gradcheck::{CheckAct, CheckImages, CheckSetup},
            hidden::HiddenControl,
            learning::LearningAct,
            lesson::{LessonAct, LessonAnswer},
            network::NetworkChoice,
            numbers::{NumbersAct, NumbersFormat},
            pasted::Pasted,
            picture::{PictureAct, PictureSetup},
            pooling::{PoolingMode, PoolingSetup, PoolingSource},
            presenting::PresentAct,
            recording::{Change, PointFor, RecordAct},
            runs::{RunRef, RunsAct},
            saliency::{SaliencyChoice, SaliencyKind},
            selection::{MapId, Selection},
            similar::SimilarAct,
            timeline::{FilmSpeed, TimelineAct},
            view::ViewId,
            worksheet::{WorksheetAct, WorksheetDialog},
        },
        widgets::{Brush, PlaybackAct, draw_canvas::Edit},
    },
    worksheet::{Chosen, Topic as WorksheetTopic},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc};

/// Every action, in an order in which most of them change something. The files that actions name do not exist.
pub fn actions(config: TrainConfig) -> Vec<Action> {
    let mut actions = vec![
        Action::ShowView(ViewId::Draw),
        Action::Filters(FiltersAct::Layer(0)),
        Action::Filters(FiltersAct::Select(1, 0)),
        Action::Filters(FiltersAct::Order(FilterOrder::Similarity)),
        Action::Filters(FiltersAct::Paint {
            id: FilterId { layer: 0, filter: 1 },
            values: vec![0.5; 26],
            goes_on: false,
        }),
        Action::Filters(FiltersAct::Freeze(vec![FilterId { layer: 0, filter: 2 }], true)),
        Action::Filters(FiltersAct::Undo),
        Action::Filters(FiltersAct::Redo),
        Action::Filters(FiltersAct::Learned(vec![FilterId { layer: 0, filter: 1 }])),
        Action::Filters(FiltersAct::Branch),
        Action::Filters(FiltersAct::Stay),
        Action::Filters(FiltersAct::ShowPhoto(true)),
        Action::Filters(FiltersAct::Photo(PhotoChoice::BuiltIn(1))),
        Action::Filters(FiltersAct::TrainFrozen),
        Action::ShowView(ViewId::Draw),
        Action::SetTheme(ThemeChoice::Light),
        Action::SetLanguage(Language::ENGLISH),
        Action::ShowInspector(true),
        Action::SetZoom(1.2),
        Action::ShowKeys(true),
        Action::ShowKeys(false),
        Action::SetBrush(Brush { radius: 0.05, eraser: false }),
        Action::ClearDrawing,
        Action::Draw(Edit::Begin { point: [0.5, 0.2], radius: 0.05, is_eraser: false }),
        Action::Draw(Edit::Extend([0.5, 0.8])),
        Action::Draw(Edit::End),
        Action::Undo,
        Action::Redo,
        Action::SetNormalise(false),
        Action::NextSample,
        Action::ShowSample(3),
        Action::Paste(Pasted::new(Arc::new(egui::ColorImage::filled([3, 2], egui::Color32::WHITE)))),
        Action::PasteText("not a path".into()),
        Action::ShowView(ViewId::Network),
        Action::SetMapScale(MapScale::Fixed),
        Action::SetMapLimit(2.5),
        Action::SetMapBrightness(MapBrightness::Linear),
        Action::ScrollNetwork(1.5),
        Action::SetMapValues(MapValues::Gradients),
        Action::SetLossClass(Some(4)),
        Action::Select(Selection::of(MapId { column: 1, map: 2 })),
        Action::ShowBreakdown(true),
        Action::PlayBreakdown(PlaybackAct::Seek(40)),
        Action::SwitchMap(LayerMap { layer: 0, map: 1 }, false),
        Action::SwitchKernel(LayerKernel { layer: 3, output: 2, input: 0 }, false),
        Action::SwitchAllOn,
        Action::SetSaliency(SaliencyChoice { kind: SaliencyKind::Gradient, ..SaliencyChoice::default() }),
        Action::SetPatchImages(500),
        Action::GradientCheck(CheckAct::Open(true)),
        Action::GradientCheck(CheckAct::Edit(CheckSetup {
            images: CheckImages::Batch,
            samples: 5,
            ..CheckSetup::default()
        })),
        Action::GradientCheck(CheckAct::Run),
        Action::GradientCheck(CheckAct::Cancel),
        Action::GradientCheck(CheckAct::Open(false)),
        Action::FindPatches(0),
        Action::StopPatches,
        Action::OpenConvolution { layer: 0, at: 17 },
        Action::OpenPooling { layer: 2, map: 1, at: 30 },
        Action::EditPooling(PoolingSetup { source: PoolingSource::Numbers, ..PoolingSetup::default() }),
        Action::PlayPooling(PlaybackAct::Seek(3)),
        Action::EditPooling(PoolingSetup { show: PoolingMode::Loss, ..PoolingSetup::default() }),
        Action::AskForFile(FileKind::Picture),
        Action::Browse(FileKind::Model),
        Action::AnswerFile("no such file.png".into()),
        Action::CancelFile,
        Action::AskForFile(FileKind::SaveModel),
        Action::Overwrite(false),
        Action::CancelFile,
        Action::UseFile(FileKind::Picture, "no such file.png".into()),
        Action::OpenFile("no such file".into()),
        Action::SetLossScale(LossScale::Linear),
        Action::EditSetup(TrainConfig { lr: config.lr / 2.0, ..config }),
        Action::FineTune(FineTuneAct::Keep(3)),
        Action::FineTune(FineTuneAct::Learn),
        Action::FineTune(FineTuneAct::Cancel),
        Action::FineTune(FineTuneAct::Undo),
        Action::FineTune(FineTuneAct::Forget),
        Action::ChooseNetwork(NetworkChoice::Preset("mlp-5".into())),
        Action::ChooseNetwork(NetworkChoice::Opened),
        Action::ChooseNetwork(NetworkChoice::LastRun),
        Action::OpenRun(1),
        Action::DeleteRun(99),
        Action::ChooseNetwork(NetworkChoice::Shipped),
        Action::Train(Transport::Pause),
        Action::Train(Transport::Run),
        Action::Train(Transport::OneBatch),
        Action::Train(Transport::OneEpoch),
        Action::SetSmoothing(Smoothing::Fifty),
        Action::ShowTrainPart(TrainPart::Runs),
        Action::Runs(RunsAct::Name(RunRef::Current, "wide".into())),
        Action::Runs(RunsAct::Show(RunRef::Kept(1), false)),
        Action::Runs(RunsAct::SaveCurves(RunRef::Current)),
        Action::Runs(RunsAct::SaveModel(RunRef::Kept(1))),
        Action::Runs(RunsAct::Report(RunRef::Current)),
        Action::Runs(RunsAct::Undelete),
        Action::Learning(LearningAct::Pin),
        Action::Learning(LearningAct::Show(Some(1))),
        Action::Learning(LearningAct::Unpin(1)),
        Action::Timeline(TimelineAct::Show(1)),
        Action::Timeline(TimelineAct::Flag(Some("edges".into()))),
        Action::Timeline(TimelineAct::Film(true)),
        Action::Timeline(TimelineAct::Speed(FilmSpeed::Eight)),
        Action::Timeline(TimelineAct::Step(1)),
        Action::Timeline(TimelineAct::Live),
        Action::Timeline(TimelineAct::Show(0)),
        Action::Timeline(TimelineAct::Branch),
        Action::Train(Transport::Rewind),
        Action::Train(Transport::RewindSlower),
        Action::Train(Transport::Reset),
        Action::UseEmbeddedData,
        Action::StartOver,
        Action::UndoStartOver,
    ];
    actions.extend(evaluate().into_iter().map(Action::Evaluate));
    let similar = [SimilarAct::Seek(true), SimilarAct::Euclidean(true), SimilarAct::Show(5)];
    actions.extend(similar.map(Action::Similar));
    let at = actions.iter().position(|action| matches!(action, Action::OpenPooling { .. })).unwrap();
    actions.splice(at..at, compare().into_iter().map(Action::Compare));
    actions.extend(presenting().into_iter().map(Action::Present));
    actions.extend(record().into_iter().map(Action::Record));
    actions.extend(lesson().into_iter().map(Action::Lesson));
    actions.extend(worksheets());
    actions.extend(previews());
    actions.extend(pictures());
    actions.extend([Action::Welcome(true), Action::Welcome(false), Action::Lesson(LessonAct::Leave)]);
    actions.splice(at..at, architecture().into_iter().map(Action::Architecture));
    actions.splice(at..at, convolution().into_iter().map(Action::Convolution));
    actions
}

fn evaluate() -> Vec<EvaluateAct> {
    vec![
        EvaluateAct::UseSet(EvaluateSet::Training),
        EvaluateAct::Follow(false),
        EvaluateAct::Measure,
        EvaluateAct::ShowCell(Some((3, 5))),
        EvaluateAct::ShowChanges(ChangeKind::Noise),
        EvaluateAct::ShowImage(7),
        EvaluateAct::Cancel,
    ]
}

fn convolution() -> Vec<ConvolutionAct> {
    vec![
        ConvolutionAct::SetMode(ConvolutionMode::Sum),
        ConvolutionAct::UseSource(ConvolutionSource::Numbers),
        ConvolutionAct::UseExample(1),
        ConvolutionAct::SetNumber(0, 2.0),
        ConvolutionAct::SetWeight(0, -1.0),
        ConvolutionAct::SetBias(0, 0.5),
        ConvolutionAct::UseKernel(0, 2),
        ConvolutionAct::RandomKernels,
        ConvolutionAct::UsePhoto(1),
        ConvolutionAct::UseSource(ConvolutionSource::Numbers),
        ConvolutionAct::Undo,
        ConvolutionAct::Redo,
        ConvolutionAct::Play(PlaybackAct::Step(1)),
        ConvolutionAct::LookAt(Some(0)),
        ConvolutionAct::ShowWhole(true),
        ConvolutionAct::ShowGrid(KernelGrid::Products),
        ConvolutionAct::ShowResult(1),
        ConvolutionAct::SetMode(ConvolutionMode::Predict),
        ConvolutionAct::Guess(1.5),
        ConvolutionAct::NextGuess,
        ConvolutionAct::NewRound,
        ConvolutionAct::Set(Box::default()),
        ConvolutionAct::UseLearned(0),
        ConvolutionAct::SetMode(ConvolutionMode::Family),
        ConvolutionAct::UseFamily(FamilyChoice::OneDimension),
        ConvolutionAct::SetFamily(Box::new(FamilySetup::new(FamilyChoice::ThreeDimensions))),
        ConvolutionAct::SetFamilyNumber(1, 3.0),
        ConvolutionAct::SetFamilyWeight(0, 1, -2.0),
        ConvolutionAct::ShowFamilyGrid(None),
        ConvolutionAct::ShowKernels(2),
        ConvolutionAct::ResetFamily,
    ]
}

fn architecture() -> Vec<ArchitectureAct> {
    vec![
        ArchitectureAct::Begin(DraftStart::Preset("cnn-5".into())),
        ArchitectureAct::Edit(vec![SpecEdit::Insert(1, Dropout { p: 0.25 }.into())]),
        ArchitectureAct::Adjust(SpecEdit::Set(0, Conv2d::new(8, 3).into())),
        ArchitectureAct::Settle,
        ArchitectureAct::Repair(vec![SpecEdit::Remove(2), SpecEdit::Move(0, 1)]),
        ArchitectureAct::Edit(vec![SpecEdit::Input(Shape::maps(3, 32, 32)), SpecEdit::Pad(2)]),
        ArchitectureAct::Select(Some(3)),
        ArchitectureAct::Switch(3, false),
        ArchitectureAct::SetClasses(26),
        ArchitectureAct::Rename("mine".into()),
        ArchitectureAct::Undo,
        ArchitectureAct::Redo,
        ArchitectureAct::Begin(DraftStart::Current),
        ArchitectureAct::Train,
    ]
}

fn compare() -> Vec<CompareAct> {
    let nets = [CompareNet::Current, CompareNet::Preset("mlp-5".into())];
    let setup = CompareSetup { nets, train_images: Some(64), ..CompareSetup::default() };
    vec![CompareAct::Edit(setup), CompareAct::MoveTo([-1, 2]), CompareAct::Train, CompareAct::Stop]
}

fn presenting() -> Vec<PresentAct> {
    let control = |name: &str| HiddenControl { role: "Button".into(), name: name.into(), number: 0 };
    vec![
        PresentAct::Fill(true),
        PresentAct::Pen(true),
        PresentAct::Touch([0.5, 0.5]),
        PresentAct::Move([0.6, 0.5]),
        PresentAct::Wipe,
        PresentAct::Dark(true),
        PresentAct::Step(1),
        PresentAct::Hiding(true),
        PresentAct::Hide(control("Reset")),
        PresentAct::Hide(control("1 epoch")),
        PresentAct::Show(control("Reset")),
        PresentAct::ShowAll,
    ]
}

fn previews() -> Vec<Action> {
    let choices = Choices { side: Some(28), ..Choices::default() };
    let acts = [PreviewAct::Choose(choices), PreviewAct::Open, PreviewAct::OpenFitted, PreviewAct::Cancel];
    let crops = [CropAct::Choose([0, 0, 20, 20]), CropAct::Take, CropAct::Whole, CropAct::Cancel];
    acts.map(Action::Preview).into_iter().chain(crops.map(Action::Crop)).collect()
}

fn worksheets() -> Vec<Action> {
    let form = WorksheetDialog::new(WorksheetTopic::Pooling, Chosen::default()).form;
    let acts = [
        WorksheetAct::Open(WorksheetTopic::Pooling),
        WorksheetAct::Set(form),
        WorksheetAct::Write,
        WorksheetAct::Stop,
        WorksheetAct::Close,
    ];
    let mut acts = acts.map(Action::Worksheet).to_vec();
    acts.insert(3, Action::CancelFile);
    acts
}

fn pictures() -> Vec<Action> {
    let acts = [
        PictureAct::Open,
        PictureAct::Set(PictureSetup { scale: 4, ..PictureSetup::new(3) }),
        PictureAct::Copy,
        PictureAct::Save,
        PictureAct::Stop,
        PictureAct::Close,
    ];
    let mut acts = acts.map(Action::Picture).to_vec();
    acts.insert(4, Action::CancelFile);
    let numbers =
        [NumbersAct::Open, NumbersAct::Choose(1), NumbersAct::Set(NumbersFormat::Npy), NumbersAct::Save];
    acts.extend(numbers.map(Action::Numbers));
    acts.extend([Action::CancelFile, Action::Numbers(NumbersAct::Close)]);
    acts
}

fn lesson() -> Vec<LessonAct> {
    vec![
        LessonAct::Open("sliding-window".into()),
        LessonAct::Spotlight(false),
        LessonAct::Answer(LessonAnswer::NoNumber("many".into())),
        LessonAct::Answer(LessonAnswer::Number(12.0)),
        LessonAct::Next,
        LessonAct::Answer(LessonAnswer::Choice(0)),
        LessonAct::Answer(LessonAnswer::Click("output 0, 0".into())),
        LessonAct::Answer(LessonAnswer::Order(vec![1, 0])),
        LessonAct::Hint,
        LessonAct::Solve,
        LessonAct::Back,
        LessonAct::GoTo(1),
        LessonAct::Restore,
        LessonAct::Leave,
        LessonAct::Keep,
        LessonAct::StartOver("sliding-window".into()),
        LessonAct::Sign("Ada".into()),
        LessonAct::HandIn("sliding-window".into()),
    ]
}

fn record() -> Vec<RecordAct> {
    let change = |change| RecordAct::Change(Box::new(change));
    vec![
        RecordAct::New,
        RecordAct::TakeNew,
        RecordAct::Take,
        change(Change::Duplicate),
        change(Change::Move(false)),
        RecordAct::GoTo(1),
        RecordAct::ShowStep,
        RecordAct::TakeSolution,
        RecordAct::Point(Some(PointFor::Also)),
        RecordAct::Pointed("kernel".into()),
        RecordAct::Written,
        change(Change::Remove),
        RecordAct::Undo,
        RecordAct::Redo,
        RecordAct::Preview,
        RecordAct::Save,
        RecordAct::Close(false),
        RecordAct::Edit("nowhere/lesson.md".into()),
        RecordAct::Forget("nowhere/lesson.md".into()),
    ]
}

fn playback() -> Vec<PlaybackAct> {
    use PlaybackAct::{Begin, End, Loop, Row, Seek, Speed, Step, Toggle};
    vec![Toggle, Step(-1), Row(2), Seek(7), Begin, End, Speed(4.0), Loop(true)]
}

/// The names of all variants, as serde knows them.
fn variants<T: DeserializeOwned>() -> BTreeSet<String> {
    let error = serde_json::from_str::<T>(r#""no variant""#).err().unwrap().to_string();
    let (_, names) = error.split_once("expected").unwrap();
    names.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The names of the variants of `examples`; each example has to come back from JSON as it was.
fn stored<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(examples: &[T]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for example in examples {
        let json = serde_json::to_string(example).unwrap();
        assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *example);
        names.insert(match serde_json::from_str(&json).unwrap() {
            Value::String(name) => name,
            Value::Object(fields) => fields.keys().next().unwrap().clone(),
            other => panic!("{other}"),
        });
    }
    names
}

#[test]
fn every_action_has_an_example_that_can_be_stored() {
    let config = TrainConfig::from_recipe(&crate::nn::presets::lenet5_relu().recipe, 1);
    assert_eq!(stored(&actions(config)), variants::<Action>());
    assert_eq!(stored(&architecture()), variants::<ArchitectureAct>());
    assert_eq!(stored(&convolution()), variants::<ConvolutionAct>());
    assert_eq!(stored(&compare()), variants::<CompareAct>());
    assert_eq!(stored(&presenting()), variants::<PresentAct>());
    assert_eq!(stored(&playback()), variants::<PlaybackAct>());
    assert_eq!(stored(&lesson()), variants::<LessonAct>());
    assert_eq!(stored(&record()), variants::<RecordAct>());
}
